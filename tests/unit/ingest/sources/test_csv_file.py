"""Dirty CSV files: each is read rightly or reported; rows read and rejected are all rows of the file."""

# ruff: noqa: DTZ001 (the values have no time zone)

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest


def test_a_clean_file_gets_the_types_that_all_of_its_values_have(lander, rows):
    lander.write(
        "calls.csv",
        "id,ship,fee,arrived,day,paid,imo\n1,Astra,9.50,2026-01-01 10:00:00,2026-01-01,true,0123\n"
        "2,,12.25,2026-01-02T11:30:00,2026-01-02,false,0456\n",
    )
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert dict(landing.columns) == {
        "id": "BIGINT",
        "ship": "VARCHAR",
        "fee": "DECIMAL(18,2)",
        "arrived": "TIMESTAMP",
        "day": "DATE",
        "paid": "BOOLEAN",
        "imo": "VARCHAR",
    }
    assert rows(landing) == [
        (1, "Astra", Decimal("9.50"), datetime(2026, 1, 1, 10), date(2026, 1, 1), True, "0123"),
        (2, None, Decimal("12.25"), datetime(2026, 1, 2, 11, 30), date(2026, 1, 2), False, "0456"),
    ]
    assert (landing.rows_in_files, landing.rows_landed, landing.rows_rejected) == (2, 2, 0)
    assert landing.problems == ()


def test_the_type_is_that_of_all_rows_not_of_the_first_thousand(lander, rows):
    lander.write("calls.csv", "n\n" + "1\n" * 5000 + "x\n")
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert dict(landing.columns) == {"n": "VARCHAR"}
    assert rows(landing)[-1] == ("x",)


def test_ragged_rows_are_rejected_with_line_and_reason(lander, rows, rejected, codes):
    lander.write("calls.csv", "a,b\n1,2\n3\n4,5,6\n7,8\n")
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert rows(landing) == [(1, 2), (7, 8)]
    assert rejected(landing) == [(3, "too few fields: 1 instead of 2"), (4, "too many fields: 3 instead of 2")]
    assert (landing.rows_in_files, landing.rows_landed, landing.rows_rejected) == (4, 2, 2)
    assert codes(landing) == ["SOURCE016"]
    assert str(landing.problems[0].where) == "calls.csv:3"


def test_ragged_pad_fills_what_is_missing_and_still_rejects_what_is_too_much(lander, rows, rejected):
    lander.write("calls.csv", "a,b\n1,2\n3\n4,5,6\n")
    landing = lander.land(lander.source("csv", "calls.csv", ragged="pad"))
    assert rows(landing) == [(1, 2), (3, None)]
    assert rejected(landing) == [(4, "too many fields: 3 instead of 2")]


def test_messages_never_hold_a_value_and_the_reject_file_holds_the_line(lander):
    lander.write("calls.csv", "id,fee\n1,9.50\n2,SECRET\n")
    landing = lander.land(lander.source("csv", "calls.csv", columns={"fee": "decimal(10,2)"}))
    told = "\n".join(str(problem) for problem in landing.problems)
    assert "SECRET" not in told
    assert 'column "fee" does not fit DECIMAL(10,2)' in told
    assert json.loads(Path(landing.rejects).read_text()) == {
        "file": "calls.csv",
        "line": 3,
        "reason": 'column "fee" does not fit DECIMAL(10,2)',
        "raw": "2,SECRET",
    }


@pytest.mark.parametrize(
    ("type_", "fits", "does_not"),
    [
        ("integer", ["1", "-2", "3.0", "+4"], ["1.7", "x", "99999999999", "0x1F", "1e3", "1_000"]),
        ("decimal(6,2)", ["1", "1.25", "1.250", ".5"], ["1.239", "12345.6", "1,5", "abc"]),
        ("double", ["1", "1.5e3", ".5"], ["1.5.2", "nan", "1 5"]),
        ("date", ["2026-01-31", "2026-01-31T00:00:00"], ["2026-02-30", "31.01.2026", "2026-01-31 10:00"]),
        ("timestamp", ["2026-01-31", "2026-01-31 10:00", "2026-01-31T10:00:00.5Z"], ["10:00", "2026-13-01"]),
        ("boolean", ["true", "No", "1", "F"], ["2", "maybe"]),
    ],
)
def test_a_declared_type_holds_what_it_can_without_loss_and_rejects_the_rest(lander, rejected, type_, fits, does_not):
    lander.write("calls.csv", "v,x\n" + "".join(f'"{value}",x\n' for value in [*fits, *does_not]))
    landing = lander.land(lander.source("csv", "calls.csv", columns={"v": type_}))
    assert [line for line, _ in rejected(landing)] == list(range(len(fits) + 2, len(fits) + len(does_not) + 2))
    assert landing.rows_landed == len(fits)


def test_newlines_within_quotes_belong_to_the_value_and_lines_are_counted_past_them(lander, rows, rejected):
    lander.write("calls.csv", 'id,note\n1,"two\nlines"\n2,"a ""b"""\nx\n')
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert rows(landing) == [(1, "two\nlines"), (2, 'a "b"')]
    assert rejected(landing) == [(5, "too few fields: 1 instead of 2")]


@pytest.mark.parametrize("ends", [("\n", "\n"), ("\r\n", "\n"), ("\r", "\r"), ("\r\n", "\r")])
def test_line_ends_may_be_mixed(lander, rows, ends):
    lander.write("calls.csv", f"a,b{ends[0]}1,2{ends[1]}3,4{ends[0]}5,6")
    assert rows(lander.land(lander.source("csv", "calls.csv"))) == [(1, 2), (3, 4), (5, 6)]


def test_a_quote_that_never_closes_rejects_its_line_and_not_the_rest_of_the_file(lander, rows, rejected):
    lander.write("calls.csv", 'id,note\n1,a\n2,"open\n3,c\n4,d\n')
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert rows(landing) == [(1, "a"), (3, "c"), (4, "d")]
    assert rejected(landing) == [(3, "a quote is opened and never closed")]


def test_text_after_a_closing_quote_rejects_the_line(lander, rows, rejected):
    lander.write("calls.csv", 'id,note\n1,"a"b\n2,c\n')
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert rows(landing) == [(2, "c")]
    assert rejected(landing) == [(2, "text follows a closing quote")]


def test_null_bytes_reject_their_line(lander, rows, rejected):
    lander.write("calls.csv", b"a,b\n1,x\n2,\x00\n")
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert rows(landing) == [(1, "x")]
    assert rejected(landing) == [(3, "holds a null byte")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_marked_and_plain_unicode_encodings_are_found(lander, rows, encoding):
    lander.write("calls.csv", "ship,n\nGröße,1\nʤ,2\n".encode(encoding))
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert rows(landing) == [("Größe", 1), ("ʤ", 2)]
    assert landing.problems == ()


def test_another_encoding_is_guessed_and_reported(lander, rows, codes):
    lander.write("calls.csv", "ship,n\nGröße,1\nMüller \u2013 Söhne,2\n".encode("cp1252"))
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert rows(landing) == [("Größe", 1), ("Müller \u2013 Söhne", 2)]
    assert codes(landing) == ["SOURCE011"]
    assert "encoding: cp1252" in landing.problems[0].fix


def test_a_declared_encoding_is_not_reported(lander, rows):
    lander.write("calls.csv", "ship\nGröße\n".encode("latin-1"))
    landing = lander.land(lander.source("csv", "calls.csv", encoding="latin-1"))
    assert rows(landing) == [("Größe",)]
    assert landing.problems == ()


def test_a_few_broken_bytes_in_utf8_reject_their_lines_only(lander, rows, rejected):
    good = "".join(f"Größe {n},{n}\n" for n in range(50))
    lander.write("calls.csv", b"ship,n\n" + good.encode() + b"Gr\xf6\xdfe,50\n")
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert len(rows(landing)) == 50
    assert rejected(landing) == [(52, "holds bytes that are not in the file's encoding")]


def test_an_encoding_that_does_not_exist_or_does_not_fit_refuses_the_file(lander, refused):
    lander.write("calls.csv", b"ship\nGr\xf6\xdfe\x81\n")
    assert [p.code for p in refused(lambda: lander.land(lander.source("csv", "calls.csv", encoding="latin-99")))] == [
        "SOURCE012"
    ]
    assert [p.code for p in refused(lambda: lander.land(lander.source("csv", "calls.csv", encoding="cp1252")))] == [
        "SOURCE012"
    ]


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_the_delimiter_is_found(lander, rows, delimiter):
    lander.write("calls.csv", f"a{delimiter}b\n1{delimiter}x y\n2{delimiter}z\n")
    assert rows(lander.land(lander.source("csv", "calls.csv"))) == [(1, "x y"), (2, "z")]


def test_an_empty_file_is_refused_unless_its_columns_are_declared(lander, refused, codes):
    lander.write("calls.csv", "")
    assert [p.code for p in refused(lambda: lander.land(lander.source("csv", "calls.csv")))] == [
        "SOURCE013",
        "SOURCE017",
    ]
    landing = lander.land(lander.source("csv", "calls.csv", columns={"id": "bigint"}))
    assert (dict(landing.columns), landing.rows_in_files) == ({"id": "BIGINT"}, 0)
    assert codes(landing) == ["SOURCE013"]


def test_an_empty_file_beside_others_is_a_warning(lander, rows, codes):
    lander.write("calls-1.csv", "id\n1\n")
    lander.write("calls-2.csv", "\n\n")
    landing = lander.land(lander.source("csv", "calls-*.csv"))
    assert rows(landing) == [(1,)]
    assert codes(landing) == ["SOURCE013"]


def test_a_header_alone_gives_no_rows_and_a_warning(lander, rows, codes):
    lander.write("calls.csv", "id,name\n")
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert (rows(landing), dict(landing.columns)) == ([], {"id": "VARCHAR", "name": "VARCHAR"})
    assert codes(landing) == ["SOURCE014"]


def test_names_are_made_unique_and_not_empty(lander, codes):
    lander.write("calls.csv", 'id,Id,,"two\nlines",id_2\n1,2,3,4,5\n')
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert list(landing.columns) == ["id", "Id_3", "column_3", "two lines", "id_2"]
    assert set(codes(landing)) == {"SOURCE015"}


def test_without_a_header_columns_are_numbered_or_named_by_the_declaration(lander):
    lander.write("calls.csv", "1,a\n2,b\n")
    assert list(lander.land(lander.source("csv", "calls.csv", header=False)).columns) == ["column_1", "column_2"]
    declared = lander.land(lander.source("csv", "calls.csv", header=False, columns={"id": "integer", "x": "varchar"}))
    assert dict(declared.columns) == {"id": "INTEGER", "x": "VARCHAR"}
    assert declared.rows_landed == 2
    assert list(lander.land(lander.source("csv", "calls.csv", header=False, names=["p", "q"])).columns) == ["p", "q"]


def test_skipped_lines_comments_and_null_markers_are_no_values(lander, rows):
    lander.write("calls.csv", 'Report of "January\n\nid,fee\n# a comment\n1,n/a\n2,5\n3,\n')
    source = lander.source("csv", "calls.csv", skip_lines=1, comment="#", null_values=["", "n/a"])
    assert rows(lander.land(source)) == [(1, None), (2, 5), (3, None)]


def test_numbers_with_grouping_are_text_until_they_are_declared(lander, rows, codes):
    lander.write("calls.csv", "a;b\n1.234,50;7,5\n2,25;8\n")
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert set(landing.columns.values()) == {"VARCHAR"}
    assert codes(landing) == ["SOURCE022"] * 2
    assert landing.suggested == {"decimal": ",", "thousands": "."}
    german = lander.land(lander.source("csv", "calls.csv", **landing.suggested))
    assert rows(german) == [(Decimal("1234.50"), 7.5), (Decimal("2.25"), 8.0)]


def test_a_comma_before_three_digits_is_the_decimal_mark_where_another_column_says_so(lander):
    lander.write("calls.csv", "a;b\n1,234;7,500\n2;8,125\n")
    assert lander.land(lander.source("csv", "calls.csv")).suggested == {"thousands": ","}
    lander.write("calls.csv", "a;b\n1,234;7,5\n2;8,12\n")
    assert lander.land(lander.source("csv", "calls.csv")).suggested == {"decimal": ","}


def test_a_thousands_mark_in_the_wrong_place_makes_no_number(lander, rejected):
    lander.write("calls.csv", 'a;b\n"1,2,3";x\n"1,234";x\n')
    landing = lander.land(lander.source("csv", "calls.csv", thousands=",", columns={"a": "bigint"}))
    assert rejected(landing) == [(2, 'column "a" does not fit BIGINT')]


def test_dates_that_could_be_read_in_two_ways_stay_text_and_are_asked_about(lander, rows, codes):
    lander.write("calls.csv", "d,x\n03/04/2020,1\n05/06/2020,2\n")
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert dict(landing.columns)["d"] == "VARCHAR"
    assert codes(landing) == ["SOURCE021"]
    assert "date_format" in landing.problems[0].fix
    declared = lander.land(lander.source("csv", "calls.csv", date_format={"d": "%d/%m/%Y"}))
    assert rows(declared) == [(date(2020, 4, 3), 1), (date(2020, 6, 5), 2)]


def test_dates_that_fit_one_style_only_are_read_and_told(lander, rows, codes):
    lander.write("calls.csv", "d\n31/12/2020\n03/04/2020\n")
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert rows(landing) == [(date(2020, 12, 31),), (date(2020, 4, 3),)]
    assert codes(landing) == ["SOURCE023"]


def test_several_styles_in_one_column_are_read_in_the_declared_order(lander, rows, rejected, codes):
    lander.write("calls.csv", "d\n31.12.2020\n2020/06/05\n")
    assert codes(lander.land(lander.source("csv", "calls.csv"))) == ["SOURCE022"]
    formats = ["%d.%m.%Y", "%Y/%m/%d"]
    landing = lander.land(lander.source("csv", "calls.csv", date_format=formats, columns={"d": "date"}))
    assert rows(landing) == [(date(2020, 12, 31),), (date(2020, 6, 5),)]
    lander.write("calls.csv", "d\n31.12.2020\n5.6.20\n")
    short = lander.land(lander.source("csv", "calls.csv", date_format=formats, columns={"d": "date"}))
    assert rejected(short) == [(3, 'column "d" does not fit DATE')]


def test_a_source_whose_every_row_is_rejected_is_refused(lander, refused):
    lander.write("calls.csv", "d\nx\ny\n")
    problems = refused(lambda: lander.land(lander.source("csv", "calls.csv", columns={"d": "date"})))
    assert [problem.code for problem in problems] == ["SOURCE017", "SOURCE016"]


def test_a_declared_column_that_the_file_has_not_is_refused_with_the_nearest_name(lander, refused):
    lander.write("calls.csv", "order_id\n1\n")
    (problem,) = refused(lambda: lander.land(lander.source("csv", "calls.csv", columns={"ordre_id": "bigint"})))
    assert (problem.code, problem.fix) == ("SOURCE019", 'Did you mean "order_id"?')


def test_files_of_one_pattern_are_one_table_united_by_name(lander, rows, codes):
    lander.write("calls-1.csv", "id,name\n1,a\n")
    lander.write("calls-2.csv", "Name,id,fee\nb,2,5\n")
    landing = lander.land(lander.source("csv", "calls-*.csv", file_column="file"))
    assert rows(landing) == [(1, "a", None, "calls-1.csv"), (2, "b", 5, "calls-2.csv")]
    assert codes(landing) == ["SOURCE018"]
    assert landing.problems[0].found == "without fee"


def test_several_mistakes_of_a_declaration_are_told_at_once(lander, refused):
    lander.write("calls.csv", "id\n1\n")
    source = lander.source("csv", "calls.csv", delimeter=";", header="yes", columns={"id": "bigin"})
    problems = refused(lambda: lander.land(source))
    assert [problem.code for problem in problems] == ["SOURCE002", "SOURCE003", "SOURCE020"]
    assert problems[0].fix == 'Did you mean "delimiter"?'


def test_every_file_of_csv_spectrum_holds_what_its_json_says(lander, rows, shared_data):
    folder = shared_data / "messy" / "csv_spectrum"
    files = sorted((folder / "csvs").glob("*.csv"))
    assert len(files) == 12
    for file in files:
        document = json.loads((folder / "json" / f"{file.stem}.json").read_text(encoding="utf-8"))
        if isinstance(document, dict):
            continue  # location_coordinates: its JSON has another telephone number than its CSV
        if file.stem == "newlines_crlf" and b"\r\n" not in file.read_bytes():
            document[1]["a"] = document[1]["a"].replace("\r\n", "\n")  # its line ends were lost on the way here
        expected = document
        source = lander.source("csv", str(file), columns=dict.fromkeys(expected[0], "varchar"), null_values=[])
        landing = lander.land(source)
        found = [dict(zip(landing.columns, row, strict=True)) for row in rows(landing)]
        assert found == expected, file.name
        assert landing.rows_in_files == len(expected), file.name


# file: rows in it, rows rejected; None: refused. Small ones counted by eye, large ones with Python's csv module.
CSVKIT = {
    "bad.csv": (3, 2),
    "blanks.csv": (1, 0),
    "dummy.csv": (1, 0),
    "dummy.csv.gz": (1, 0),
    "dummy.csv.bz2": (1, 0),
    "dummy.tsv": (1, 0),
    "empty.csv": None,
    "iris.csv": (150, 0),
    "join_a_short.csv": (3, 2),
    "mac_newlines.csv": (2, 0),
    "no_header_row.csv": (0, 0),
    "null_byte.csv": None,
    "optional_quote_characters.csv": (1, 0),
    "sniff_limit.csv": (1, 0),
    "test_empty_columns.csv": (3, 1),
    "test_empty_columns_long_row.csv": None,
    "test_extra_header.csv": None,
    "test_geo.csv": (17, 0),
    "test_header_newline.csv": (1, 0),
    "test_join_short_rows.csv": (3, 2),
    "test_latin1.csv": (2, 0),
    "test_skip_lines.csv": (1, 0),
    "test_utf16_big.csv": (2, 0),
    "test_utf16_little.csv": (2, 0),
    "test_utf8_bom.csv": (2, 0),
    "realdata/FY09_EDU_Recipients_by_State.csv": (53, 0),
    "realdata/ks_1033_data.csv": (1575, 0),
}


def test_no_row_of_the_csvkit_examples_disappears(lander, refused, shared_data):
    for name, counts in CSVKIT.items():
        source = lander.source("csv", str(shared_data / "messy" / "csvkit_examples" / name))
        if counts is None:
            assert "SOURCE017" in [p.code for p in refused(lambda source=source: lander.land(source))], name
            continue
        landing = lander.land(source)
        assert (landing.rows_in_files, landing.rows_rejected) == counts, name
