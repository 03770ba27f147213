"""Results to standard output, everything else to standard error; nothing coloured into a pipe."""

import json

import pytest

from weft.base.problem import Place, Problem
from weft.cli.main import run
from weft.cli.output import Output

PROBLEM = Problem("SPEC003", "Input port does not exist.", Place("product.yaml", 8, 3), fix='Did you mean "orders"?')


def test_text_and_json_come_from_the_same_call(capsys):
    Output("text").show({"rows": 2}, lambda: "2 rows")
    Output("json").show({"rows": 2}, lambda: "2 rows")
    text, _, data = capsys.readouterr().out.partition("\n")
    assert (text, json.loads(data)) == ("2 rows", {"rows": 2})


def test_problems_go_to_standard_error_as_text_and_to_standard_output_as_json(capsys):
    Output("text").problems([PROBLEM])
    assert capsys.readouterr().err == str(PROBLEM) + "\n"
    Output("json").problems([PROBLEM])
    assert json.loads(capsys.readouterr().out)["problems"][0]["line"] == 8


def test_quiet_keeps_progress_back_and_verbose_adds_detail(capsys):
    for verbosity in (-1, 0, 1):
        output = Output(verbosity=verbosity)
        output.progress(f"progress {verbosity}")
        output.detail(f"detail {verbosity}")
    assert capsys.readouterr().err.split("\n") == ["progress 0", "progress 1", "detail 1", ""]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["biuld"], 2, 'Did you mean "build"?'),
        (["--nonsense"], 2, "No such option"),
        (["ls"], 10, "weft init"),
        (["--version"], 0, ""),
    ],
)
def test_exit_codes_of_wrong_calls(arguments, code, says, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == code
    assert says in capsys.readouterr().err


def test_a_problem_is_json_when_json_was_asked_for(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["ls", "--format", "json"]) == 10
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "SPEC001"


def test_a_table_in_a_pipe_folds_no_cell(capsys, monkeypatch):
    from rich.table import Table

    monkeypatch.delenv("COLUMNS", raising=False)
    table = Table("rules")
    table.add_row("word " * 60)
    Output().show([], lambda: table)
    assert ("word " * 60).strip() in capsys.readouterr().out
