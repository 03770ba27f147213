"""`weft explain`: what a code means."""

from typing import TYPE_CHECKING

import click

from weft.base.problem import Problem
from weft.cli.options import format_option
from weft.cli.session import Session

if TYPE_CHECKING:
    from weft.spec.explanation import Explanation


@click.command("explain")
@click.argument("code", required=False)
@click.option("--all", "every", is_flag=True, help="Every code.")
@format_option
@click.pass_obj
def command(session: Session, code: str | None, every: bool) -> None:
    """Explain a code or a rule.

    Every problem that weft reports carries a code. This says what it means, why it is a mistake, and how it looks
    wrong and right. It needs no mesh.

    \b
    Examples:
      weft explain SPEC106
      weft explain --all                   one line a code
      weft explain --all --format json     all of it, for editors
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.spec.rule_book import every_explanation, explain

    if every:
        known = every_explanation()
        session.output.show([one.as_json() for one in known], lambda: "\n".join(map(_line, known)))
        return
    if not code:
        raise click.UsageError("Name a code, such as SPEC106, or say --all.")
    found = explain(code)
    if found is None:
        from weft.base.names import did_you_mean

        codes = [one.code for one in every_explanation()]
        raise Problem(
            "USAGE003",
            f'There is no code "{code}".',
            fix=did_you_mean(code.upper(), codes) or "weft explain --all lists every code.",
        )
    session.output.show(found.as_json(), lambda: str(found))


def _line(explanation: "Explanation") -> str:
    return f"{explanation.code:<13}{explanation.severity:<9}{explanation.fact}"
