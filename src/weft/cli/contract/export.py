"""`weft contract export`: a contract in another format."""

import base64
import sys
from pathlib import Path

import click

from weft.cli.options import format_option
from weft.cli.session import Session


@click.command("export")
@click.argument("contract")
@click.option("--to", "target", metavar="FORMAT", required=True, help="The format to write.")
@click.option("--table", metavar="NAME", help="Only this table of the contract.")
@click.option("--dialect", metavar="NAME", help="Dialect of SQL; default: duckdb.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; default: print it."
)
@click.option("--strict", is_flag=True, help="Fail where something cannot be carried over.")
@format_option
@click.pass_obj
def command(
    session: Session,
    contract: str,
    target: str,
    table: str | None,
    dialect: str | None,
    output: Path | None,
    strict: bool,
) -> None:
    """Write a contract as DDL, JSON Schema, Avro, Protobuf, dbt, Parquet, Iceberg or a page.

    CONTRACT is a file, an address, REVISION:path or a port. Whatever the format cannot carry is told, each kind
    with its first place; `--format json` has all places. A file that is there is written over. Formats: sql,
    jsonschema, avro, protobuf, dbt, parquet, iceberg, html, odcs.

    \b
    Examples:
      weft contract export contracts/orders.yaml --to sql --dialect postgres
      weft contract export sales/orders --to html --output orders.html
      weft contract export contracts/orders.yaml --to avro --table orders
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.base.problem import Problem
    from weft.cli.notes_together import told_together
    from weft.spec.formats.export_contract import export_contract
    from weft.spec.formats.notes import raise_if_strict
    from weft.spec.formats.sql_dialects import checked_dialect
    from weft.workspace.given_contract import given_document

    given = given_document(contract, root=Path.cwd(), open_mesh=session.open)
    exported = export_contract(given.file, target, table=table, dialect=checked_dialect(dialect))
    raise_if_strict(exported.notes, strict)
    is_binary = exported.format.is_binary
    if output is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(exported.content)
        session.output.progress(f"{output} written.")
    if session.output.format == "json":
        content = base64.b64encode(exported.content).decode() if is_binary else exported.content.decode()
        shown = {
            "to": exported.format.name,
            "encoding": "base64" if is_binary else "text",
            "content": None if output else content,
            "output": str(output) if output else None,
            "notes": [note.as_json() for note in exported.notes],
        }
        session.output.show(shown, str)
        return
    session.output.problems(told_together(exported.notes))
    if output is None:
        if is_binary and sys.stdout.isatty():
            fix = f"--output {Path(contract).stem}{exported.format.endings[0]}, or a pipe"
            raise Problem("FORMAT010", "The format is no text, and a terminal shows only texts.", fix=fix)
        sys.stdout.flush()
        sys.stdout.buffer.write(exported.content)
        sys.stdout.buffer.flush()
