"""`weft query`: ask published ports a question."""

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from weft.base.counted import counted
from weft.base.problem import Problem
from weft.cli.options import format_option
from weft.cli.session import Session

if TYPE_CHECKING:
    from rich.console import RenderableType

    from weft.query.answer import Answer


@click.command()
@click.argument("sql", required=False)
@click.option(
    "-f", "--file", "sql_file", type=click.File("r"), help="Read the query from a file; - for standard input."
)
@click.option("--as", "actor", metavar="ACTOR", help="Who asks.  [default: WEFT_ACTOR, then your user name]")
@click.option("--purpose", metavar="USECASE", help="What for; kept with the record of the read.")
@click.option("--as-of", metavar="WHEN", help="An instant (2026-01-31, 2026-01-31T12:00Z) or a snapshot's id.")
@click.option("--limit", type=click.IntRange(min=0), help="Rows at most.  [default: 1000 on a terminal, else all]")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write .parquet, .csv or .arrow instead."
)
@format_option
@click.pass_obj
def command(
    session: Session,
    sql: str | None,
    sql_file: TextIO | None,
    actor: str | None,
    purpose: str | None,
    as_of: str | None,
    limit: int | None,
    output: Path | None,
) -> None:
    """Ask published ports a question in SQL.

    A port is written domain.product, domain.product.port or "domain/product". What comes back was
    published, kept its contract, and is recorded as read.

    \b
    Examples:
      weft query "SELECT * FROM billing.invoices LIMIT 5"
      weft query --purpose monthly-report "SELECT sum(amount) FROM billing.invoices"
      weft query --as-of 2026-01-31 "SELECT count(*) FROM billing.invoices"
      weft query --output invoices.parquet "SELECT * FROM billing.invoices"
      echo "SELECT 1" | weft query -f -
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.query.gateway import Gateway, Question, ask

    text = sql if sql is not None else sql_file.read() if sql_file is not None else None
    if text is None or not text.strip():
        raise click.UsageError('Give a query: weft query "SELECT ..." or weft query -f FILE')
    on_terminal = output is None and session.output.format == "text" and sys.stdout.isatty()
    workspace = session.open()
    answer = ask(
        Gateway(workspace.mesh, workspace.lake, workspace.ledger, workspace.new_engine, workspace.clock),
        Question(
            sql=text,
            actor=actor or workspace.actor,
            purpose=purpose,
            as_of=None if as_of is None else _instant_or_snapshot(as_of),
            limit=1000 if limit is None and on_terminal else limit,
        ),
    )
    if output is not None:
        _write(answer, output)
        session.output.progress(f"{answer.table.num_rows} rows written to {output}")
        return
    session.output.show(answer.as_json(), lambda: _table(answer))
    if session.output.format == "text":
        session.output.progress(_footer(answer))


def _instant_or_snapshot(text: str) -> datetime | int:
    if text.isdigit() and len(text) > 8:
        return int(text)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Problem(
            "USAGE001",
            "--as-of is neither an instant nor the id of a snapshot.",
            expected="2026-01-31, 2026-01-31T12:00, 2026-01-31T12:00+01:00 or a snapshot's id",
        ) from None
    if len(text) == 10:  # a day means all of it
        day = date.fromisoformat(text)
        instant = datetime(day.year, day.month, day.day, 23, 59, 59, 999999)  # noqa: DTZ001 - the zone is set below
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _table(answer: "Answer") -> "RenderableType":
    from rich import box
    from rich.table import Table

    numeric = {name for name, kind in zip(answer.columns, answer.table.schema.types, strict=True) if _is_number(kind)}
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in answer.columns:
        table.add_column(name, justify="right" if name in numeric else "left", overflow="fold")
    for row in answer.rows():
        table.add_row(*("" if value is None else str(value) for value in row))
    return table


def _is_number(kind: object) -> bool:
    return str(kind).startswith(("int", "uint", "float", "double", "decimal", "halffloat"))


def _footer(answer: "Answer") -> str:
    rows = answer.table.num_rows
    count = f"first {rows} rows, more exist (--limit)" if answer.is_cut else counted(rows, "row")
    reads = ", ".join(f"{read.port} of {read.committed_at:%Y-%m-%d %H:%M:%S} UTC" for read in answer.snapshots)
    return f"{count}; from {reads or 'no port'}; {'; '.join(answer.applied)}"


def _write(answer: "Answer", path: Path) -> None:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(answer.table, path)
    elif path.suffix == ".csv":
        pyarrow.csv.write_csv(answer.table, path)
    elif path.suffix in (".arrow", ".feather"):
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, answer.table.schema) as writer:
            writer.write_table(answer.table)
    else:
        raise Problem(
            "USAGE002",
            "The ending of the output file is not one that weft writes.",
            found=path.suffix or "none",
            expected=".parquet, .csv or .arrow",
        )
