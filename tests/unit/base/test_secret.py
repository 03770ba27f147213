import pytest

from weft.base.problem import Problem
from weft.base.secret import resolve_secret, resolve_secrets


def test_a_variable_and_a_file_are_put_in_their_places(tmp_path):
    (tmp_path / "password").write_text("s3cret\n")
    url = resolve_secret("postgresql://${env:DB_USER}:${file:password}@db/weft", {"DB_USER": "ada"}, tmp_path)
    assert url == "postgresql://ada:s3cret@db/weft"


def test_references_are_found_inside_lists_and_mappings():
    value = {"a": ["${env:X}", 1], "b": {"c": "x ${env:X}"}, "d": None}
    assert resolve_secrets(value, {"X": "y"}) == {"a": ["y", 1], "b": {"c": "x y"}, "d": None}


@pytest.mark.parametrize("text", ["", "plain", "$HOME", "${HOME}", "${other:x}", "${env:X", "100 $"])
def test_any_other_text_stays_as_it_is(text):
    assert resolve_secret(text, {"X": "y", "HOME": "z"}) == text


def test_what_a_secret_holds_is_not_resolved_again():
    assert resolve_secret("${env:A}", {"A": "${env:B}", "B": "deep"}) == "${env:B}"


def test_an_unset_variable_is_a_problem_that_names_it():
    with pytest.raises(Problem) as caught:
        resolve_secret("${env:NOPE}", {})
    assert (caught.value.code, caught.value.fix) == ("SECRET001", "Set it before the command: export NOPE=...")


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_an_unreadable_file_is_a_problem_that_shows_no_content(content, tmp_path):
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(Problem) as caught:
        resolve_secret("${file:key}", {}, tmp_path)
    assert caught.value.code == "SECRET002"
    assert caught.value.__suppress_context__
