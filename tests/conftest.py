"""Fixtures that every kind of test shares."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


def _folder(variable: str) -> Path:
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set: this test needs the folder it names")
    folder = Path(value)
    if not folder.is_dir():
        pytest.skip(f"{variable} names a folder that is not there")
    return folder


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real data sets, named by WEFT_TEST_DATA."""
    return _folder("WEFT_TEST_DATA")


@pytest.fixture(scope="session")
def shared_standards() -> Path:
    """Folder of the official schemas and examples, named by WEFT_TEST_STANDARDS."""
    return _folder("WEFT_TEST_STANDARDS")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a Postgres server of this test run, without a database's name."""
    initdb, pg_ctl = shutil.which("initdb"), shutil.which("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("no Postgres server (initdb, pg_ctl) on this machine")
    # Not below pytest's own folder, which nobody else may enter: Postgres refuses to run as root.
    folder = Path(tempfile.mkdtemp(prefix="weft-postgres-"))
    prefix: list[str] = []
    if os.geteuid() == 0:
        if shutil.which("runuser") is None:
            pytest.skip("running as root, and there is no runuser to start Postgres as somebody else")
        prefix = ["runuser", "-u", "nobody", "--"]
        shutil.chown(folder, "nobody")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    made = subprocess.run(
        [*prefix, initdb, "-D", data, "-A", "trust", "-U", "weft", "-E", "UTF8", "--no-locale"],
        check=False,
        capture_output=True,
        cwd="/",
    )
    assert made.returncode == 0, made.stderr
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    server = [*prefix, pg_ctl, "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
    subprocess.run(server, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        yield f"postgresql://weft@127.0.0.1:{port}/"
    finally:
        stop = [*prefix, pg_ctl, "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, capture_output=True, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)
