"""Reviews in the ledger, and what findings of rules in words say of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from weft.base.names import PortName
from weft.build.check.finding import Finding
from weft.build.review.duty import Duty, duties_of
from weft.ledger.facts import Published, ReviewRecorded
from weft.ledger.ledger import Ledger
from weft.spec.contract import Contract, Table


def port_duties(
    ledger: Ledger, port: PortName, owner: str | None, contract: Contract, table: Table, now: datetime
) -> list[Duty]:
    """The duties of one port, by what the ledger knows."""
    reviews = {key[0]: fact for key, fact in ledger.latest_by(ReviewRecorded, "rule", port=str(port)).items()}
    first = ledger.facts(Published, port=str(port), limit=1)
    return list(
        duties_of(port, owner, contract, table, published_at=first[0].at if first else None, reviews=reviews, now=now)
    )


def with_reviews(
    findings: Iterable[Finding], ledger: Ledger, port: PortName, contract: Contract, table: Table, now: datetime
) -> tuple[Finding, ...]:
    """The same findings; those of rules in words say what the last review found. None of them counts as passed."""
    findings = tuple(findings)
    if not any(finding.kind == "text" for finding in findings):
        return findings
    said = {duty.rule: _said(duty) for duty in port_duties(ledger, port, None, contract, table, now)}
    return tuple(
        replace(finding, message=said[finding.rule]) if finding.kind == "text" and finding.rule in said else finding
        for finding in findings
    )


def _said(duty: Duty) -> str:
    last = duty.last
    if last is None:
        return "It is written for people and waits for review."
    found = "is kept" if last.passed else "is not kept"
    looked = f"{last.actor} looked on {last.at:%Y-%m-%d}, at version {last.contract_version}: it {found}."
    return looked if duty.state == "done" else f"It waits for review again. {duty.why} {looked}"
