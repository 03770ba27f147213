"""A server that breaks the connection around a commit: facts are recorded once, whatever became of the answer."""

from datetime import UTC, datetime

import pytest

from weft.base.problem import Problem
from weft.ledger import answering
from weft.ledger.facts import RolledBack
from weft.ledger.ledger import Ledger

NOW = datetime(2026, 1, 31, tzinfo=UTC)
pytestmark = pytest.mark.services


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch):
    monkeypatch.setattr(answering, "PAUSES_SECONDS", (0.0, 0.1, 0.1, 0.1))


def rolled_back(number: int) -> RolledBack:
    return RolledBack(at=NOW, actor="ada", port="sales/orders", to_snapshot_id=number)


@pytest.mark.parametrize("when", ["lose_before", "lose_after"])
@pytest.mark.parametrize("times", [1, 2])
def test_facts_are_recorded_once(postgres_database, postgres_proxy, when, times):
    with postgres_proxy(postgres_database) as proxy:
        ledger = Ledger.open(proxy.url)
        ledger.record(rolled_back(1))
        setattr(proxy, when, times)
        ledger.record(rolled_back(2), rolled_back(3))
        ledger.record(rolled_back(4))
        assert proxy.lost, "a reply was lost"
        assert [fact.to_snapshot_id for fact in ledger.facts(RolledBack)] == [1, 2, 3, 4]
        assert ledger.count(RolledBack) == 4
        assert ledger.verify().is_sound
        ledger.close()


def test_a_server_that_stays_away_is_told(postgres_database, postgres_proxy):
    with postgres_proxy(postgres_database) as proxy:
        ledger = Ledger.open(proxy.url)
        proxy.lose_before = 99
        with pytest.raises(Problem, match="LEDGER003"):
            ledger.record(rolled_back(1))
        ledger.close()
    assert Ledger.open(postgres_database).count(RolledBack) == 0


def test_a_lock_that_went_with_its_session_ends_without_a_word(postgres_database, postgres_proxy):
    with postgres_proxy(postgres_database) as proxy:
        ledger = Ledger.open(proxy.url)
        with ledger.advisory_lock(1) as is_free:
            assert is_free
            proxy.lose_after = 1
            ledger.record(rolled_back(1))
        assert ledger.count(RolledBack) == 1
        ledger.close()
