"""`weft explain` prints what a code means, with or without a mesh."""

import json

from weft.cli.main import run
from weft.spec.rule_book import every_explanation


def test_a_code_is_explained_with_a_wrong_and_a_right_example(capsys):
    assert run(["explain", "spec103"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == "SPEC103 (warning): a domain has no owning team."
    assert [line[:6] for line in out.splitlines()[2:]] == ["Why:  ", "Bad:  ", "Good: "]


def test_codes_that_no_rule_carries_are_explained_too(capsys):
    assert run(["explain", "LAKE002"]) == 0
    assert capsys.readouterr().out.startswith("LAKE002 (error): a port was published by somebody else")


def test_a_mistyped_code_is_a_wrong_use_and_offers_the_nearest(capsys):
    assert run(["explain", "SPECS101"]) == 2
    assert 'Did you mean "SPEC101"?' in capsys.readouterr().err


def test_no_code_is_a_wrong_use(capsys):
    assert run(["explain"]) == 2
    assert "--all" in capsys.readouterr().err


def test_all_codes_are_listed_for_people_and_machines(capsys):
    assert run(["explain", "--all"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(every_explanation())
    assert run(["explain", "--all", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {tuple(one) for one in told} == {("code", "severity", "fact", "why", "bad", "good")}
    assert len(told) == len(every_explanation()) > 100
