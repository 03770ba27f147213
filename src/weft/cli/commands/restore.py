"""`weft restore`: bring a backup back."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from weft.base.counted import counted
from weft.base.problem import Problem
from weft.cli.options import format_option
from weft.cli.session import Session

if TYPE_CHECKING:
    from weft.workspace.backup.restore import Restored


@click.command("restore")
@click.argument("source", required=False)
@click.option("--id", "backup_id", metavar="ID", help="The backup, or the beginning of its id.  [default: the newest]")
@click.option("--at", metavar="INSTANT", help="What readers saw at 2026-01-31T12:00, by the backup that can show it.")
@click.option("--force", is_flag=True, help="Move aside what the storage folder holds; it is not removed.")
@click.option("--dry-run", is_flag=True, help="Say what would be restored; change nothing.")
@click.option("--no-rows", is_flag=True, help="Compare files, facts and counts, and do not read the rows again.")
@format_option
@click.pass_obj
def command(
    session: Session,
    source: str | None,
    backup_id: str | None,
    at: str | None,
    force: bool,
    dry_run: bool,
    no_rows: bool,
) -> None:
    """Bring a backup back and compare all of it with what was backed up.

    SOURCE is where `weft backup` stored it; without it, `backup: {to: ...}` of the environment says. The storage folder
    must be where it was and hold nothing; ledger and catalogue may be on other databases than before, which must be
    empty. The restore is put together beside the storage, proven, and then takes its place: it is there whole or not
    at all. With --at every port is rolled back to the snapshot that readers saw at the instant.

    \b
    Examples:
      weft restore /mnt/backups/weft --dry-run                  the newest, and whether there is room for it
      weft restore /mnt/backups/weft
      weft restore s3://backups/weft --id 20260131T020000Z-5f1c2a77 --force
      weft restore /mnt/backups/weft --at 2026-01-31T12:00 --force
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.workspace.backup.destination import open_store
    from weft.workspace.backup.restore import RestoreRequest, restore

    if backup_id is not None and at is not None:
        raise click.UsageError("Give --id or --at, not both.")
    workspace = session.open()
    store = open_store(workspace, source)
    request = RestoreRequest(backup_id, _instant(at), force, dry_run, not no_rows)
    done = restore(workspace, store, request, session.output.progress)
    session.output.show(_as_json(done, dry_run), lambda: _text(done, request.at, dry_run))


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Problem(
            "USAGE001", "--at is no instant.", expected="2026-01-31T12:00 or 2026-01-31T12:00+01:00"
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _as_json(done: "Restored", dry_run: bool) -> dict[str, object]:
    from dataclasses import asdict

    from weft.cli.backup.figures import backup_as_json

    return {
        "dry_run": dry_run,
        "backup": backup_as_json(done.manifest),
        "shows_instant": not done.choice.is_before,
        "compared": asdict(done.comparison) if done.comparison else None,
        "moved_aside": str(done.moved_aside) if done.moved_aside else None,
        "rolled_back": {str(port): snapshot for port, snapshot in sorted(done.choice.snapshots.items())},
        "published_later": [str(port) for port in done.choice.later],
    }


def _text(done: "Restored", at: datetime | None, dry_run: bool) -> str:
    from weft.cli.backup.figures import backup_in_words, size

    manifest, choice = done.manifest, done.choice
    verb = "would be restored" if dry_run else "restored"
    lines = [f"{manifest.id} {verb}, of {manifest.at:%Y-%m-%d %H:%M:%S} UTC: {backup_in_words(manifest)}"]
    if choice.is_before and at is not None:
        lines.append(
            f"No backup of later still has what readers saw at {at:%Y-%m-%d %H:%M:%S} UTC; "
            "this is the newest of before."
        )
    if choice.snapshots:
        verb = "would be rolled back" if dry_run else "rolled back"
        lines.append(f"{verb} to what readers saw: {', '.join(sorted(str(port) for port in choice.snapshots))}")
    if choice.later:
        lines.append(f"first published later, so left as they are: {', '.join(str(port) for port in choice.later)}")
    if (seen := done.comparison) is not None:
        lines.append(
            f"compared and equal: {counted(seen.files, 'file')} of {size(seen.bytes)}, {counted(seen.facts, 'fact')}, "
            f"{counted(seen.ports, 'port')} with {counted(seen.rows, 'row')}"
            + (f" (rows of {seen.ports_by_digest} read again)" if seen.ports_by_digest else "")
        )
    if done.moved_aside:
        lines.append(f"what was there before: {done.moved_aside}")
    return "\n".join(lines)
