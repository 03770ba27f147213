"""`weft quarantine`: rows that broke a promise, and what people decide about them."""

import click

from weft.cli.lazy_group import LazyGroup

# One module a command in weft.cli.quarantine; the line here is the first of the command's own text.
SUBCOMMANDS = {
    "list": "List what is held back, by batch, rule, origin, run or port.",
    "show": "Show rows of a port that are held back, or a sample of them.",
    "replay": "Check rows again, corrected or as they are, and publish the good ones.",
    "dismiss": "Close rows that are never to be published, and say why.",
    "expire": "Remove rows that have been held back for too long, and keep proof of it.",
    "proof": "Show all that became of a batch, and whether its files are gone.",
}


@click.group("quarantine", cls=LazyGroup, package="weft.cli.quarantine", table=SUBCOMMANDS)
def command() -> None:
    """List, show, correct, replay, dismiss and expire rows that broke a promise.

    A row that breaks its port's contract is not published and not lost: it is kept beside the port with the name of
    every rule that it broke, until it is corrected and replayed, a build makes it anew, somebody dismisses it, or it
    expires.

    \b
    Examples:
      weft quarantine list --by rule                           what is held back, and why
      weft quarantine show sales/orders --rule total.minimum   the rows; personal columns are masked
      weft quarantine replay sales/orders --fix corrected.csv  correct by key, check again, publish what is good
      weft quarantine replay sales/orders                      check again, after the contract changed
      weft quarantine dismiss sales/orders --key order_id=7 --reason "a test"
      weft quarantine expire --older-than 90d                  remove what nobody decided on
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
