"""Fixtures that every kind of test shares."""

import contextlib
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

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


@contextlib.contextmanager
def _postgres(certificate: tuple[bytes, bytes] | None = None) -> Iterator[int]:
    """The port of a Postgres server; with a certificate and its key it speaks TLS and nothing else."""
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
    if certificate is not None:
        for name, content in zip(("server.crt", "server.key"), certificate, strict=True):
            (folder / name).write_bytes(content)
            (folder / name).chmod(0o600)
            if prefix:
                shutil.chown(folder / name, "nobody")
        options += f" -c ssl=on -c ssl_cert_file={folder}/server.crt -c ssl_key_file={folder}/server.key"
        (data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 trust\n")
    server = [*prefix, pg_ctl, "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
    subprocess.run(server, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
    try:
        yield port
    finally:
        stop = [*prefix, pg_ctl, "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, capture_output=True, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a Postgres server of this test run, without a database's name."""
    with _postgres() as port:
        yield f"postgresql://weft@127.0.0.1:{port}/"


@pytest.fixture(scope="session")
def postgres_with_tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path, Path]]:
    """A Postgres server with a certificate for "localhost": its port, its authority's certificate, and another one."""
    made = _sibling("certificates")
    authority, other = made.Authority("weft tests"), made.Authority("somebody else")
    folder = tmp_path_factory.mktemp("authorities")
    paths = [folder / "ca.pem", folder / "other.pem"]
    for path, one in zip(paths, (authority, other), strict=True):
        path.write_bytes(one.certificate)
    with _postgres(authority.issue("localhost")) as port:
        yield port, paths[0], paths[1]


@pytest.fixture
def postgres_database(postgres_server: str) -> str:
    """URL of a database of its own on the server of this test run."""
    import urllib.parse

    import pg8000.dbapi

    name = f"weft_{uuid.uuid4().hex}"
    address = urllib.parse.urlsplit(postgres_server)
    with contextlib.closing(
        pg8000.dbapi.connect(user=address.username, host=address.hostname, port=address.port, database="postgres")
    ) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
    return f"{postgres_server}{name}"


@pytest.fixture
def postgres_proxy() -> "Callable[[str], contextlib.AbstractContextManager[Any]]":
    """A proxy before a database that can lose the reply to a commit; see postgres_proxy.py."""
    return _sibling("postgres_proxy").postgres_proxy


def _sibling(name: str) -> ModuleType:
    """A module beside this file: importmode=importlib does not put the folder on the path."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]
