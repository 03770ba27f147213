"""`weft backup list`: what there is to restore."""

from typing import TYPE_CHECKING

import click

from weft.cli.exit_codes import ExitCode
from weft.cli.options import format_option
from weft.cli.session import Session

if TYPE_CHECKING:
    from rich.table import Table

    from weft.workspace.backup.manifest import Manifest


@click.command("list")
@click.argument("destination", required=False)
@format_option
@click.pass_obj
def command(session: Session, destination: str | None) -> int:
    """List the backups of a place.

    \b
    Examples:
      weft backup list /mnt/backups/weft
      weft backup list --format json
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.cli.backup.figures import backup_as_json
    from weft.workspace.backup.destination import open_store

    store = open_store(session.open(), destination)
    found, problems = store.manifests()
    data = {
        "place": store.place.url,
        "backups": [backup_as_json(one) for one in found[::-1]],
        "problems": [problem.as_json() for problem in problems],
    }
    session.output.show(data, lambda: _table(found[::-1]) if found else f"There is no backup in {store.place.url}.")
    if session.output.format == "text":
        session.output.problems(problems)
    return ExitCode.CHECK_FAILED if problems else ExitCode.DONE


def _table(found: "list[Manifest]") -> "Table":
    from rich.table import Table

    from weft.cli.backup.figures import size

    table = Table("backup", "state of", "ports", "rows", "facts", "files", "size", "new", box=None, pad_edge=False)
    for column in table.columns[2:]:
        column.justify = "right"
    for one in found:
        table.add_row(
            one.id,
            f"{one.at:%Y-%m-%d %H:%M:%S} UTC",
            f"{len(one.ports):,}",
            f"{one.rows:,}",
            f"{one.facts:,}",
            f"{one.file_count:,}",
            size(one.file_bytes),
            size(one.new_bytes),
        )
    return table
