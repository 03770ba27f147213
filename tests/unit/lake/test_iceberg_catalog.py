import sqlite3
import threading

import pytest

from weft.base.problem import Problem
from weft.lake import iceberg_catalog
from weft.lake.iceberg_catalog import IcebergCatalog


def test_many_threads_may_open_a_new_catalogue_at_once(tmp_path):
    start, errors = threading.Barrier(8), []

    def open_one():
        start.wait()
        try:
            IcebergCatalog(f"sqlite:///{tmp_path / 'catalog.db'}", tmp_path).opened.list_namespaces()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=open_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_readers_go_on_while_somebody_commits(bench):
    bench.publish("SELECT 1 AS id")
    writer = sqlite3.connect(bench.folder / "catalog.db")
    writer.execute("BEGIN IMMEDIATE")
    try:
        assert bench.reopened().snapshot(bench.port).rows == 1
    finally:
        writer.close()


def test_a_catalogue_that_somebody_holds_for_too_long_is_told_as_busy(bench, monkeypatch):
    bench.publish("SELECT 1 AS id")
    monkeypatch.setattr(iceberg_catalog, "WAIT_SECONDS", 0)
    bench.lake = bench.reopened()
    holder = sqlite3.connect(bench.folder / "catalog.db")
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(Problem) as caught:
            bench.publish("SELECT 2 AS id")
    finally:
        holder.close()
    assert (caught.value.code, caught.value.what) == (
        "LAKE001",
        "The table catalogue is busy: another process holds it.",
    )
    assert bench.rows() == [(1,)]


def test_a_database_server_that_does_not_answer_is_a_problem_with_its_password_unsaid(tmp_path):
    catalog = IcebergCatalog("postgresql://weft:s3cret@127.0.0.1:1/weft", tmp_path)
    with pytest.raises(Problem) as caught:
        _ = catalog.opened
    assert caught.value.code == "LAKE001"
    assert "s3cret" not in str(caught.value)
