"""What columns seem to be, from their values."""

import pytest

from weft.build.infer_columns import infer_columns, likely_key
from weft.engine.duckdb_engine import DuckDBEngine


def inferred(**values):
    """One inferred column for each list of texts."""
    rows = zip(*values.values(), strict=True)
    rows_sql = ", ".join("(" + ", ".join("NULL" if v is None else f"'{v}'" for v in row) + ")" for row in rows)
    with DuckDBEngine() as engine:
        names = ", ".join(f'"{name}"' for name in values)
        engine.add_view("given", f"SELECT * FROM (VALUES {rows_sql}) AS t({names})")
        return infer_columns(engine, "given")


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["1", "-20", "0"], "BIGINT"),
        (["01234", "99999"], "VARCHAR"),  # a code, no number
        (["1", "2.50"], "DECIMAL(18,2)"),
        (["0.123456"], "DECIMAL(28,6)"),
        (["2026-01-31", None], "DATE"),
        (["2026-02-31"], "VARCHAR"),  # no day at all
        (["2026-01-31 08:00", "2026-01-31T09:30:15.5"], "TIMESTAMP"),
        (["true", "FALSE"], "BOOLEAN"),
        (["1", "two"], "VARCHAR"),
        ([None, ""], "VARCHAR"),
        (["1.5e300"], "VARCHAR"),
    ],
)
def test_a_type_is_chosen_only_where_every_value_fits(texts, kind):
    assert inferred(a=texts)[0].type == kind


def test_a_column_without_gaps_is_complete_and_an_empty_text_is_a_gap():
    complete, gap, empty = inferred(a=["1", "2"], b=["1", None], c=["1", ""])
    assert (complete.is_complete, gap.is_complete, empty.is_complete) == (True, False, False)


def test_the_key_is_a_complete_column_without_repeats_that_is_called_like_one():
    columns = inferred(name=["a", "b"], order_no=["7", "8"], city=["x", "x"])
    assert [column.name for column in columns if column.is_unique] == ["name", "order_no"]
    assert likely_key(columns).name == "order_no"


def test_without_a_telling_name_the_first_column_is_the_key_and_no_other():
    assert likely_key(inferred(name=["a", "b"], city=["x", "y"])).name == "name"
    assert likely_key(inferred(name=["a", "a"], city=["x", "y"])) is None


def test_few_words_that_come_often_are_a_closed_list():
    colours, names = inferred(a=["red", "blue"] * 20, b=[f"n{number}" for number in range(40)])
    assert (colours.values, names.values) == (("blue", "red"), ())
