"""`weft contract test`: any contract on any data, in no mesh."""

from pathlib import Path

import click

from weft.cli.exit_codes import ExitCode
from weft.cli.session import Session


@click.command("test")
@click.argument("contract")
@click.argument("data", nargs=-1)
@click.option("--server", metavar="NAME", help="Server of the contract whose data is checked, where no DATA is given.")
@click.option("--table", "tables", multiple=True, metavar="NAME", help="Table of a database; default: all of them.")
@click.option("--schema", metavar="NAME", help="Schema of these tables.")
@click.option("--bad-rows", type=click.Path(file_okay=False, path_type=Path), help="Folder for rows that break a rule.")
@click.option("--strict", is_flag=True, help="What was not computed counts as broken.")
@click.option("--all", "every_rule", is_flag=True, help="Print the rules that passed, too.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "junit"]), default="text", show_default=True,
    help="Text for people, JSON, or JUnit XML for a build server.",
)  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context,
    contract: str,
    data: tuple[str, ...],
    server: str | None,
    tables: tuple[str, ...],
    schema: str | None,
    bad_rows: Path | None,
    strict: bool,
    every_rule: bool,
    form: str,
) -> None:
    """Check any contract on any data, in no mesh.

    CONTRACT is a file, an address, REVISION:path or a port; of any version of ODCS, or of the Data Contract
    Specification. DATA is what `weft contract infer` takes; `table=DATA` says whose data it is. Without DATA, the
    data is where the contract's `servers` say. The rules are those of a build, and a rule that could not be computed
    is never called kept. Ends with exit code 11 where a rule of severity error is broken.

    \b
    Examples:
      weft contract test orders.yaml orders.csv
      weft contract test shop.yaml orders=new/orders.csv customers=new/customers.parquet
      weft contract test https://example.org/orders.odcs.yaml s3://lake/orders/*.parquet
      weft contract test orders.yaml --server production --bad-rows broken/
      weft contract test orders.yaml orders.csv --format junit > report.xml
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.base.clock import SystemClock
    from weft.cli.contract_test_report import junit, report_text
    from weft.engine.duckdb_engine import DuckDBEngine
    from weft.workspace.contract_servers import data_of_servers
    from weft.workspace.contract_test import contract_test
    from weft.workspace.given_contract import given_contract
    from weft.workspace.given_data import given_data

    session = ctx.find_object(Session)
    assert session is not None
    output = session.output
    output.format = "json" if form == "json" else "text"
    root = Path.cwd()
    given = given_contract(contract, root=root, open_mesh=session.open)
    for problem in given.warnings:
        output.progress(output.painted(problem))
    if data:
        found_data = given_data(data, tables=tables, schema=schema, root=root, open_mesh=session.open)
    else:
        found_data = data_of_servers(given.contract, given.folder, server)
    found = contract_test(
        given.contract,
        found_data,
        root=root,
        now=SystemClock().now(),
        new_engine=DuckDBEngine,
        bad_rows=bad_rows,
        progress=output.detail,
    )

    def text() -> str:
        return (
            junit(found, strict=strict) if form == "junit" else report_text(found, every_rule=every_rule, strict=strict)
        )

    output.show(found.as_json(), text)
    if not found.is_kept(strict=strict):
        ctx.exit(ExitCode.CHECK_FAILED)
