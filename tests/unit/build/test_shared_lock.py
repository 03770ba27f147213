"""Builds on machines that share a ledger in Postgres, played by two sessions of one."""

from typing import Any

import pytest

from weft.base.problem import Problem
from weft.build.shared_lock import shared_lock
from weft.ledger.connection import connect
from weft.ledger.facts import RunEnded
from weft.ledger.ledger import Ledger


@pytest.fixture
def url(postgres_server) -> str:
    with connect(postgres_server + "postgres").connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("CREATE DATABASE shared_lock")
    return f"{postgres_server}shared_lock"


@pytest.mark.services
def test_a_mesh_with_a_ledger_in_postgres_is_built_by_one_machine_at_a_time(shop: Any, url: str) -> None:
    shop.write("weft.yaml", f"name: test\nenvironments: {{dev: {{ledger: '{url}'}}}}\ndefault_environment: dev\n")
    assert shop.build().status == "done"
    assert shop.build().status == "nothing"
    assert shop.quick_answer() is None, "a server may change unseen"
    other = Ledger.open(url)
    assert other.latest(RunEnded).products_built == 3
    with shared_lock(other):
        with pytest.raises(Problem) as caught:
            shop.build(full=True)
        assert (caught.value.code, caught.value.found) == ("BUILD001", "another weft that has just begun")
        with pytest.raises(Problem, match=r"after 0\.1 s"), shared_lock(Ledger.open(url), wait_seconds=0.1):
            pass
    assert shop.build(full=True).status == "done"


def test_a_ledger_of_one_disk_has_no_lock_of_its_own(shop: Any) -> None:
    ledger = shop.workspace().ledger
    with shared_lock(ledger), shared_lock(ledger):
        pass
