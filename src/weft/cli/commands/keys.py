"""`weft keys`: the keys that stored data are encrypted under."""

import click

from weft.cli.lazy_group import LazyGroup

# One module a command in weft.cli.keys; the line here is the first of the command's own text.
SUBCOMMANDS = {
    "status": "Show what is encrypted, and under which version of the master key.",
    "rotate": "Bring everything under the newest version of the master key.",
}


@click.group("keys", cls=LazyGroup, package="weft.cli.keys", table=SUBCOMMANDS)
def command() -> None:
    """Show and change the keys that stored data are encrypted under.

    Where `encryption` is set for an environment, its files are encrypted under a data key, and that under a master
    key of the place that `keys` names. Nothing here prints a key.

    \b
    Examples:
      weft keys status                  what lies under which version, and what in clear
      weft keys rotate                  after a new version was added: the former one can be retired
      weft keys rotate --rewrite        write published and raw files anew too, those in clear among them
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
