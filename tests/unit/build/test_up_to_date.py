"""The quick answer of a build that has nothing to do never hides that there is something."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from weft.base.names import PortName
from weft.ledger.facts import Quarantined, RunStarted

SAID = "Nothing to do: 3 products are up to date."


def test_after_a_build_of_everything_the_answer_is_known(shop) -> None:
    assert shop.quick_answer() is None
    shop.build()
    assert shop.quick_answer() == SAID


def test_after_a_build_of_a_part_it_is_not(shop) -> None:
    shop.build("crm/people")
    assert shop.quick_answer() is None


def test_after_a_failed_build_it_is_not(shop) -> None:
    shop.build()
    shop.model("crm/people", "people", "SELECT error('no') AS name")
    shop.build()
    assert shop.quick_answer() is None


def test_reading_does_not_take_the_answer_away(shop) -> None:
    from weft.ledger.facts import ReadServed

    shop.build()
    shop.workspace().ledger.record(
        ReadServed(
            at=shop.clock.now(), actor="ada", query_hash="h", ports={}, rows=1, duration_seconds=0.1, decision="allowed"
        )
    )
    assert shop.quick_answer() == SAID


def _change_model(shop: Any) -> None:
    shop.model("crm/people", "people", "SELECT name FROM raw WHERE name > 'a'")


def _add_model(shop: Any) -> None:
    shop.model("crm/people", "extra", "SELECT name FROM raw")


def _change_contract(shop: Any) -> None:
    shop.contract("crm/people", "name:text!", description="People")


def _change_settings(shop: Any) -> None:
    shop.write("weft.yaml", "name: test\nenvironments: {dev: {quarantine_tolerance: 1%}}\ndefault_environment: dev\n")


def _change_source(shop: Any) -> None:
    shop.rows_file("data/people.csv", "name", "eve", "kim", "lea")


def _remove_source(shop: Any) -> None:
    (shop.root / "data/people.csv").unlink()


def _roll_back(shop: Any) -> None:
    port = PortName.parse("crm/people")
    lake = shop.workspace().lake
    lake.rollback(port, lake.snapshots(port)[-1].snapshot_id)


def _remove_published_file(shop: Any) -> None:
    for path in shop.workspace().lake.files(PortName.parse("crm/people")).paths:
        Path(path.removeprefix("file://")).unlink()


def _remove_work_file(shop: Any) -> None:
    for path in (shop.root / ".weft/work").rglob("*.parquet"):
        path.unlink()


def _remove_landing(shop: Any) -> None:
    for path in (shop.root / ".weft/landings").rglob("*.parquet"):
        path.unlink()


def _remove_catalog(shop: Any) -> None:
    (shop.root / ".weft/catalog.db").unlink()


def _remove_ledger(shop: Any) -> None:
    for path in (shop.root / ".weft").glob("ledger.db*"):
        path.unlink()


def _restore_empty_ledger(shop: Any) -> None:
    from weft.ledger.ledger import Ledger

    _remove_ledger(shop)
    Ledger.open(f"sqlite:///{shop.root / '.weft/ledger.db'}").close()


def _another_run(shop: Any) -> None:
    shop.workspace().ledger.record(
        RunStarted(
            at=shop.clock.now(),
            run_id="x",
            command="build",
            actor="bob",
            environment="dev",
            host="h",
            pid=1,
            weft_version="0",
        )
    )


def _quarantine_moved(shop: Any) -> None:
    shop.workspace().ledger.record(
        Quarantined(at=shop.clock.now(), run_id="x", port="crm/people", batch="x", state="replayed", rows=1)
    )


def _break_the_note(shop: Any) -> None:
    (shop.root / ".weft/state.json").write_text('{"key": 1')


CHANGES = [
    _change_model,
    _add_model,
    _change_contract,
    _change_settings,
    _change_source,
    _remove_source,
    _roll_back,
    _remove_published_file,
    _remove_work_file,
    _remove_landing,
    _remove_catalog,
    _remove_ledger,
    _restore_empty_ledger,
    _another_run,
    _quarantine_moved,
    _break_the_note,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_every_change_leads_to_the_long_way(shop, change) -> None:
    shop.build()
    shop.rows_file("data/people.csv", "name", "ann", "eve")
    shop.build()
    assert shop.quick_answer() == SAID
    change(shop)
    assert shop.quick_answer() is None


def test_a_setting_of_the_process_leads_to_the_long_way(shop) -> None:
    shop.build()
    assert shop.quick_answer({"WEFT_QUARANTINE_TOLERANCE": "1%"}) is None
    assert shop.quick_answer({"WEFT_STORAGE": str(shop.root / "elsewhere")}) is None
    assert shop.quick_answer() == SAID


def test_a_promise_of_freshness_that_ran_out_leads_to_the_long_way(shop) -> None:
    shop.contract(
        "crm/people",
        "name:text! seen:time",
        more="slaProperties: [{property: freshness, value: 6, unit: h, element: people.seen}]\n",
    )
    shop.model("crm/people", "people", "SELECT name, TIMESTAMP '2026-03-01 11:01:00' AS seen FROM raw")
    shop.build()
    assert shop.quick_answer() == SAID
    shop.clock.instant += timedelta(hours=5)
    assert shop.quick_answer() is None


def test_a_rollback_is_told_by_the_quick_answer_too(shop) -> None:
    shop.build()
    shop.rows_file("data/people.csv", "name", "ann", "eve")
    shop.build()
    _roll_back(shop)
    assert shop.quick_answer() is None
    shop.build()
    assert shop.quick_answer() == f"{SAID} Rolled back and kept so until something changes: crm/people."


def test_the_quick_answer_imports_no_heavy_library(shop) -> None:
    shop.build()
    shop.quick_answer()  # the mesh itself is kept once its files are older than a tick of the clock
    program = (
        "import sys\n"
        "from weft.cli.main import run\n"
        f"code = run(['-C', {str(shop.root)!r}, 'build'])\n"
        "heavy = {'duckdb', 'pyarrow', 'pyiceberg', 'sqlalchemy', 'sqlglot', 'dlt', 'ibis', 'pydantic', 'rich'}\n"
        "print(code, sorted(heavy & set(sys.modules)))\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.splitlines() == [SAID, "0 []"]
