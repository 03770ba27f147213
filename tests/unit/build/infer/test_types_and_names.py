"""Types of texts, gaps, and names that SQL takes."""

import pytest


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
        (["1"] * 12_000 + ["two"], "VARCHAR"),  # beyond the first look
        ([None, ""], "VARCHAR"),
        (["1.5e300"], "VARCHAR"),
    ],
)
def test_a_type_is_chosen_only_where_every_value_fits(infer, texts, kind):
    assert infer(a=texts).columns[0].type == kind


def test_a_column_without_gaps_is_required_and_an_empty_text_is_a_gap(infer):
    table = infer(a=["1", "2"] * 10, b=["1", None] * 10, c=["x", ""] * 10)
    assert [column.name for column in table.columns if table.of("required", column.name)] == ["a"]


def test_names_are_such_that_sql_takes_them_and_the_data_keeps_its_own(infer):
    columns = infer(**{"Order No.": [1], "2nd": [2]}).columns
    assert [(column.source_name, column.name) for column in columns] == [
        ("Order No.", "order_no"),
        ("2nd", "column_2nd"),
    ]
