"""`weft rollback` and `weft maintain` on a mesh with one small port that was published by hand."""

import json
import re

import pytest

from weft.base.names import PortName
from weft.cli.main import run
from weft.engine.duckdb_engine import DuckDBEngine
from weft.ledger.facts import Maintained, RolledBack
from weft.workspace.workspace import Workspace

ORDERS = PortName("sales", "orders", "orders")


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    (tmp_path / "weft.yaml").write_text("name: test\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("WEFT_ACTOR", "ada")
    return Workspace.open(tmp_path)


def publish(workspace, sql, mode="replace"):
    with DuckDBEngine(threads=1) as engine:
        fields = workspace.lake.fields_for(ORDERS, engine.describe(sql))
        head = workspace.lake.snapshot(ORDERS)
        count = len(workspace.lake.snapshots(ORDERS))
        file = engine.write_parquet(sql, str(workspace.lake.data_folder(ORDERS) / f"{count}.parquet"), fields)
        parent = head.snapshot_id if head else None
        return workspace.lake.publish(
            ORDERS, fields, [file], mode=mode, parent=parent, properties={"weft.run": f"run-{count}"}
        )


def head(workspace):
    return workspace.lake.snapshot(ORDERS)


def test_a_rollback_is_told_noted_in_the_ledger_and_seen_by_readers(workspace, capsys):
    first, second = publish(workspace, "SELECT 1 AS id"), publish(workspace, "SELECT 2 AS id FROM range(3)")
    assert run(["rollback", "sales/orders", "--to", str(first.snapshot_id), "--reason", "wrong fees"]) == 0
    told = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "TIME", capsys.readouterr().out)
    assert told == (
        "sales/orders: readers see the 1 row of TIME now, not the 3 rows of TIME.\n"
        f"Back again: weft rollback sales/orders --to {second.snapshot_id}\n"
    )
    assert head(workspace) == first
    (fact,) = workspace.ledger.facts(RolledBack)
    assert (fact.actor, fact.port, fact.to_snapshot_id, fact.from_snapshot_id, fact.reason) == (
        "ada",
        "sales/orders",
        first.snapshot_id,
        second.snapshot_id,
        "wrong fees",
    )


def test_without_a_snapshot_those_that_there_are_are_listed_newest_first(workspace, capsys):
    first, second = publish(workspace, "SELECT 1 AS id"), publish(workspace, "SELECT 2 AS id")
    assert run(["rollback", "sales/orders"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["snapshot", str(second.snapshot_id), str(first.snapshot_id)]
    assert [("readers see this" in line, "run-" in line) for line in lines[1:]] == [(True, True), (False, True)]
    assert run(["rollback", "sales/orders", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["published"], len(told["snapshots"])) == (second.snapshot_id, 2)
    assert told["snapshots"][0]["properties"] == {"weft.run": "run-1"}


def test_previous_is_the_snapshot_before_that_had_other_rows(workspace, capsys):
    first = publish(workspace, "SELECT 1 AS id")
    publish(workspace, "SELECT 2 AS id", mode="append")
    with DuckDBEngine(threads=1) as engine:
        assert workspace.lake.compact(ORDERS, engine).snapshot_id is not None
    assert run(["rollback", "sales/orders", "--to", "previous"]) == 0
    assert head(workspace) == first
    assert run(["rollback", "sales/orders", "--to", "previous"]) == 2
    assert "no snapshot before the published one" in capsys.readouterr().err
    assert run(["rollback", "sales/orders", "--to", "yesterday"]) == 2


def test_an_unknown_snapshot_is_a_wrong_use_and_lists_the_candidates(workspace, capsys):
    snapshot = publish(workspace, "SELECT 1 AS id")
    assert run(["rollback", "sales/orders", "--to", "7"]) == 2
    assert str(snapshot.snapshot_id) in capsys.readouterr().err
    assert (head(workspace), workspace.ledger.facts(RolledBack)) == (snapshot, [])


def test_a_mistyped_port_is_a_wrong_use_and_offers_the_nearest(workspace, capsys):
    publish(workspace, "SELECT 1 AS id")
    assert run(["rollback", "sales/order", "--to", "7"]) == 2
    assert 'Did you mean "sales/orders"?' in capsys.readouterr().err
    assert run(["rollback", "orders"]) == 2


def test_a_rollback_waits_for_no_build_unless_it_is_asked_to(workspace, capsys):
    from weft.build.lock import build_lock

    snapshot = publish(workspace, "SELECT 1 AS id")
    with build_lock(workspace.storage, command="build", actor="bob", now=workspace.clock.now()):
        assert run(["rollback", "sales/orders", "--to", str(snapshot.snapshot_id)]) == 11
    assert "`weft build` by bob" in capsys.readouterr().err


def test_maintenance_merges_expires_and_cleans_and_notes_it(workspace, capsys):
    for number in range(4):
        publish(workspace, f"SELECT {number} AS id", mode="append")
    (workspace.lake.data_folder(ORDERS) / "left.parquet").write_bytes(b"12345")
    assert run(["maintain", "--keep-days", "0", "--grace-hours", "0", "--dry-run"]) == 0
    dry = capsys.readouterr().out
    assert dry.endswith("Nothing was changed (--dry-run).\n")
    assert (len(workspace.lake.snapshots(ORDERS)), workspace.ledger.facts(Maintained)) == (4, [])
    assert run(["maintain", "--keep-days", "0", "--grace-hours", "0"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [re.sub(r"[\d.]+ [KB]+", "SIZE", line) for line in lines] == [
        "sales/orders: 4 files merged into 1, 4 rows, SIZE",
        "sales/orders: 4 snapshots expired, 16 files, SIZE freed",
        "sales/orders: 1 orphan file removed, SIZE freed",
    ]
    assert len(list((workspace.storage / "tables").rglob("*.parquet"))) == 1
    assert [fact.action for fact in workspace.ledger.facts(Maintained)] == ["compact", "expire", "orphans"]
    assert run(["maintain", "--keep-days", "0", "--grace-hours", "0"]) == 0
    assert capsys.readouterr().out == "Nothing to do in 1 port.\n"


def test_maintenance_does_what_is_named_only(workspace, capsys):
    for number in range(3):
        publish(workspace, f"SELECT {number} AS id", mode="append")
    assert run(["maintain", "--expire", "--keep-days", "0", "--format", "json"]) == 0
    (done,) = json.loads(capsys.readouterr().out)["done"]
    assert (done["port"], done["action"], done["snapshots"]) == ("sales/orders", "expire", 2)
    assert len(workspace.lake.files(ORDERS).paths) == 3


def test_by_default_young_snapshots_and_files_stay(workspace, capsys):
    publish(workspace, "SELECT 1 AS id")
    publish(workspace, "SELECT 2 AS id")
    (workspace.lake.data_folder(ORDERS) / "candidate.parquet").write_bytes(b"12345")
    assert run(["maintain"]) == 0
    assert capsys.readouterr().out == "Nothing to do in 1 port.\n"


def test_one_broken_table_does_not_keep_the_others_from_being_looked_after(workspace, capsys):
    for number in range(3):
        publish(workspace, f"SELECT {number} AS id", mode="append")
    broken = PortName("sales", "broken", "broken")
    with DuckDBEngine(threads=1) as engine:
        fields = workspace.lake.fields_for(broken, {"id": "INTEGER"})
        file = engine.write_parquet("SELECT 1 AS id", str(workspace.lake.data_folder(broken) / "x.parquet"), fields)
        workspace.lake.publish(broken, fields, [file], mode="replace", parent=None, properties={})
    (workspace.storage / "tables" / "sales" / "broken").rename(workspace.storage / "gone")
    assert run(["maintain", "--expire", "--keep-days", "0"]) == 13
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == "sales/broken: expire left undone, LAKE007"
    assert 'The table of port "sales/broken" is not where the catalogue says.' in told.err
    assert len(workspace.lake.snapshots(ORDERS)) == 1
