"""`weft backup verify`: read every byte back."""

import click

from weft.base.counted import counted
from weft.cli.exit_codes import ExitCode
from weft.cli.options import format_option
from weft.cli.session import Session


@click.command("verify")
@click.argument("destination", required=False)
@click.argument("backup_id", metavar="[ID]", required=False)
@format_option
@click.pass_obj
def command(session: Session, destination: str | None, backup_id: str | None) -> int:
    """Hold backups against their digests, and their ledgers against the chain.

    Without ID all backups of the place are verified. What is damaged is named with the file that is lost with it; the
    next `weft backup` stores an object again that was removed here and is still whole in the mesh.

    \b
    Examples:
      weft backup verify /mnt/backups/weft
      weft backup verify /mnt/backups/weft 20260131T020000Z-5f1c2a77
      weft backup verify s3://backups/weft --format json
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.cli.backup.figures import size
    from weft.workspace.backup.destination import open_store
    from weft.workspace.backup.verify import verify

    store = open_store(session.open(), destination)
    seen = verify(store, backup_id, session.output.progress)
    data = {
        "place": store.place.url,
        "backups": list(seen.backups),
        "objects": seen.objects,
        "bytes": seen.bytes,
        "problems": [problem.as_json() for problem in seen.problems],
    }
    looked = f"{counted(len(seen.backups), 'backup')}, {counted(seen.objects, 'object')} of {size(seen.bytes)}"
    words = f": {counted(len(seen.problems), 'problem')}" if seen.problems else " as stored"
    session.output.show(data, lambda: f"{looked}{words}")
    if session.output.format == "text":
        session.output.problems(seen.problems)
    return ExitCode.CHECK_FAILED if seen.problems else ExitCode.DONE
