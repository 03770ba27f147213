"""`weft contract duties`: which rules in words wait for somebody to look."""

from typing import TYPE_CHECKING

import click

from weft.base.counted import counted
from weft.cli.options import format_option
from weft.cli.session import Session

if TYPE_CHECKING:
    from weft.build.review.duty import Duty


@click.command("duties")
@click.argument("port", required=False)
@click.option("--open", "only_open", is_flag=True, help="Only those that wait for somebody.")
@format_option
@click.pass_obj
def command(session: Session, port: str | None, only_open: bool) -> None:
    """List the rules in words that somebody has to look at, and what came of it.

    A rule of `type: text` cannot be computed. It is due from the first publication of its port on, and again when
    the contract's version or its words change, when the last review failed, and when its time is over: by its
    `schedule`, by its custom property `reviewInterval`, else after a year.

    \b
    Examples:
      weft contract duties                        of the whole mesh
      weft contract duties sales/orders --open    what waits, of one port
      weft contract duties --format json          for a reminder
      weft contract review sales/orders prices_before_tax --passed --note "looked at 20 orders"
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.cli.contract.port_argument import port_of
    from weft.workspace.review import duties

    found = duties(session.open(), None if port is None else port_of(port))
    shown = [duty for duty in found if duty.state == "open" or not only_open]
    session.output.show({"duties": [duty.as_json() for duty in shown]}, lambda: _as_text(shown))


def _as_text(duties: "list[Duty]") -> str:
    if not duties:
        return "No rule in words waits for anybody."
    lines: list[str] = []
    for duty in duties:
        lines.append(f"{duty.state:<8} {duty.port}  {duty.rule}  ({duty.owner or 'no owner'})")
        lines.append(f"         {' '.join(duty.words.split())}")
        lines.append(f"         {duty.why}{_until(duty)}")
        if duty.last is not None:
            found = "kept" if duty.last.passed else "not kept"
            lines.append(f"         {duty.last.at:%Y-%m-%d} {duty.last.actor}, {found}: {duty.last.note}")
    waiting = sum(duty.state == "open" for duty in duties)
    return "\n".join([*lines, "", f"{counted(len(duties), 'rule')} in words, {waiting} open"])


def _until(duty: "Duty") -> str:
    if duty.due_at is None:
        return ""
    return f" Next: {duty.due_at:%Y-%m-%d}." if duty.state == "done" else f" Open since {duty.due_at:%Y-%m-%d}."
