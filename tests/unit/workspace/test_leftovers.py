"""Builds that were killed leave files beside the tables; maintenance removes them."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from weft.base.names import PortName, ProductName
from weft.ledger.facts import Quarantined
from weft.ledger.ledger import Ledger
from weft.workspace.leftovers import leftovers_of_landings, leftovers_of_quarantine, remove_leftovers

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PORT = PortName.parse("sales/orders")


def made(path, *, hours_ago=48):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"12345")
    at = (NOW - timedelta(hours=hours_ago)).timestamp()
    os.utime(path, (at, at))
    return path


def test_unfinished_files_of_a_landing_are_left_over_and_whole_ones_are_not(tmp_path):
    landing = tmp_path / "landings/sales/orders/export"
    for whole in ("raw/abc.csv", "readings/abc.json", "tables/abc.parquet"):
        made(landing / whole)
    made(tmp_path / "landings/sales/other/export/raw/.part-of-another-product")
    unfinished = {made(landing / "raw/.part-1"), made(landing / "readings/.part-2-abc.json")}
    unfinished |= {made(landing / "tables/abc-unsealed.parquet"), made(landing / "tables/abc-part.parquet")}
    made(landing / ".scratch-x/half.parquet")
    found = set(leftovers_of_landings(tmp_path, ProductName.parse("sales/orders")))
    assert found == {*unfinished, landing / ".scratch-x"}


def test_held_back_rows_that_no_run_recorded_are_left_over(tmp_path):
    folder = tmp_path / "quarantine/sales/orders/orders"
    recorded, killed = made(folder / "run-1.parquet"), made(folder / "run-2.parquet")
    made(folder / "corrections/by-hand.parquet")
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    ledger.record(
        Quarantined(
            at=NOW,
            run_id="run-1",
            port=str(PORT),
            batch="run-1",
            state="recorded",
            rows=1,
            files=(recorded.relative_to(tmp_path).as_posix(),),
        )
    )
    assert list(leftovers_of_quarantine(ledger, tmp_path, PORT)) == [killed]
    ledger.close()


@pytest.mark.parametrize(("dry_run", "is_there"), [(True, True), (False, False)])
def test_only_what_is_old_enough_is_removed(tmp_path, dry_run, is_there):
    old, young = made(tmp_path / "old"), made(tmp_path / "young", hours_ago=1)
    made(tmp_path / "scratch/half")
    at = (NOW - timedelta(hours=48)).timestamp()
    os.utime(tmp_path / "scratch", (at, at))
    limit = NOW - timedelta(hours=24)
    found = remove_leftovers([old, young, tmp_path / "scratch"], older_than=limit, dry_run=dry_run)
    assert found == (2, 10)
    assert (old.exists(), (tmp_path / "scratch").exists(), young.exists()) == (is_there, is_there, True)
