"""`weft init` on the command line."""

import json

from weft.cli.main import run


def test_templates_are_listed_with_what_they_are(capsys):
    assert run(["init", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "empty          A mesh without domains, to begin your own."
    assert [line.split()[0] for line in lines] == ["empty", "harbour", "olist", "order-to-cash"]


def test_a_new_mesh_says_what_to_do_next(tmp_path, capsys):
    assert run(["init", str(tmp_path / "new")]) == 0
    assert capsys.readouterr().out == (
        f"4 files made in {tmp_path / 'new'}.\nNext:\n  cd {tmp_path / 'new'}\n  less README.md\n"
        "  weft init --product DOMAIN/PRODUCT --from FILE\n"
    )


def test_a_machine_is_told_the_files(tmp_path, capsys):
    assert run(["init", str(tmp_path / "new"), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["files"] == [".gitignore", "README.md", "teams.yaml", "weft.yaml"]


def test_without_a_folder_it_asks_for_one(capsys):
    assert run(["init"]) == 2
    assert "Name the folder" in capsys.readouterr().err


def test_a_folder_in_use_is_wrong_usage(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine")
    assert run(["init", str(tmp_path)]) == 2
    assert "INIT002" in capsys.readouterr().err
