"""`state:modified` means the same to every command that takes a selection."""

import pytest

from weft.cli.main import run


@pytest.fixture
def built(tmp_path, capsys):
    mesh = tmp_path / "harbour"
    assert run(["init", str(mesh), "--template", "harbour"]) == 0
    assert run(["-q", "-C", str(mesh), "build"]) == 0
    capsys.readouterr()
    return mesh


def test_a_changed_model_is_what_ls_and_test_choose_by_state(built, capsys):
    assert run(["-C", str(built), "ls", "state:modified"]) == 0
    assert "billing/fees" not in capsys.readouterr().out
    model = built / "domains/billing/fees/models/fees.sql"
    model.write_text(model.read_text().replace("FROM fee_lines", "FROM fee_lines WHERE true"))
    assert run(["-C", str(built), "ls", "state:modified"]) == 0
    printed = capsys.readouterr().out
    assert "billing/fees" in printed
    assert "planning/visits  " not in printed.split("reads")[-1]
    assert run(["-C", str(built), "test", "state:modified+"]) == 0
    assert "2 of 2 cases passed." in capsys.readouterr().out
