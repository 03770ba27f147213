"""JSON in all its shapes."""

# ruff: noqa: DTZ001 (the values have no time zone)

from datetime import datetime
from decimal import Decimal

import pytest


def test_a_list_of_objects_keeps_nested_values_nested(lander, rows):
    lander.write(
        "fees.json",
        '[{"id": 1, "at": "2026-01-01T10:00:00", "ship": {"imo": "0123", "tags": ["a", "b"]}}, {"id": 2, "fee": 1.5}]',
    )
    landing = lander.land(lander.source("json", "fees.json"))
    assert dict(landing.columns) == {
        "id": "BIGINT",
        "at": "TIMESTAMP",
        "ship": "STRUCT(imo VARCHAR, tags VARCHAR[])",
        "fee": "DOUBLE",
    }
    assert rows(landing) == [
        (1, datetime(2026, 1, 1, 10), {"imo": "0123", "tags": ["a", "b"]}, None),
        (2, None, None, 1.5),
    ]


@pytest.mark.parametrize(
    "text",
    ['[{"a": 1}, {"a": 2}]', '{"a": 1}{"a": 2}', '{"a": 1}\n\n{"a":\n2}', '\ufeff[{"a": 1},\n{"a": 2}\n]'],
)
def test_lists_and_values_one_after_the_other_are_the_same(lander, rows, text):
    lander.write("fees.json", text)
    assert rows(lander.land(lander.source("json", "fees.json"))) == [(1,), (2,)]


def test_records_may_lie_within_the_document(lander, rows):
    lander.write("fees.json", '{"meta": {"n": 2}, "data": {"items": [{"a": 1}, {"a": 2}], "more": false}}')
    assert rows(lander.land(lander.source("json", "fees.json", records="data.items"))) == [(1,), (2,)]


def test_items_that_are_no_objects_are_rejected(lander, rows, rejected):
    lander.write("fees.json", '[{"a": 1},\n 7,\n [1],\n {"a": 2}]')
    landing = lander.land(lander.source("json", "fees.json"))
    assert rows(landing) == [(1,), (2,)]
    assert rejected(landing) == [(2, "is not a JSON object"), (3, "is not a JSON object")]


@pytest.mark.parametrize(
    "text", ['[{"a": 1},\n{"a": }]', '[{"a": 1},\n{"a": 2}', '{"a": 1}\n{"a"', '[{"a": 1}\n{"a": 2}]']
)
def test_a_document_that_is_no_json_is_refused_with_the_line_and_what_was_readable(lander, refused, text):
    lander.write("fees.json", text)
    (problem,) = refused(lambda: lander.land(lander.source("json", "fees.json")))
    assert (problem.code, problem.where.line) == ("SOURCE025", 2)
    assert "records were readable before that; nothing of the file was landed" in problem.found


def test_deep_nesting_is_refused_not_a_crash(lander, refused):
    lander.write("fees.json", "[" * 100_000)
    assert [p.code for p in refused(lambda: lander.land(lander.source("json", "fees.json")))] == ["SOURCE025"]


def test_bad_lines_of_ndjson_are_rejected_and_the_others_read(lander, rows, rejected):
    lander.write("bank.ndjson", b'{"a": 1}\r\n\nnope\n{"a": "x\n[2]\n{"a": 3, "b": "\xff"}\n{"a": 4}')
    landing = lander.land(lander.source("ndjson", "bank.ndjson", encoding="utf-8"))
    assert rows(landing) == [(1,), (4,)]
    assert rejected(landing) == [
        (3, "is not valid JSON"),
        (5, "is not a JSON object"),
        (6, "holds bytes that are not in the file's encoding"),
        (4, "is not valid JSON"),
    ]
    assert (landing.rows_in_files, landing.rows_rejected) == (6, 4)


def test_declared_types_hold_or_reject_the_record(lander, rows, rejected):
    lander.write(
        "bank.ndjson", '{"id": 1, "amount": "12.50"}\n{"id": 2, "amount": 0.5}\n{"id": 3, "amount": "12.505"}\n'
    )
    landing = lander.land(lander.source("ndjson", "bank.ndjson", columns={"amount": "decimal(12,2)"}))
    assert rows(landing) == [(1, Decimal("12.50")), (2, Decimal("0.50"))]
    assert rejected(landing) == [(3, 'column "amount" does not fit DECIMAL(12,2)')]


def test_numbers_written_as_texts_stay_texts_and_mixed_columns_are_text(lander, rows):
    lander.write("bank.ndjson", '{"zip": "0123", "n": "5", "m": 1}\n{"zip": "4567", "n": "6", "m": "x"}\n')
    landing = lander.land(lander.source("ndjson", "bank.ndjson"))
    assert dict(landing.columns) == {"zip": "VARCHAR", "n": "VARCHAR", "m": "VARCHAR"}
    assert rows(landing) == [("0123", "5", "1"), ("4567", "6", "x")]


def test_names_that_differ_in_case_only_stay_apart(lander, rows, codes):
    lander.write("bank.ndjson", '{"id": 1, "Id": 2, "a.b": 3, "a/b": 4, "": 5, "x": {"k": 1, "K": 2}}\n')
    landing = lander.land(lander.source("ndjson", "bank.ndjson"))
    assert list(landing.columns) == ["id", "Id_2", "a.b", "a/b", "column_5", "x"]
    assert rows(landing) == [(1, 2, 3, 4, 5, '{"k":1,"K":2}')]
    assert set(codes(landing)) == {"SOURCE015"}


def test_a_file_without_records_is_refused_unless_its_columns_are_declared(lander, refused, codes):
    lander.write("fees.json", "[]")
    assert "SOURCE017" in [p.code for p in refused(lambda: lander.land(lander.source("json", "fees.json")))]
    landing = lander.land(lander.source("json", "fees.json", columns={"id": "bigint"}))
    assert (dict(landing.columns), codes(landing)) == ({"id": "BIGINT"}, ["SOURCE013"])


def test_the_nested_json_of_csvkit_has_its_two_rows(lander, shared_data):
    folder = shared_data / "messy" / "csvkit_examples"
    landing = lander.land(lander.source("json", str(folder / "testjson_nested.json")))
    assert (landing.rows_landed, landing.columns["nested"]) == (
        2,
        'STRUCT("time" VARCHAR, nested STRUCT(date VARCHAR, "integer" BIGINT))',
    )
    assert lander.land(lander.source("ndjson", str(folder / "testjson_multiline.json"))).rows_landed == 2


def test_escaped_null_bytes_reject_their_record(lander, rows, rejected):
    lander.write("bank.ndjson", '{"a": 1}\n{"\\u0000b": 2}\n{"a": 3, "c": "\\\\u0000"}\n')
    landing = lander.land(lander.source("ndjson", "bank.ndjson"))
    assert rows(landing) == [(1, None), (3, "\\u0000")]
    assert rejected(landing) == [(2, "holds a null byte")]


def test_records_without_members_are_refused(lander, refused):
    lander.write("bank.ndjson", "{}\n{}\n")
    assert [p.code for p in refused(lambda: lander.land(lander.source("ndjson", "bank.ndjson")))] == ["SOURCE017"]
