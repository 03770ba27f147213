"""`weft keys`: what it prints of an environment's keys, and that it prints none of them."""

import base64
import json
import os
from pathlib import Path

import pytest

from weft.cli.main import run


@pytest.fixture
def mesh(tmp_path: Path) -> Path:
    root = tmp_path / "mesh"
    root.mkdir()
    (tmp_path / "scratch").mkdir()
    (root / "weft.yaml").write_text(
        "name: shop\nenvironments: {dev: {encryption: "
        f"{{keys: 'file:keys.json', key: main, scratch: {tmp_path / 'scratch'}}}}}}}\n"
    )
    return root


def write_keys(mesh: Path, *versions: str) -> dict[str, str]:
    path = mesh / "keys.json"
    before = json.loads(path.read_text())["main"] if path.exists() else {}
    keys = {one: before.get(one) or base64.b64encode(os.urandom(32)).decode() for one in versions}
    path.write_text(json.dumps({"main": keys}))
    path.chmod(0o600)
    return keys


def test_the_versions_that_are_needed_are_told(mesh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_keys(mesh, "1")
    assert run(["-C", str(mesh), "keys", "status"]) == 0
    assert capsys.readouterr().out == 'Master key "main", version 1.\nNothing is encrypted yet.\n'
    keys = write_keys(mesh, "1", "2")
    assert run(["-C", str(mesh), "keys", "rotate"]) == 0
    assert capsys.readouterr().out == "1 data key wrapped under version 2.\n"
    write_keys(mesh, "2")
    assert run(["-C", str(mesh), "keys", "status", "--format", "json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["current_version"] == "2"
    assert not any(key in said.out + said.err for key in keys.values())


def test_an_environment_without_keys_is_told_how_to_have_them(mesh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (mesh / "weft.yaml").write_text("name: shop\n")
    assert run(["-C", str(mesh), "keys", "status"]) == 2
    assert "KEY007" in capsys.readouterr().err
