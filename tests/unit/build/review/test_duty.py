"""When a rule in words waits for somebody to look."""

from datetime import UTC, datetime, timedelta

import pytest

from weft.base.names import PortName
from weft.base.yaml_source import read_yaml_text
from weft.build.review.duty import digest_of, duties_of
from weft.ledger.facts import ReviewRecorded
from weft.spec.odcs.normalise import contract_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PORT = PortName("sales", "orders", "orders")


def _contract(version="1.0.0", words="Prices are before tax.", more=""):
    text = (
        f"apiVersion: v3.2.0\nkind: DataContract\nid: a\nversion: {version}\n"
        f"schema: [{{name: t, quality: [{{type: text, name: tax, description: {words}{more}}}, "
        "{metric: rowCount, mustBe: 1}]}]"
    )
    file, problems = read_yaml_text(text, "a.yaml")
    assert not problems
    return contract_of(file)[0]


def _review(age_days=10, passed=True, contract=None):
    contract = contract or _contract()
    return ReviewRecorded(
        at=NOW - timedelta(days=age_days),
        actor="ada",
        port=str(PORT),
        rule="tax",
        passed=passed,
        note="looked at 20 orders",
        contract_version=contract.version,
        rule_digest=digest_of(contract.tables[0].quality[0]),
        snapshot_id=1,
    )


def _duty(contract, review=None, published=True):
    reviews = {} if review is None else {"tax": review}
    (duty,) = duties_of(
        PORT,
        "team-crm",
        contract,
        contract.tables[0],
        published_at=NOW - timedelta(days=30) if published else None,
        reviews=reviews,
        now=NOW,
    )
    return duty


@pytest.mark.parametrize(
    ("contract", "review", "state", "why"),
    [
        (_contract(), None, "open", "Nobody has looked yet."),
        (_contract(), _review(), "done", "The last review found that the rule is kept."),
        (
            _contract(words="Prices  are before\n    tax."),
            _review(),
            "done",
            "The last review found that the rule is kept.",
        ),
        (_contract(words="Prices are after tax."), _review(), "open", "The words of the rule have changed"),
        (
            _contract(version="1.1.0"),
            _review(),
            "open",
            "The last review was of version 1.0.0; the contract is 1.1.0 now.",
        ),
        (_contract(), _review(passed=False), "open", "The last review found that the rule is not kept."),
        (_contract(), _review(age_days=364), "done", "The last review"),
        (_contract(), _review(age_days=366), "open", "The time since the last review is over."),
        (_contract(more=", schedule: 0 20 * * MON, scheduler: cron"), _review(age_days=3), "done", "The last review"),
        (_contract(more=", schedule: 0 20 * * MON, scheduler: cron"), _review(age_days=8), "open", "The time since"),
        (
            _contract(more=", schedule: 0 20 * * MON, scheduler: airflow"),
            _review(age_days=8),
            "done",
            "The last review",
        ),
        (
            _contract(more=", customProperties: [{property: reviewInterval, value: 7d}]"),
            _review(age_days=8),
            "open",
            "The time since",
        ),
    ],
)
def test_a_duty_is_open_until_somebody_found_the_rule_kept_as_it_stands_now(contract, review, state, why):
    duty = _duty(contract, review)
    assert (duty.state, duty.why.startswith(why), duty.owner) == (state, True, "team-crm")


def test_nothing_is_due_before_the_first_publication():
    duty = _duty(_contract(), published=False)
    assert (duty.state, duty.why, duty.due_at) == ("waiting", "It is due when the port is first published.", None)


def test_a_duty_says_when_it_is_next():
    assert _duty(_contract(more=", schedule: 0 20 * * MON"), _review(age_days=3)).due_at == datetime(
        2026, 3, 2, 20, tzinfo=UTC
    )
    assert _duty(_contract(), _review(age_days=10)).due_at == NOW + timedelta(days=355)
