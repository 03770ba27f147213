"""How a call begins and ends: options before or behind the command, its exit code, and never a bare traceback."""

import importlib
import json

import pytest

from weft.cli.main import run


@pytest.fixture
def mesh(tmp_path, monkeypatch):
    (tmp_path / "weft.yaml").write_text("name: m\nenvironments: {dev: {}, prod: {}}\ndefault_environment: dev\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_call_without_a_command_shows_the_help(capsys):
    assert run([]) == 2
    assert "Usage: weft" in capsys.readouterr().err


@pytest.mark.parametrize("call", [["--env", "nowhere", "check"], ["check", "--env", "nowhere"]])
def test_the_environment_may_stand_before_or_behind_the_command(mesh, capsys, call):
    assert run(call) == 10
    assert 'Environment "nowhere" is not declared.' in capsys.readouterr().err


@pytest.mark.parametrize("flag", ["-q", "--quiet", "-v", "-vv", "--verbose"])
def test_quiet_and_verbose_may_stand_behind_the_command(mesh, flag):
    assert run(["check", flag]) == 0


def test_a_bug_is_reported_without_traceback_or_what_the_error_quotes(mesh, monkeypatch, capsys):
    def fail(*_, **__):
        raise ValueError("cell value 4711")

    monkeypatch.setattr(importlib.import_module("weft.workspace.workspace").Workspace, "open", fail)
    assert run(["--mesh", ".", "check", "--format", "json"]) == 70
    printed = capsys.readouterr()
    (problem,) = json.loads(printed.out)["problems"]
    assert (problem["code"], "4711" in printed.out + printed.err) == ("BUG001", False)


def test_a_bug_shows_its_traceback_where_asked_for(mesh, monkeypatch):
    def fail(*_, **__):
        raise ValueError("ours")

    monkeypatch.setenv("WEFT_TRACEBACK", "1")
    monkeypatch.setattr(importlib.import_module("weft.workspace.workspace").Workspace, "open", fail)
    with pytest.raises(ValueError, match="ours"):
        run(["check"])
