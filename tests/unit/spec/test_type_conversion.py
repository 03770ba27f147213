"""What a column of one type loses when it is stored as the promised one."""

import pytest

from weft.spec.sql_type import parse_type
from weft.spec.type_conversion import loss_of


@pytest.mark.parametrize(
    ("made", "promised", "loss"),
    [
        ("INTEGER", "BIGINT", None),
        ("HUGEINT", "BIGINT", None),  # a sum: what overflows is named row by row
        ("DECIMAL(38,2)", "DECIMAL(12,2)", None),
        ("DECIMAL(12,3)", "DECIMAL(12,2)", "digits after the point are lost"),
        ("DECIMAL(12,0)", "BIGINT", None),
        ("DECIMAL(12,2)", "BIGINT", "values are rounded"),
        ("DOUBLE", "DECIMAL(12,2)", "values are rounded"),
        ("DOUBLE", "FLOAT", "values are rounded"),
        ("DECIMAL(12,2)", "DOUBLE", None),
        ("BIGINT", "DOUBLE", None),
        ("VARCHAR", "INTEGER", "text is not INTEGER"),
        ("INTEGER", "VARCHAR", None),
        ("BLOB", "VARCHAR", "bytes are no text"),
        ("BOOLEAN", "INTEGER", "BOOLEAN is not INTEGER"),
        ("TIMESTAMP", "DATE", "the time of day is lost"),
        ("DATE", "TIMESTAMP", None),
        ("TIMESTAMP", "TIMESTAMPTZ", "the instant depends on the time zone of whoever runs it"),
        ("TIMESTAMPTZ", "TIMESTAMP", "the instant depends on the time zone of whoever runs it"),
        ("INTEGER[]", "BIGINT[]", None),
        ("DOUBLE[]", "BIGINT[]", "in its element, values are rounded"),
        ("FLOAT[3]", "FLOAT[]", None),
        ("FLOAT[]", "FLOAT[3]", "FLOAT[] is not FLOAT[3]"),
        ("FLOAT[2]", "FLOAT[3]", "it holds 2 elements, not 3"),
        ("STRUCT(a INT)", "STRUCT(a BIGINT)", None),
        ("STRUCT(a INT)", "STRUCT(a INT, b INT)", "the field b is missing"),
        ("STRUCT(a INT, b INT)", "STRUCT(a INT)", "the field b is not promised"),
        ("STRUCT(a VARCHAR)", "STRUCT(a DATE)", "in the field a, text is not DATE"),
        ("MAP(VARCHAR, DOUBLE)", "MAP(VARCHAR, INTEGER)", "in its value, values are rounded"),
        ("STRUCT(a INT)", "VARCHAR", "STRUCT(a INTEGER) is not VARCHAR"),
    ],
)
def test_a_loss_is_named_and_an_overflow_is_left_to_the_rows(made, promised, loss):
    assert loss_of(parse_type(made), parse_type(promised)) == loss
