"""`weft keys rotate`."""

import click

from weft.base.counted import counted
from weft.cli.options import format_option
from weft.cli.session import Session


@click.command()
@click.option("--rewrite", is_flag=True, help="Write published and raw files anew under a new data key.")
@click.option("--wait", type=float, default=0.0, metavar="SECONDS", help="Wait for a build that runs.")
@format_option
@click.pass_context
def command(ctx: click.Context, rewrite: bool, wait: float) -> None:
    """Bring everything under the newest version of the master key.

    Every data key is wrapped under the newest version, which is quick and touches no data file: the former version is
    not needed any more. With --rewrite the newest snapshot of each port, raw files and rejects are written anew where
    they are in clear or under a former data key; do this once after encryption was switched on.

    \b
    Examples:
      weft keys rotate              after a version was added to the key file
      weft keys rotate --rewrite    after encryption was switched on, or a data key may be known
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.workspace.rotate_keys import rotate_keys

    session = ctx.find_object(Session)
    assert session is not None
    done = rotate_keys(session.open(), rewrite=rewrite, wait_seconds=wait, say=session.output.detail)
    said = f"{counted(done.keys_rewrapped, 'data key')} wrapped under version {done.version}"
    if rewrite:
        said += f", {counted(done.files_rewritten, 'file')} rewritten"
    left = f"\n{counted(done.files_in_clear, 'file')} still in clear: weft keys status" if done.files_in_clear else ""
    session.output.show(done.as_json(), lambda: f"{said}.{left}")
