"""A copied storage folder never touches the tables of the one that it was copied from."""

import shutil

import pytest

from weft.base.problem import Problem
from weft.cli.main import run
from weft.workspace.storage_place import hold_storage_place


def test_a_folder_that_stays_is_opened_again_and_again(tmp_path):
    hold_storage_place(tmp_path)
    hold_storage_place(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path)
    hold_storage_place(tmp_path / "link")


def test_a_copied_mesh_is_refused_before_it_reads_or_removes_what_is_not_its_own(tmp_path, monkeypatch, capsys):
    run(["init", str(tmp_path / "old"), "--template", "harbour"])
    assert run(["--mesh", str(tmp_path / "old"), "-q", "build", "operations/calls"]) == 0
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    capsys.readouterr()
    assert run(["--mesh", str(tmp_path / "new"), "maintain", "--orphans", "--grace-hours", "0"]) == 13
    told = capsys.readouterr().err
    assert told.startswith("LAKE007")
    assert f"made at {tmp_path}/old/.weft, now at {tmp_path}/new/.weft" in told
    assert run(["--mesh", str(tmp_path / "old"), "query", "SELECT count(*) FROM operations.calls"]) == 0


def test_a_moved_folder_says_so(tmp_path):
    hold_storage_place(tmp_path)
    (tmp_path / "made-at").write_text("/nowhere/.weft\n")
    with pytest.raises(Problem, match="moved or copied"):
        hold_storage_place(tmp_path)


def test_a_lost_file_of_a_table_is_told_and_no_bug(tmp_path, capsys):
    mesh = tmp_path / "m"
    run(["init", str(mesh), "--template", "harbour"])
    assert run(["--mesh", str(mesh), "-q", "build", "operations/calls"]) == 0
    shutil.rmtree(mesh / ".weft" / "tables")
    capsys.readouterr()
    assert run(["--mesh", str(mesh), "query", "SELECT count(*) FROM operations.calls"]) == 13
    assert capsys.readouterr().err.startswith("LAKE007")
