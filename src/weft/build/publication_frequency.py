"""`frequency` of `slaProperties`: whether a port was published as often as promised, by the ledger.

With a `schedule` of cron, at most one of its times may have passed since the last publication; else no more time than
`value` and `unit` say. A publication that comes late is told of and never refused, since it is what was missing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from weft.base.cron import Cron
from weft.base.names import PortName
from weft.build.check.finding import Finding
from weft.build.check.service_levels import FREQUENCY, age_limit
from weft.ledger.facts import Published
from weft.ledger.ledger import Ledger
from weft.spec.contract import Contract, ServiceLevel

_MOST_TIMES = 1000  # who is a thousand times late need not know how often exactly


def with_frequency(
    findings: Iterable[Finding], ledger: Ledger, port: PortName, contract: Contract, now: datetime
) -> tuple[Finding, ...]:
    """The same findings, with those of frequency measured from the last publication to this one."""
    findings = tuple(findings)
    if not any(finding.kind == FREQUENCY for finding in findings):
        return findings
    level_by_place = {level.place: level for level in contract.service_levels}
    last = ledger.latest(Published, port=str(port))
    return tuple(
        _measured(finding, level_by_place[finding.place], last.at if last else None, now)
        if finding.kind == FREQUENCY and finding.place in level_by_place
        else finding
        for finding in findings
    )


def _measured(finding: Finding, level: ServiceLevel, last: datetime | None, now: datetime) -> Finding:
    if last is None:
        return replace(finding, status="not_applicable", message="This is the first publication.")
    if level.schedule and (level.scheduler or "cron").casefold() == "cron":
        try:
            cron = Cron.parse(level.schedule)
        except ValueError as error:
            return replace(finding, message=f"Its schedule cannot be read: {error}.")
        passed = _times_between(cron, last, now)
        return _told(finding, passed, 1, "scheduled times", "must be at most 1 scheduled time between publications")
    limit = age_limit(level)
    if limit is None:
        return replace(finding, message="Its value is no number, or its unit is no unit of time.")
    seconds = (now - last).total_seconds()
    return _told(finding, seconds, limit.thresholds[0].bounds[0], "seconds", f"{limit} between publications")


def _told(finding: Finding, measured: float, most: float, unit: str, threshold: str) -> Finding:
    return replace(
        finding,
        status="passed" if measured <= most else "warned",
        severity="warning",
        measured=float(measured),
        unit=unit,
        threshold=threshold,
        message=None,
        refuses=False,
    )


def _times_between(cron: Cron, after: datetime, until: datetime) -> int:
    count, moment = 0, cron.after(after)
    while moment is not None and moment <= until and count < _MOST_TIMES:
        count, moment = count + 1, cron.after(moment)
    return count
