"""Codes that no rule carries are explained by texts beside the code; tests/habits sees that none is missing."""

import pytest

from weft.spec.explanation import parse_explanation
from weft.spec.problem_codes import problem_codes


def test_a_text_gives_code_severity_and_all_parts():
    explanation = problem_codes()["SOURCE016"]
    assert (explanation.code, explanation.severity) == ("SOURCE016", "warning")
    assert explanation.fact == "rows of a source were rejected"
    assert "" not in (explanation.why, explanation.bad, explanation.good)


@pytest.mark.parametrize(
    "text", ["SPEC1: no.\n\nWhy: a\nBad: b\nGood: c", "SPEC101: fact.\nWhy: a\nGood: c", "SPEC101: fact.", ""]
)
def test_a_text_that_lacks_a_part_is_a_mistake_of_ours(text):
    with pytest.raises(ValueError, match="an explanation lacks"):
        parse_explanation(text)
