"""Every code that a user can meet is explained: what it means, why, how it looks wrong and right."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from weft.spec.problem_codes import problem_codes
from weft.spec.rule_book import explain, explanation_of, rule_book

SOURCES = Path(__file__).parents[2] / "src" / "weft"
CODE = re.compile(r"[A-Z]{3,}[0-9]{3}")
# Put together when they are raised, from the standard's name and the kind of its break.
STANDARDS = {f"ODCS00{kind}" for kind in "12345"} | {f"ODPS00{kind}" for kind in "1234"}


def raised_codes() -> set[str]:
    """Every text of the sources that is a code and nothing else; examples in docstrings are not."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES.rglob("*.py"))
    texts = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and CODE.fullmatch(text)} | STANDARDS


@pytest.mark.parametrize("rule", rule_book(), ids=lambda rule: rule.code)
def test_a_rule_explains_itself(rule):
    explanation = explanation_of(rule)
    assert explanation.code == rule.code
    assert explanation.severity == rule.severity


def test_no_code_is_used_by_two_rules():
    counts = Counter([rule.code for rule in rule_book()] + list(problem_codes()))
    assert [code for code, count in counts.items() if count > 1] == []


def test_every_code_that_is_raised_is_explained():
    assert sorted(code for code in raised_codes() if explain(code) is None) == []


def test_no_code_is_explained_that_nobody_raises():
    assert sorted(set(problem_codes()) - raised_codes()) == []


def test_there_is_one_rule_a_file_named_as_what_is_wrong():
    modules = Counter(type(rule).__module__ for rule in rule_book())
    assert set(modules.values()) == {1}
    for rule in rule_book():
        words = type(rule).__module__.rpartition(".")[2].split("_")
        assert type(rule).__name__ == "".join(word.capitalize() for word in words)
