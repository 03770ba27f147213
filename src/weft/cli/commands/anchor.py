"""`weft anchor`: write down where the ledger ends, somewhere else."""

from pathlib import Path

import click

from weft.cli.options import format_option
from weft.cli.session import Session


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@format_option
@click.pass_context
def command(ctx: click.Context, file: Path | None) -> None:
    """Write down where the ledger ends.

    The ledger's facts are chained by hashes, so that the hash of the newest stands for all of them. Kept where the
    ledger's owner cannot write (a commit, a notary, a mail), it shows later that nothing was cut off or written anew:
    weft doctor --against FILE. Without FILE the line is printed; with `anchor:` in weft.yaml each build adds it.

    \b
    Examples:
      weft anchor                             print the line
      weft anchor /mnt/audit/heads.ndjson     add it to a file
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.workspace.anchoring import present_anchor, write_anchor

    session = ctx.find_object(Session)
    assert session is not None
    workspace = session.open()
    anchor = present_anchor(workspace) if file is None else write_anchor(workspace, file)
    if anchor is None:
        session.output.progress("Nothing was recorded yet; the first build does.")
        return
    line = anchor.as_line()
    said = line if file is None else f"{file}: head {anchor.position} {anchor.hash[:12]} added."
    session.output.show(anchor.as_json(), lambda: said)
