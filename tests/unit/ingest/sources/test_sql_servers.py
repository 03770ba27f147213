"""Postgres and MySQL, against servers started for these tests on this machine; skipped where they are absent."""

# ruff: noqa: DTZ001 (the values have no time zone)

import getpass
import os
import shutil
import socket
import subprocess
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy

pytestmark = pytest.mark.services


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def as_user(user: str, *command: str) -> list[str]:
    """Database servers refuse to run as root."""
    return ["runuser", "-u", user, "--", *command] if os.geteuid() == 0 else list(command)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    engine = sqlalchemy.create_engine(url)
    for _ in range(150):
        try:
            with engine.connect():
                engine.dispose()
                return
        except Exception:
            assert process.poll() is None, "the server ended"
            time.sleep(0.2)
    pytest.fail("the server did not start")


@pytest.fixture
def postgres(postgres_server: str) -> str:
    """A database on the server of this test run."""
    return postgres_server.replace("postgresql://", "postgresql+pg8000://") + "postgres"


@pytest.fixture(scope="module")
def mysql(tmp_path_factory):
    server, install = shutil.which("mariadbd"), shutil.which("mariadb-install-db")
    if not server or not install:
        pytest.skip("MariaDB is not installed: the tests of MySQL sources did not run")
    user = "mysql" if os.geteuid() == 0 else getpass.getuser()
    folder = Path("/tmp") / f"weft-mysql-{os.getpid()}"
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, user)
    port = free_port()
    quick = [f"--datadir={folder}/data", "--no-defaults"]
    subprocess.run(
        as_user(user, install, "--no-defaults", f"--datadir={folder}/data", "--auth-root-authentication-method=normal"),
        check=True,
        capture_output=True,
        cwd="/",
    )
    process = subprocess.Popen(
        as_user(
            user,
            server,
            quick[1],
            quick[0],
            f"--port={port}",
            "--bind-address=127.0.0.1",
            f"--socket={folder}/s",
            f"--pid-file={folder}/pid",
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    url = f"mysql+pymysql://root@127.0.0.1:{port}/mysql"
    try:
        wait_for(url, process)
        with sqlalchemy.create_engine(url).begin() as connection:
            connection.exec_driver_sql("CREATE DATABASE shop CHARACTER SET utf8mb4")
        yield url.replace("/mysql", "/shop")
    finally:
        process.terminate()
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def run(url: str, *statements: str) -> None:
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


def plain(url: str) -> str:
    """As people write it, without a driver."""
    return url.replace("+pg8000", "").replace("+pymysql", "")


def test_postgres_types_are_kept(lander, rows, postgres):
    run(
        postgres,
        "DROP TABLE IF EXISTS orders",
        """CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(14,4), free numeric, day date, at timestamp,
           zoned timestamptz, paid boolean, note text, tags text[], extra jsonb, part uuid, small smallint,
           ratio double precision, pause interval, nothing numeric(8,2), picture bytea, clock time)""",
        """INSERT INTO orders VALUES
           (2, 0.1, 12345678901234567890.123456789, '2026-01-02', '2026-01-02 10:00:00.5', '2026-01-02 10:00+02', false,
            'a:b %s', '{x,y}', '{"k": [1, null]}', 'b5a3f3b0-7c1d-4a43-9d57-0b7f6b2f3c11', 7, 0.5, '26 hours', NULL,
            '\\x00ff', '10:30')""",
        "INSERT INTO orders (id, total, free, paid) VALUES (1, 9999999999.1234, 1, true)",
    )
    landing = lander.land(lander.source("sql", url=plain(postgres), table="orders"))
    assert dict(landing.columns) == {
        "id": "BIGINT",
        "total": "DECIMAL(14,4)",
        "free": "DECIMAL(29,9)",
        "day": "DATE",
        "at": "TIMESTAMP",
        "zoned": "TIMESTAMP WITH TIME ZONE",
        "paid": "BOOLEAN",
        "note": "VARCHAR",
        "tags": "VARCHAR",
        "extra": "VARCHAR",
        "part": "VARCHAR",
        "small": "BIGINT",
        "ratio": "DOUBLE",
        "pause": "VARCHAR",
        "nothing": "DECIMAL(8,2)",
        "picture": "BLOB",
        "clock": "TIME",
    }
    first, second = rows(landing)
    assert first[:2] == (1, Decimal("9999999999.1234"))
    assert second[:6] == (
        2,
        Decimal("0.1000"),
        Decimal("12345678901234567890.123456789"),
        date(2026, 1, 2),
        datetime(2026, 1, 2, 10, 0, 0, 500_000),
        datetime(2026, 1, 2, 8, tzinfo=UTC),
    )
    assert second[6:14] == (
        False,
        "a:b %s",
        '["x", "y"]',
        '{"k": [1, null]}',
        "b5a3f3b0-7c1d-4a43-9d57-0b7f6b2f3c11",
        7,
        0.5,
        "26:00:00",
    )


def test_postgres_is_read_by_schema_query_and_cursor(lander, rows, refused, postgres):
    run(
        postgres,
        'DROP SCHEMA IF EXISTS "Big" CASCADE',
        'CREATE SCHEMA "Big"',
        'CREATE TABLE "Big"."Orders" ("Id" int, at timestamp, note text)',
        """INSERT INTO "Big"."Orders" VALUES (1, '2026-01-01', 'a%b'), (2, '2026-01-02', 'c:d')""",
    )
    source = lander.source("sql", url=plain(postgres), table="Orders", schema="Big", cursor="at")
    first = lander.land(source)
    assert lander.land(source, first).unchanged
    run(postgres, """INSERT INTO "Big"."Orders" VALUES (3, '2026-01-02', ''), (4, '2026-01-05 01:02:03.000004', '')""")
    second = lander.land(source, first)
    assert [row[0] for row in rows(second)] == [1, 2, 3, 4]
    assert lander.land(source, second).unchanged
    query = """SELECT "Id" FROM "Big"."Orders" WHERE note LIKE '%:%' AND '10:30'::time IS NOT NULL"""
    assert rows(lander.land(lander.source("sql", url=plain(postgres), query=query))) == [(2,)]
    for statement in ('DELETE FROM "Big"."Orders" RETURNING *', "SELECT 1/0", "SELECT nope"):
        (problem,) = refused(lambda q=statement: lander.land(lander.source("sql", url=plain(postgres), query=q)))
        assert problem.code == "SOURCE031"
        assert problem.found.startswith("SQLSTATE")
    run(postgres, 'SELECT 1 / (SELECT count(*) FROM "Big"."Orders")')


def test_a_server_that_refuses_is_told_without_the_password(lander, refused, postgres):
    source = lander.source("sql", url=f"postgresql://weft:s3cret@127.0.0.1:{free_port()}/x", table="orders")
    (problem,) = refused(lambda: lander.land(source))
    assert (problem.code, "s3cret" in str(problem)) == ("SOURCE030", False)
    source = lander.source("sql", url=plain(postgres).replace("/postgres", "/nowhere"), table="orders")
    assert refused(lambda: lander.land(source))[0].code == "SOURCE030"


def test_mysql_types_are_kept(lander, rows, mysql):
    run(
        mysql,
        "DROP TABLE IF EXISTS orders",
        """CREATE TABLE orders (id int PRIMARY KEY, total decimal(12,2), day date, at datetime(6), note varchar(50),
           extra json, huge bigint unsigned, pause time, nothing date)""",
        """INSERT INTO orders VALUES (2, 0.10, '2026-01-02', '2026-01-02 10:00:00.25', 'Größe: 100%%', '{"k": 1}',
           18446744073709551615, '26:00:00', NULL), (1, 9999999999.99, NULL, NULL, NULL, NULL, 1, NULL, NULL)""",
    )
    landing = lander.land(lander.source("sql", url=plain(mysql), table="orders"))
    assert dict(landing.columns) == {
        "id": "BIGINT",
        "total": "DECIMAL(12,2)",
        "day": "DATE",
        "at": "TIMESTAMP",
        "note": "VARCHAR",
        "extra": "VARCHAR",
        "huge": "DECIMAL(20,0)",
        "pause": "VARCHAR",
        "nothing": "DATE",
    }
    assert rows(landing)[0][:2] == (1, Decimal("9999999999.99"))
    assert rows(landing)[1] == (
        2,
        Decimal("0.10"),
        date(2026, 1, 2),
        datetime(2026, 1, 2, 10, 0, 0, 250_000),
        "Größe: 100%",
        '{"k": 1}',
        Decimal("18446744073709551615"),
        "26:00:00",
        None,
    )


def test_mysql_is_read_by_query_and_cursor_and_never_written(lander, rows, refused, mysql):
    run(mysql, "DROP TABLE IF EXISTS events", "CREATE TABLE events (id int, at datetime, note varchar(20))")
    run(mysql, "INSERT INTO events VALUES (1, '2026-01-01', 'a%%b'), (2, '2026-01-02', 'c:d')")
    source = lander.source("sql", url=plain(mysql), table="events", cursor="at")
    first = lander.land(source)
    assert lander.land(source, first).unchanged
    run(mysql, "INSERT INTO events VALUES (3, '2026-01-02', '')")
    assert [row[0] for row in rows(lander.land(source, first))] == [1, 2, 3]
    query = "SELECT id FROM events WHERE note LIKE '%:%'"
    assert rows(lander.land(lander.source("sql", url=plain(mysql), query=query))) == [(2,)]
    delete = lander.source("sql", url=plain(mysql), query="DELETE FROM events RETURNING id")
    assert refused(lambda: lander.land(delete))[0].code == "SOURCE031"
