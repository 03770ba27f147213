import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weft.base.problem import Problem
from weft.base.yaml_source import MAX_BYTES, read_yaml, read_yaml_bytes, read_yaml_text

BILLION_LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("2026-01-01", "2026-01-01"),
        ("2026-01-01T10:00:00Z", "2026-01-01T10:00:00Z"),
        ("1_000", "1_000"),
        ("1.2.3", "1.2.3"),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("-1.5e3", -1500.0),
        (".inf", float("inf")),
        ("~", None),
        ("", None),
        ("True", True),
        ("'12'", "12"),
        ("!!str 12", "12"),
        ("!!int '12'", 12),
        ("! 12", "12"),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(text, value):
    file, problems = read_yaml_text(f"key: {text}\n", "a.yaml")
    assert (file.data, problems) == ({"key": value}, [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1\nb: 2\na: 3\n", "YAML007 3:1"),
        ("a:\n  b: 1\n\tc: 2\n", "YAML005 3:1"),
        ("a: 1\n\tb: 2\n", "YAML005 2:1"),
        ("x: &a 1\ny: &a 2\n", "YAML008 2:4"),
        ("x: *nope\n", "YAML008 1:4"),
        ("x: !!python/object/apply:os.system [ls]\n", "YAML009 1:4"),
        ("x: !mine 1\n", "YAML009 1:4"),
        ("x: &a [*a]\n", "YAML010 1:8"),
        (BILLION_LAUGHS, "YAML010 6:10"),
        ("[" * 500, "YAML011 1:101"),
        ("a: 1\n---\nb: 2\n", "YAML012 2:1"),
        ("", "YAML013 1:1"),
        ("# only words\n", "YAML013 1:1"),
        ("[a, b]: 1\n", "YAML015 1:1"),
        ("a: " + "9" * 5000 + "\n", "YAML016 1:4"),
        ("a: !!int x\n", "YAML016 1:4"),
        ("title: Orders: all\n", "YAML006 1:14"),
        ("a: [1, 2\n", "YAML006 2:1"),
        ("a: 'open\n", "YAML006 2:1"),
        ("a: \x01\n", "YAML006 1:4"),
    ],
    ids=lambda value: value[:24],
)
def test_a_mistake_is_told_at_its_place(text, told):
    _, problems = read_yaml_text(text, "a.yaml")
    assert [f"{p.code} {p.where.line}:{p.where.column}" for p in problems] == [told]


def test_all_mistakes_of_a_file_are_told_and_the_rest_is_read():
    content = b"\xef\xbb\xbfname: a\nname: b\nx: !t {k: 1}\ny: &q 1\nz: &q 2\n"
    file, problems = read_yaml_bytes(content, "a.yaml")
    assert [str(problem.where) + " " + problem.code for problem in problems] == [
        "a.yaml:1:1 YAML004",
        "a.yaml:2:1 YAML007",
        "a.yaml:3:4 YAML009",
        "a.yaml:5:4 YAML008",
    ]
    assert file.data == {"name": "a", "x": {"k": 1}, "y": 1, "z": 2}


def test_a_problem_reads_as_a_sentence_with_its_fix():
    _, problems = read_yaml_text("title: Orders: all of them\n", "product.yaml")
    assert str(problems[0]) == (
        "YAML006  product.yaml:1:14\n"
        "  A second colon stands in a line that holds a key already.\n"
        '  Fix: Quote a text that holds a colon: `title: "Orders: all of them"`.'
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("name: é".encode("latin-1"), 'a.yaml:1:7 found "byte 0xE9"'),
        ("a: 1\nb: ü\n".encode("cp1252"), 'a.yaml:2:4 found "byte 0xFC"'),
        ("a: 1".encode("utf-16"), 'a.yaml:1:1 found "None"'),
    ],
)
def test_another_encoding_is_told_with_the_byte_that_shows_it(content, told):
    _, (problem,) = read_yaml_bytes(content, "a.yaml")
    assert (problem.code, f'{problem.where} found "{problem.found}"') == ("YAML003", told)


def test_a_file_larger_than_a_declaration_is_refused_unread(tmp_path):
    path = tmp_path / "big.yaml"
    path.write_bytes(b"# " + b"x" * MAX_BYTES)
    _, (problem,) = read_yaml(path, "big.yaml")
    assert (problem.code, problem.found) == ("YAML002", f"{MAX_BYTES + 2:,} bytes")


def test_a_missing_file_is_a_problem(tmp_path):
    _, (problem,) = read_yaml(tmp_path / "none.yaml", "none.yaml")
    assert (problem.code, str(problem.where)) == ("YAML001", "none.yaml")


def test_every_value_knows_its_place_and_a_missing_one_its_nearest_ancestor():
    file, _ = read_yaml_text("a: 1\nports:\n  - name: x\n    tags: [p, q]\n  - {name: y}\n", "a.yaml")
    places = {
        keys: str(file.place(*keys))
        for keys in [(), ("a",), ("ports", 0), ("ports", 0, "tags", 1), ("ports", 1, "name"), ("ports", 1, "tags")]
    }
    assert places == {
        (): "a.yaml:1:1",
        ("a",): "a.yaml:1:1",
        ("ports", 0): "a.yaml:3:5",
        ("ports", 0, "tags", 1): "a.yaml:4:15",
        ("ports", 1, "name"): "a.yaml:5:6",
        ("ports", 1, "tags"): "a.yaml:5:5",
    }


def test_aliases_are_copies_placed_where_they_were_written():
    file, _ = read_yaml_text("a: &x {k: [1]}\nb: *x\nc: {<<: *x, own: 2}\n", "a.yaml")
    assert file.data == {"a": {"k": [1]}, "b": {"k": [1]}, "c": {"own": 2, "k": [1]}}
    assert file.data["a"]["k"] is not file.data["b"]["k"]
    assert str(file.place("b", "k")) == "a.yaml:1:8"


@pytest.mark.parametrize(
    "text",
    [
        "a: &a {k: 1}\nb: [" + "*a, " * 90_000 + "*a]\n",
        "a: &a 1\nb: [" + "*a, " * 150_000 + "*a]\n",
        "- x\n" * 1_000_000,
        "a: " + "9" * 4_000_000,
        "a: " + "[" * 3_000_000,
        "? " * 1_000_000,
        "- " * 1_000_000,
        "&a " * 500_000,
    ],
    ids=lambda text: text[:12],
)
def test_no_file_of_allowed_size_takes_long(text):
    started = time.process_time()
    read_yaml_text(text, "a.yaml")
    assert time.process_time() - started < 10  # about 1 s; anything quadratic would take minutes


def test_a_pipe_is_refused_rather_than_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.yaml")
    _, (problem,) = read_yaml(tmp_path / "a.yaml", "a.yaml")
    assert problem.code == "YAML001"


def test_keys_are_the_texts_as_written():
    file, problems = read_yaml_text("on: 1\n7: 2\nnull: 3\n", "a.yaml")
    assert (file.data, problems) == ({"on": 1, "7": 2, "null": 3}, [])


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise_anything(content):
    _, problems = read_yaml_bytes(content, "a.yaml")
    assert all(isinstance(problem, Problem) and problem.where for problem in problems)


YAML_LIKE = st.lists(
    st.sampled_from(
        [*"abc019:-,[]{}&*!|>'\"%@`#?\t\n~.<", " ", "  ", "\n", "\n  ", ": ", "- ", "<<: ", "!!int ", "é", "\0"]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=800, deadline=None)
@given(st.one_of(YAML_LIKE, st.text(max_size=200)))
def test_no_text_raises_anything(text):
    file, problems = read_yaml_text(text, "a.yaml")
    assert file.data is not None or problems or text.strip()
    for problem in problems:
        assert problem.where is not None
        assert problem.where.line >= 1
        assert problem.where.column >= 1


def test_both_parsers_of_pyyaml_give_the_same(monkeypatch, shared_standards):
    from weft.base import yaml_events

    for path in sorted((shared_standards / "odcs").rglob("*.yaml")):
        by_libyaml, _ = read_yaml(path)
        monkeypatch.setattr(yaml_events, "_Parser", None)
        by_python, problems = read_yaml(path)
        monkeypatch.undo()
        assert (by_python, problems) == (by_libyaml, [])
