"""`weft drift`: how publications differ from those before them."""

from datetime import UTC, datetime

import click

from weft.cli.exit_codes import ExitCode
from weft.cli.options import format_option
from weft.cli.session import Session


@click.command("drift")
@click.argument("port", required=False)
@click.option("--column", metavar="NAME", help="Draw the distribution of a column before and now.")
@click.option("--since", metavar="WHEN", help="Publications from a day on, or of so long: 2026-03-01, 30d.")
@click.option("--exit-code", "tells", is_flag=True, help="End with 11 where something drifted.")
@format_option
@click.pass_obj
def command(session: Session, port: str | None, column: str | None, since: str | None, tells: bool) -> int:
    """Show how publications differ from those before them.

    Each measure is held against what is usual for the port: learnt from its own publications of the same season, and
    explained with the numbers. Nothing is measured now; a build does it when it publishes. Without PORT every port
    has a line; a product stands for its ports. Values of columns that hold personal data are never kept nor shown.

    \b
    Examples:
      weft drift
      weft drift billing/fees/fees
      weft drift billing/fees/fees --column amount      before and now, drawn
      weft drift billing/fees --since 90d --format json
      weft drift --exit-code || echo "look at it"
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.cli.drift_report import drift_report
    from weft.workspace.drift import drift_of

    workspace = session.open()
    found = drift_of(workspace, port, column=column, since=_instant(since, workspace.clock.now()))
    session.output.show({"ports": [one.as_json() for one in found]}, lambda: drift_report(found))
    return ExitCode.CHECK_FAILED if tells and any(one.is_drifted for one in found) else ExitCode.DONE


def _instant(written: str | None, now: datetime) -> datetime | None:
    if written is None:
        return None
    from weft.base.age import duration_of
    from weft.base.problem import Problem

    try:
        found = datetime.fromisoformat(written)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found
    except ValueError:
        pass
    try:
        return now - duration_of(written)
    except (Problem, OverflowError) as error:
        raise click.BadParameter(
            f'"{written}" is neither a day such as 2026-03-01 nor an age such as 30d', param_hint="--since"
        ) from error
