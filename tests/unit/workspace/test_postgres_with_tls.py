"""The ledger, the catalogue and sources on a Postgres server that speaks TLS only: each checks who it is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from weft.base.names import PortName
from weft.base.problem import Place, Problem
from weft.ingest.sql.connect import connected, database_of
from weft.lake.iceberg_lake import Lake
from weft.ledger.ledger import Ledger


def open_ledger(url: str, folder: Path) -> None:
    Ledger.open(url)


def open_catalogue(url: str, folder: Path) -> None:
    lake = Lake(url, str(folder / "tables"))
    assert lake.snapshot(PortName("sales", "orders", "orders")) is None
    lake.close()


def open_source(url: str, folder: Path) -> None:
    with connected(database_of(url, folder, Place("build.yaml")), Place("build.yaml")) as connection:
        used = connection.exec_driver_sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").scalar()
    assert used is True


OPENERS = pytest.mark.parametrize("opens", [open_ledger, open_catalogue, open_source])
Opener = Callable[[str, Path], None]


def url_of(port: int, host: str, words: str) -> str:
    return f"postgresql://weft@{host}:{port}/postgres?{words}"


@OPENERS
@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("localhost", "sslrootcert={ca}"),
        ("localhost", "sslmode=verify-full&sslrootcert={ca}"),
        ("127.0.0.1", "sslmode=verify-ca&sslrootcert={ca}"),
        ("127.0.0.1", "sslmode=require"),
    ],
)
def test_a_server_that_proves_who_it_is_is_spoken_to(
    postgres_with_tls: tuple[int, Path, Path], opens: Opener, host: str, words: str, tmp_path: Path
) -> None:
    port, ca, _ = postgres_with_tls
    opens(url_of(port, host, words.format(ca=ca)), tmp_path)


@OPENERS
@pytest.mark.parametrize(
    ("host", "words", "why"),
    [
        ("localhost", "sslrootcert={other}", "certificate"),
        ("127.0.0.1", "sslrootcert={ca}", "not valid for '127.0.0.1'"),
        ("localhost", "sslmode=verify-full", "certificate"),
        ("127.0.0.1", "sslmode=verify-ca&sslrootcert={other}", "certificate"),
        ("127.0.0.1", "sslmode=require&sslrootcert={other}", "certificate"),
    ],
)
def test_a_server_that_does_not_is_refused(
    postgres_with_tls: tuple[int, Path, Path], opens: Opener, host: str, words: str, why: str, tmp_path: Path
) -> None:
    port, ca, other = postgres_with_tls
    with pytest.raises(Problem) as caught:
        opens(url_of(port, host, words.format(ca=ca, other=other)), tmp_path)
    assert caught.value.code == "TLS002"
    assert why in caught.value.what


@OPENERS
def test_a_server_without_tls_is_refused_where_it_was_asked_for(
    postgres_server: str, opens: Opener, tmp_path: Path
) -> None:
    with pytest.raises(Problem) as caught:
        opens(f"{postgres_server}postgres?sslmode=require", tmp_path)
    assert (caught.value.code, "speaks no TLS" in caught.value.what) == ("TLS002", True)
