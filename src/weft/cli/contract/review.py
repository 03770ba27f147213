"""`weft contract review`: record what somebody found who looked at a rule in words."""

import click

from weft.cli.options import format_option
from weft.cli.session import Session


@click.command("review")
@click.argument("port")
@click.argument("rule")
@click.option("--passed/--failed", "passed", default=None, help="Whether the rule is kept.")
@click.option("--note", required=True, metavar="TEXT", help="What was looked at; kept in the ledger with your name.")
@format_option
@click.pass_obj
def command(session: Session, port: str, rule: str, passed: bool | None, note: str) -> None:
    """Record whether a rule in words is kept, by one who looked.

    The next builds say in the rule's finding who looked and when. The finding stays `not_run`: a person's word is no
    check of the rows. A review that failed leaves the duty open.

    \b
    Examples:
      weft contract review sales/orders prices_before_tax --passed --note "looked at 20 orders"
      weft contract review sales/orders prices_before_tax --failed --note "Swiss orders have tax in them"
      weft contract duties sales/orders
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.cli.contract.port_argument import port_of
    from weft.workspace.review import record_review

    if passed is None:
        raise click.UsageError("Say --passed or --failed.")
    if not note.strip():
        raise click.BadParameter("it is empty", param_hint="--note")
    duty = record_review(session.open(), port_of(port), rule, passed=passed, note=note)

    def text() -> str:
        if duty.due_at is not None and duty.state == "done":
            return f"{duty.port} {duty.rule}: kept. To be looked at again on {duty.due_at:%Y-%m-%d}."
        return f"{duty.port} {duty.rule}: {'kept' if passed else 'not kept, and still open'}."

    session.output.show(duty.as_json(), text)
