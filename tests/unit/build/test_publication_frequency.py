"""Frequency is measured from the last publication to this one."""

from datetime import UTC, datetime, timedelta

import pytest

from weft.base.names import PortName
from weft.base.problem import Place
from weft.build.check.finding import Finding
from weft.build.publication_frequency import with_frequency
from weft.ledger.facts import Published
from weft.ledger.ledger import Ledger
from weft.spec.contract import Contract, ServiceLevel

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday
PORT = PortName("sales", "orders", "orders")
PLACE = Place("orders.yaml", 9, 1)
FINDING = Finding("frequency", "frequency", "error", "not_run", PLACE, message="It is measured elsewhere.")


def _after(tmp_path, hours, **level):
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    if hours is not None:
        ledger.record(
            Published(
                at=NOW - timedelta(hours=hours),
                run_id="r1",
                port=str(PORT),
                snapshot_id=1,
                rows=1,
                contract_id="a",
                contract_version="1.0.0",
                contract_digest="d",
            )
        )
    levels = (ServiceLevel("frequency", place=PLACE, **level),)
    contract = Contract("a", "1.0.0", PLACE, "orders.yaml", "v3.2.0", {}, service_levels=levels)
    (found,) = with_frequency([FINDING], ledger, PORT, contract, NOW)
    return found.status, found.measured, found.threshold or found.message


@pytest.mark.parametrize(
    ("hours", "level", "told"),
    [
        (20, {"value": 1, "unit": "d"}, ("passed", 72000.0, "must be at most 86400 seconds between publications")),
        (25, {"value": 1, "unit": "day"}, ("warned", 90000.0, "must be at most 86400 seconds between publications")),
        (None, {"value": 1, "unit": "d"}, ("not_applicable", None, "This is the first publication.")),
        (1, {"value": "often"}, ("not_run", None, "Its value is no number, or its unit is no unit of time.")),
        (
            20,
            {"value": 1, "schedule": "0 8 * * *", "scheduler": "cron"},
            ("passed", 1.0, "must be at most 1 scheduled time between publications"),
        ),
        (
            50,
            {"value": 1, "schedule": "0 8 * * *"},
            ("warned", 2.0, "must be at most 1 scheduled time between publications"),
        ),
        (
            1,
            {"value": 1, "schedule": "daily"},
            ("not_run", None, "Its schedule cannot be read: a line of cron has 5 fields, this one 1."),
        ),
        (
            25,
            {"value": 1, "unit": "w", "schedule": "daily", "scheduler": "airflow"},
            ("passed", 90000.0, "must be at most 604800 seconds between publications"),
        ),
    ],
)
def test_a_publication_that_comes_late_is_told_and_never_refused(tmp_path, hours, level, told):
    assert _after(tmp_path, hours, **level) == told
