"""`weft backup`: keep the mesh's data somewhere else as well."""

import click

from weft.cli.lazy_group import LazyGroup

# One module a command in weft.cli.backup; the line here is the first of the command's own text.
SUBCOMMANDS = {
    "create": "Back up tables, landings, held-back rows and ledger, while builds go on.",
    "list": "List the backups of a place.",
    "verify": "Hold backups against their digests, and their ledgers against the chain.",
    "prune": "Let old backups go, and the objects that no other needs.",
}
_DEFAULT = "create"


class _BackupGroup(LazyGroup):
    """`weft backup DEST` means `weft backup create DEST`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the word in that was left out."""
        if not args or (args[0] not in self.table and args[0] not in ("-h", "--help")):
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


@click.group("backup", cls=_BackupGroup, package="weft.cli.backup", table=SUBCOMMANDS)
def command() -> None:
    """Back up tables, landings and ledger to a folder or S3; list, verify, prune backups.

    A backup is one consistent state of everything that the storage, the ledger and the catalogue hold, taken while
    builds go on. It stores only what no earlier backup has. `weft backup DESTINATION` is short for
    `weft backup create DESTINATION`; `weft restore` brings one back.

    \b
    Examples:
      weft backup /mnt/backups/weft             a folder
      weft backup s3://backups/weft --keep 7    a bucket; the newest seven stay
      weft backup                               where `backup: {to: ...}` of the environment says
      weft backup list /mnt/backups/weft
      weft backup verify /mnt/backups/weft      read every byte back
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
