"""The rule on patterns says of an expression what the engine says of it."""

import duckdb
import pytest

from weft.base.problem import Place
from weft.spec.rules.pattern_invalid import PatternInvalid

PATTERNS = [
    *[r"^[A-Z]{3}$", r"^\d+(\.\d{2})?$", r"^[^@\s]+@[^@\s]+$", r"(?i)^abc$", r"^\p{L}+$", r"^[[:alpha:]]+\z"],
    *[r"a|b", r"", r"^[(?=]x$", r"\\1", r"[\]]+", r"(?P<year>\d{4})", r"a{2,5}?", r"^(?:ab)+$"],
    *[r"^[A-Z{3}$", r"(", r"*a", r"a{5,2}", r"[z-a]", r"^(?!X).*$", r"(?<=a)b", r"(a)\1", r"a++", r"(?>a)b"],
]  # fmt: skip


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_is_refused_exactly_where_the_engine_refuses_it(pattern):
    told = list(PatternInvalid()._pattern(pattern, Place("c.yaml"), "It"))
    try:
        duckdb.sql("SELECT regexp_matches(x, $1) FROM (VALUES ('a')) t(x)", params=[pattern]).fetchall()
        runs = True
    except duckdb.Error:
        runs = False
    assert (told == []) == runs, told
