"""The simulator of the order-to-cash mesh: the same seed makes the same bytes, and the truth it writes is true."""

import csv
import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

SIMULATE = Path(__file__).parents[2] / "meshes" / "order-to-cash" / "simulate"


def simulate(*arguments: object) -> str:
    command = [sys.executable, "-B", str(SIMULATE), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("systems") / "data"
    simulate("--scale", 0.5, "--seed", 11, "--out", out)
    return out


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_makes_the_same_bytes(data, tmp_path):
    simulate("--scale", 0.5, "--seed", 11, "--out", tmp_path / "again")
    assert digests(tmp_path / "again") == digests(data)


def test_another_seed_makes_other_orders(data, tmp_path):
    simulate("--scale", 0.5, "--seed", 12, "--out", tmp_path / "other")
    assert digests(tmp_path / "other")["orders.db"] != digests(data)["orders.db"]


def test_the_scale_is_the_size(tmp_path):
    simulate("--scale", 0.05, "--out", tmp_path / "small")
    simulate("--scale", 2, "--out", tmp_path / "large")
    orders = [json.loads((tmp_path / size / "truth.json").read_text())["rows"]["orders"] for size in ("small", "large")]
    assert orders == [50, 2000]


def test_the_rows_of_the_truth_are_the_rows_of_the_systems(data):
    rows = json.loads((data / "truth.json").read_text())["rows"]
    orders, receivables = sqlite3.connect(data / "orders.db"), sqlite3.connect(data / "receivables.db")

    def count(connection: sqlite3.Connection, table: str) -> int:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    lines = lambda pattern: sum(len(path.read_bytes().splitlines()) for path in data.glob(pattern))  # noqa: E731
    heads = lambda pattern: len(list(data.glob(pattern)))  # noqa: E731
    south = "**/shipping/south/*.tsv"
    assert {name: value for name, value in rows.items() if name != "credit decisions"} == {
        "customers": count(orders, "customers"),
        "orders": count(orders, "orders"),
        "order_lines": count(orders, "order_lines"),
        "northern shipments": lines("shipping/north/*.csv") - heads("shipping/north/*.csv"),
        "southern shipments": lines(south) - heads(south),
        "invoices": lines("invoicing/invoices.ndjson"),
        "accounts": count(receivables, "accounts"),
        "open items": count(receivables, "open_items"),
        "payments": lines("bank/*.ndjson"),
    }


def test_every_planted_row_is_named(data):
    summary = json.loads((data / "truth.json").read_text())
    with (data / "truth" / "dirt.csv").open(newline="", encoding="utf-8") as file:
        named = [row["kind"] for row in csv.DictReader(file)]
    assert {kind: named.count(kind) for kind in set(named)} == summary["planted"]


def test_late_files_arrive_when_they_are_delivered(data, tmp_path):
    copy = shutil.copytree(data, tmp_path / "data")
    late = [Path(file["path"]) for file in json.loads((copy / "truth.json").read_text())["late_files"]]
    assert late
    assert not [path for path in late if (copy / path).exists()]
    assert simulate("deliver", "--out", copy) == f"{len(late)} late files have arrived\n"
    assert all((copy / path).is_file() for path in late)


def test_the_api_asks_for_a_token_and_serves_every_invoice_once_through_its_pages(data):
    command = [sys.executable, "-B", str(SIMULATE), "serve", "--data", str(data), "--port", "0", "--token", "t"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            with pytest.raises(urllib.error.HTTPError, match="401"):
                urllib.request.urlopen(address)
            served: list[object] = []
            page: str | None = address
            while page:
                request = urllib.request.Request(page, headers={"Authorization": "Bearer t"})
                with urllib.request.urlopen(request) as answer:
                    body = json.load(answer)
                served += body["data"]
                page = urllib.parse.urljoin(page, body["next"]) if body["next"] else None
        finally:
            server.terminate()
    written = (data / "invoicing" / "invoices.ndjson").read_text(encoding="utf-8").splitlines()
    assert served == [json.loads(line) for line in written]
