"""`weft contract infer`: a first draft of a contract from data."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from weft.cli.options import format_option
from weft.cli.session import Session

if TYPE_CHECKING:
    from weft.workspace.infer_contract import InferredContract


@click.command("infer")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--table", "tables", multiple=True, metavar="NAME", help="Table of a database; default: all of them.")
@click.option("--schema", metavar="NAME", help="Schema of these tables.")
@click.option("--id", "contract_id", metavar="ID", help="Of the contract; default: the name of the first table.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; default: print it."
)
@click.option("--force", is_flag=True, help="Replace the file that is there.")
@click.option("--explain", is_flag=True, help="Print every guess, what it rests on and how sure it is.")
@format_option
@click.pass_obj
def command(
    session: Session,
    sources: tuple[str, ...],
    tables: tuple[str, ...],
    schema: str | None,
    contract_id: str | None,
    output: Path | None,
    force: bool,
    explain: bool,
) -> None:
    """Draft a contract from data, each guess with its reason.

    SOURCE is a file (csv, tsv, json, ndjson, parquet, excel), a quoted pattern of files that are one table, a folder
    (a table a file), an https:// or s3:// address, a database, or a published port. `name=SOURCE` names the table.
    Values of columns that seem to hold personal data are never written.

    \b
    Examples:
      weft contract infer orders.csv                                 print it
      weft contract infer data/ --output shop.yaml                   a table a file, and how they hang together
      weft contract infer orders='orders-2026-*.csv' --explain       what rests on what
      weft contract infer postgresql://host/shop --table orders      a table of a database
      weft contract infer planning.visits.by_month                   a published port
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.base.clock import SystemClock
    from weft.engine.duckdb_engine import DuckDBEngine
    from weft.workspace.given_data import given_data
    from weft.workspace.infer_contract import infer_contract, write_inferred

    root = Path.cwd()
    data = given_data(sources, tables=tables, schema=schema, root=root, open_mesh=session.open)
    inferred = infer_contract(
        data,
        contract_id=contract_id or (data[0].name if len(data) == 1 else "inferred"),
        root=root,
        now=SystemClock().now(),
        new_engine=DuckDBEngine,
        written_to=output,
        progress=session.output.detail,
    )
    if output is not None:
        write_inferred(inferred, output, replaces=force)
    for problem in inferred.problems if session.output.format == "text" else ():
        session.output.progress(session.output.painted(problem))
    session.output.show(inferred.as_json(), lambda: _text(inferred, output, explain))


def _text(inferred: "InferredContract", output: Path | None, explain: bool) -> str:
    if explain:
        return explanation(inferred)
    if output is None:
        return inferred.as_yaml()
    tables = ", ".join(f"{table.name} ({table.rows} rows)" for table in inferred.tables)
    written = sum(guess.is_written for _, guess in inferred.guesses)
    return (
        f"{output}: {tables}; {written} guesses, to be read before they are promises (--explain shows their reasons)."
    )


def explanation(inferred: "InferredContract") -> str:
    """A table of guesses: what is promised, the evidence, how sure; `-` marks what is told and not promised."""
    lines = []
    for table in inferred.tables:
        lines += [f"{table.name}: {table.rows} rows"]
        if rejected := inferred.rejected.get(table.name):
            lines += [f"  {rejected} lines could not be read and were not looked at"]
        rows = [
            (
                "" if guess.is_written else "-",
                guess.column or "",
                guess.promise,
                _short(guess.value),
                f"{guess.confidence:.2f}",
                guess.evidence,
            )
            for guess in table.guesses
            if guess.promise != "type"
        ]
        head = ("", "column", "guess", "value", "sure", "evidence")
        widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head) - 1)]
        for row in (head, *rows):
            cells = [cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)]
            lines.append(("  " + "  ".join(cells)).rstrip())
        lines += [f"  note: {note}" for note in table.notes]
        lines.append("")
    lines.append("- is told and not promised.")
    return "\n".join(lines)


def _short(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {bound}" for key, bound in value.items())
    if isinstance(value, list):
        return ", ".join(str(one) for one in value[:4]) + (", ..." if len(value) > 4 else "")
    return "" if value in (True, None) else str(value)
