"""`weft quarantine expire`: remove rows that have been held back for too long."""

from typing import TYPE_CHECKING

import click

from weft.base.counted import counted
from weft.base.problem import Problem
from weft.cli.options import format_option
from weft.cli.quarantine_port import named_port
from weft.cli.session import Session

if TYPE_CHECKING:
    from weft.build.quarantine.expire import Expiry


@click.command("expire")
@click.argument("port", required=False)
@click.option("--older-than", metavar="AGE", help="90d, 12h, 8w.  [default: quarantine_retention of the environment]")
@click.option("--dry-run", is_flag=True, help="Say what would go; remove nothing.")
@click.option("--wait", type=click.FloatRange(min=0), default=0.0, metavar="SECONDS", help="Wait for a running build.")
@format_option
@click.pass_obj
def command(session: Session, port: str | None, older_than: str | None, dry_run: bool, wait: float) -> None:
    """Remove rows that have been held back for too long, and keep proof of it.

    A batch goes as a whole, counted from the build that held its rows back. The ledger keeps which files went with
    the digest of each, how many rows they had, which rules these broke, who removed them and when.

    \b
    Examples:
      weft quarantine expire --dry-run
      weft quarantine expire --older-than 90d
      weft quarantine expire sales/orders --older-than 12h --format json
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.base.age import duration_of
    from weft.build.lock import build_lock
    from weft.build.quarantine.expire import COMMAND, expire
    from weft.workspace.building import build_context

    workspace = session.open()
    age = older_than or workspace.environment.quarantine_retention
    if age is None:
        raise Problem(
            "QUARANTINE015",
            "Nobody says how long rows are held back.",
            workspace.mesh.place,
            fix="Give --older-than 90d, or add `quarantine_retention: 90d` to the environment.",
        )
    kept = duration_of(age, None if older_than else workspace.mesh.place)
    name = None if port is None else named_port(workspace, port)
    now = workspace.clock.now()
    with build_lock(workspace.storage, command=COMMAND, actor=workspace.actor, now=now, wait_seconds=wait):
        run_id, found = expire(build_context(workspace), name, kept, dry_run=dry_run)
    result = {
        "run": run_id if found and not dry_run else None,
        "dry_run": dry_run,
        "expired": [one.as_json() for one in found],
    }
    session.output.show(result, lambda: _expired(found, age, dry_run))


def _expired(found: "list[Expiry]", age: str, dry_run: bool) -> str:
    if not found:
        return f"Nothing has been held back for {age}."
    verb = "would go" if dry_run else "removed"
    lines = [
        f"{one.batch.port}: batch {one.batch.batch} of {one.batch.held_at:%Y-%m-%d %H:%M:%S} UTC, "
        f"{counted(one.batch.rows, 'row')}, {counted(len(one.sha256_by_file), 'file')} {verb}"
        for one in found
    ]
    if not dry_run:
        lines.append(f"The proof: weft quarantine proof {found[0].batch.batch}")
    return "\n".join(lines)
