"""`weft backup prune`: let old backups go."""

import click

from weft.base.problem import Problem
from weft.cli.options import format_option
from weft.cli.session import Session


@click.command("prune")
@click.argument("destination", required=False)
@click.option("--keep", type=click.IntRange(min=1), metavar="N", help="Keep the newest N.")
@click.option("--keep-for", metavar="AGE", help="Keep what is younger: 30d, 12h, 8w. What --keep keeps stays.")
@click.option("--dry-run", is_flag=True, help="Say what would go; remove nothing.")
@format_option
@click.pass_obj
def command(session: Session, destination: str | None, keep: int | None, keep_for: str | None, dry_run: bool) -> None:
    """Let old backups go, and the objects that no other needs.

    Without --keep and --keep-for, `backup:` of the environment says what stays. The newest backup always does. Objects
    are left while a backup runs, and for an hour after they were stored.

    \b
    Examples:
      weft backup prune /mnt/backups/weft --keep 7
      weft backup prune s3://backups/weft --keep 7 --keep-for 30d --dry-run
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.cli.backup.figures import pruned_as_json, pruned_in_words
    from weft.workspace.backup.destination import open_store, retention_of
    from weft.workspace.backup.retention import prune

    workspace = session.open()
    store = open_store(workspace, destination)
    retention = retention_of(workspace, keep, keep_for)
    if not retention.is_given:
        raise Problem(
            "BACKUP015",
            "Nobody says which backups to keep.",
            workspace.mesh.place,
            fix="Give --keep 7 or --keep-for 30d, or add `keep` or `keep_for` to `backup:` of the environment.",
        )
    pruned = prune(store, retention, workspace.clock.now(), dry_run=dry_run)
    data = {"place": store.place.url, "dry_run": dry_run, **pruned_as_json(pruned)}
    session.output.show(data, lambda: pruned_in_words(pruned, dry_run=dry_run))
