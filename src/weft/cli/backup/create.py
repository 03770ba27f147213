"""`weft backup create`, or `weft backup` alone: make a backup."""

import click

from weft.base.counted import counted
from weft.cli.options import format_option
from weft.cli.session import Session


@click.command("create")
@click.argument("destination", required=False)
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="Then let go all but the newest N.")
@click.option("--keep-for", metavar="AGE", help="Then let go what is older: 30d, 12h, 8w. What --keep keeps stays.")
@click.option("--no-rows", is_flag=True, help="Make no digest of each port's rows; a restore then compares files.")
@format_option
@click.pass_obj
def command(session: Session, destination: str | None, keep: int | None, keep_for: str | None, no_rows: bool) -> None:
    """Back up tables, landings, held-back rows and ledger, while builds go on.

    DESTINATION is a folder on another disk, or s3://bucket/prefix; without it, `backup: {to: ...}` of the environment
    says where, and its `keep` and `keep_for` what is let go afterwards. Only what no backup has yet is stored. A
    backup that was killed leaves nothing that counts.

    \b
    Examples:
      weft backup /mnt/backups/weft
      weft backup s3://backups/weft --keep 7 --keep-for 30d
      weft backup --format json
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.cli.backup.figures import backup_as_json, backup_in_words, pruned_as_json, pruned_in_words, size
    from weft.workspace.backup.backup import BackupRequest, make_backup
    from weft.workspace.backup.destination import open_store, retention_of
    from weft.workspace.backup.retention import prune

    workspace = session.open()
    store = open_store(workspace, destination)
    retention = retention_of(workspace, keep, keep_for)
    manifest = make_backup(workspace, store, BackupRequest(with_rows=not no_rows), session.output.progress)
    pruned = prune(store, retention, workspace.clock.now()) if retention.is_given else None

    def text() -> str:
        lines = [
            f"{manifest.id}: {backup_in_words(manifest)}",
            f"stored in {store.place.url}: {counted(manifest.new_objects, 'new object')}, {size(manifest.new_bytes)}",
        ]
        return "\n".join([*lines, *([pruned_in_words(pruned)] if pruned else [])])

    result = {**backup_as_json(manifest), "place": store.place.url}
    session.output.show({**result, "pruned": pruned_as_json(pruned) if pruned else None}, text)
