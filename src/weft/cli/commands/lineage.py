"""`weft lineage`: where a column comes from and where it goes."""

import click

from weft.cli.session import Session


@click.command()
@click.argument("reference", metavar="REF")
@click.option("--up", "direction", flag_value="up", help="Where it comes from (the default).")
@click.option("--down", "direction", flag_value="down", help="Where it goes.")
@click.option("--both", "direction", flag_value="both", help="Both.")
@click.option("--depth", type=click.IntRange(min=1), metavar="N", help="Only so many tables away.")
@click.option("--direct", is_flag=True, help="Only where values come from; leave out filters, joins and groups.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "mermaid", "dot"]),
    default="text",
    show_default=True,
    help="A tree, JSON, a Mermaid flowchart, or Graphviz.",
)
@click.pass_obj
def command(
    session: Session, reference: str, direction: str | None, depth: int | None, direct: bool, form: str
) -> None:
    """Show where a column comes from and where it goes.

    REF is a column of a port (sales/orders.total, sales/orders/items.price) or, without a column, a whole port or
    product. Sources and models on the way are named with their kind: source:sales/orders/till.amount.

    Behind each column stands in which way it is used: as it is (identity), computed (transformation, aggregation),
    or only deciding (conditional, window, join, filter, group_by, sort). "Its rows" stands for which rows a table
    has. Where lineage is declared or only tables are known, the line says so.

    \b
    Examples:
      weft lineage planning/visits.fees_total
      weft lineage source:billing/fees/fee_lines.amount --down
      weft lineage planning/visits --both --format mermaid
      weft lineage planning/visits.quay --direct --format dot | dot -Tsvg > quay.svg
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.graph.trace import Direction
    from weft.workspace.lineage import trace_reference

    session.output.format = "json" if form == "json" else "text"
    found = trace_reference(session.open(), reference, Direction(direction or "up"), depth, direct)

    def text() -> str:
        if form == "mermaid":
            from weft.graph.render_mermaid import render_mermaid

            return render_mermaid(found)
        if form == "dot":
            from weft.graph.render_dot import render_dot

            return render_dot(found)
        from weft.graph.render_text import render_text

        return render_text(found)

    session.output.show(found.as_json(), text)
