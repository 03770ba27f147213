"""Which rules in words wait for somebody to look.

A rule of `type: text` is due from a port's first publication on, and again when the contract's version or the rule's
words change, when the last review failed, and when its time is over: by the rule's `schedule` of cron, by its custom
property `reviewInterval`, else after a year.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from weft.base.cron import Cron
from weft.base.names import PortName
from weft.base.problem import Place
from weft.ledger.facts import ReviewRecorded
from weft.spec.contract import Contract, QualityRule, RuleKind, Table
from weft.spec.contract_walk import rules_of
from weft.spec.time_units import seconds_in

INTERVAL = timedelta(days=365)
State = Literal["open", "done", "waiting"]  # waiting: nothing is published yet


@dataclass(frozen=True)
class Duty:
    """One rule in words of one port."""

    port: PortName
    rule: str
    words: str
    owner: str | None  # the team of the product
    severity: str
    state: State
    why: str  # a sentence
    contract_version: str
    digest: str  # of the words
    place: Place
    due_at: datetime | None = None  # since when it is open, or when it will be next
    last: ReviewRecorded | None = None

    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        return {
            "port": str(self.port),
            "rule": self.rule,
            "words": self.words,
            "owner": self.owner,
            "severity": self.severity,
            "state": self.state,
            "why": self.why,
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "contract_version": self.contract_version,
            "place": str(self.place),
            "last_review": None
            if self.last is None
            else {
                "at": self.last.at.isoformat(),
                "actor": self.last.actor,
                "passed": self.last.passed,
                "note": self.last.note,
                "contract_version": self.last.contract_version,
            },
        }


def duties_of(
    port: PortName,
    owner: str | None,
    contract: Contract,
    table: Table,
    *,
    published_at: datetime | None,
    reviews: Mapping[str, ReviewRecorded],
    now: datetime,
) -> Iterator[Duty]:
    """The duties of a port, one a rule in words.

    Args:
        port: whose contract it is.
        owner: the team that it falls to.
        contract: as it is declared now.
        table: the port's table of it.
        published_at: when the port was first published; None where it never was.
        reviews: the last one of each rule.
        now: the time.
    """
    for rule in text_rules(table):
        last = reviews.get(rule.name)
        digest = digest_of(rule)
        state, why, due_at = _state(rule, digest, contract.version, last, published_at, now)
        yield Duty(
            port=port,
            rule=rule.name,
            words=rule.description or rule.name,
            owner=owner,
            severity=rule.severity,
            state=state,
            why=why,
            contract_version=contract.version,
            digest=digest,
            place=rule.place,
            due_at=due_at,
            last=last,
        )


def text_rules(table: Table) -> Iterable[QualityRule]:
    """The rules of a table that are written in words."""
    return (rule for rule in rules_of(table) if rule.kind is RuleKind.TEXT)


def digest_of(rule: QualityRule) -> str:
    """What the words of a rule are known by; space and line breaks do not count."""
    return hashlib.sha256(" ".join((rule.description or rule.name).split()).encode()).hexdigest()


def _state(
    rule: QualityRule,
    digest: str,
    version: str,
    last: ReviewRecorded | None,
    published_at: datetime | None,
    now: datetime,
) -> tuple[State, str, datetime | None]:
    if published_at is None:
        return "waiting", "It is due when the port is first published.", None
    if last is None:
        return "open", "Nobody has looked yet.", published_at
    if last.rule_digest != digest:
        return "open", "The words of the rule have changed since the last review.", last.at
    if last.contract_version != version:
        return (
            "open",
            f"The last review was of version {last.contract_version}; the contract is {version} now.",
            last.at,
        )
    if not last.passed:
        return "open", "The last review found that the rule is not kept.", last.at
    due_at = next_review(rule, last.at)
    if due_at is not None and due_at <= now:
        return "open", "The time since the last review is over.", due_at
    return "done", "The last review found that the rule is kept.", due_at


def next_review(rule: QualityRule, after: datetime) -> datetime | None:
    """When the rule is to be looked at again; None where its schedule has no further time."""
    if rule.schedule and (rule.scheduler or "cron").casefold() == "cron":
        try:
            return Cron.parse(rule.schedule).after(after)
        except ValueError:  # `weft check` says so; it is better looked at once a year than never
            return after + INTERVAL
    seconds = seconds_in(str(rule.custom.get("reviewInterval", "")))
    return after + (INTERVAL if seconds is None else timedelta(seconds=seconds))
