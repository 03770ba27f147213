"""Fixtures that every kind of test shares."""

import os
import shutil
import subprocess
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
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a Postgres server of this test run, without a database's name."""
    initdb, pg_ctl = shutil.which("initdb"), shutil.which("pg_ctl")
    if initdb is None or pg_ctl is None:
        pytest.skip("no Postgres server (initdb, pg_ctl) on this machine")
    folder = tmp_path_factory.mktemp("pg")
    # Postgres refuses to run as root; another user must then own the folder and reach it.
    prefix: list[str] = []
    if os.geteuid() == 0:
        prefix = ["runuser", "-u", "nobody", "--"]
        shutil.chown(folder, "nobody")
        for parent in (folder, *folder.parents):
            if parent.owner() in ("root", "nobody") and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o055)
    data = folder / "data"
    port = 54_000 + os.getpid() % 1000
    subprocess.run([*prefix, initdb, "-D", data, "-A", "trust", "-U", "weft"], check=True, capture_output=True, cwd="/")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    subprocess.run(
        [*prefix, pg_ctl, "-D", data, "-w", "-l", folder / "log", "-o", options, "start"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )
    yield f"postgresql://weft@127.0.0.1:{port}/"
    subprocess.run([*prefix, pg_ctl, "-D", data, "-m", "immediate", "stop"], check=False, capture_output=True, cwd="/")
