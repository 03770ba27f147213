"""`weft contract import`: a contract from another format."""

import sys
from pathlib import Path

import click

from weft.cli.options import format_option
from weft.cli.session import Session


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--from", "source_format", metavar="FORMAT", help="The format; default: found by content and name.")
@click.option("--dialect", metavar="NAME", help="Dialect of SQL; default: guessed, else duckdb.")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; default: print it."
)
@click.option("--force", is_flag=True, help="Write over the file that is there; its comments stay.")
@click.option("--id", "contract_id", metavar="ID", help="Id of the contract; default: made from its name.")
@click.option(
    "--set-version", "version", metavar="VERSION", help="Version of the contract; default: as read, or 1.0.0."
)
@click.option("--strict", is_flag=True, help="Fail where something cannot be carried over.")
@format_option
@click.pass_obj
def command(
    session: Session,
    source: Path,
    source_format: str | None,
    dialect: str | None,
    output: Path | None,
    force: bool,
    contract_id: str | None,
    version: str | None,
    strict: bool,
) -> None:
    """Make a contract from DDL, JSON Schema, Avro, Protobuf, dbt, Parquet or Iceberg.

    The contract is written in ODCS 3.2. Whatever it could not carry over is told, each kind with its
    first place. Formats: sql,
    jsonschema, avro, protobuf, dbt, parquet, iceberg, odcs (any version), dcs (Data Contract Specification).

    \b
    Examples:
      weft contract import schema.sql --dialect postgres
      weft contract import orders.avsc --output contracts/orders.yaml
      weft contract import target/manifest.json --from dbt --strict
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.cli.notes_together import told_together
    from weft.spec.formats.import_contract import import_contract, named, read_source
    from weft.spec.formats.notes import raise_if_strict
    from weft.spec.formats.sql_dialects import checked_dialect
    from weft.spec.write import write_contract, yaml_text
    from weft.workspace.infer_contract import refuse_to_replace

    read = read_source(Path.cwd() / source, str(source), checked_dialect(dialect))
    imported = named(import_contract(read, source_format), contract_id=contract_id, version=version)
    raise_if_strict(imported.notes, strict)
    if output is not None:
        if not force:
            refuse_to_replace(output)
        write_contract(imported.document, output)
        session.output.progress(f"{output} written.")
    if session.output.format == "json":
        notes = [note.as_json() for note in imported.notes]
        shown = {
            "from": imported.format.name,
            "contract": imported.document,
            "output": str(output) if output else None,
            "notes": notes,
        }
        session.output.show(shown, str)
        return
    session.output.problems(told_together(imported.notes))
    if output is None:
        sys.stdout.write(yaml_text(dict(imported.document)))
