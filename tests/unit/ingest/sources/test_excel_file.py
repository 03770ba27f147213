"""Workbooks: cells keep the types that the workbook gives them."""

# ruff: noqa: DTZ001 (the values have no time zone)

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest


@pytest.fixture
def workbook(lander):
    def make(name: str, **sheets):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, table in sheets.items():
            sheet = book.create_sheet(title)
            for row in table:
                sheet.append(row)
        book.save(lander.root / name)
        return book

    return make


def test_types_are_those_of_the_cells(lander, rows, workbook):
    workbook(
        "fees.xlsx",
        fees=[
            ["id", "day", "at", "fee", "paid", "zip", "nothing"],
            [1, date(2026, 1, 31), datetime(2026, 1, 31, 10, 30), 1.5, True, "0123", None],
            [2, date(2026, 2, 28), datetime(2026, 2, 28), 2, False, "45", None],
        ],
    )
    landing = lander.land(lander.source("excel", "fees.xlsx"))
    assert dict(landing.columns) == {
        "id": "BIGINT",
        "day": "DATE",
        "at": "TIMESTAMP",
        "fee": "DOUBLE",
        "paid": "BOOLEAN",
        "zip": "VARCHAR",
        "nothing": "VARCHAR",
    }
    assert rows(landing) == [
        (1, date(2026, 1, 31), datetime(2026, 1, 31, 10, 30), 1.5, True, "0123", None),
        (2, date(2026, 2, 28), datetime(2026, 2, 28), 2.0, False, "45", None),
    ]


def test_blank_rows_are_no_rows_and_misfits_are_rejected_by_their_line(lander, rows, rejected, workbook):
    workbook("fees.xlsx", fees=[["Report"], [None], ["id", "fee"], [1, 5], [None, None], [2, "n/a"], [3, 7]])
    source = lander.source("excel", "fees.xlsx", header_row=3, columns={"fee": "decimal(6,2)"})
    landing = lander.land(source)
    assert [row[0] for row in rows(landing)] == [1, 3]
    assert rejected(landing) == [(6, 'column "fee" does not fit DECIMAL(6,2)')]
    assert landing.rows_in_files == 3


def test_merged_cells_hold_their_value_once(lander, rows, workbook):
    book = workbook("fees.xlsx", fees=[["port", "fee"], ["Rotterdam", 1], [None, 2]])
    book["fees"].merge_cells("A2:A3")
    book.save(lander.root / "fees.xlsx")
    assert rows(lander.land(lander.source("excel", "fees.xlsx"))) == [("Rotterdam", 1), (None, 2)]


def test_sheets_are_named_or_matched_and_several_are_one_table(lander, rows, refused, codes, workbook):
    workbook("fees.xlsx", m01=[["id"], [1]], m02=[["id"], [2]], notes=[["hello"], ["x"]])
    assert rows(lander.land(lander.source("excel", "fees.xlsx", sheet="m*"))) == [(1,), (2,)]
    assert rows(lander.land(lander.source("excel", "fees.xlsx", sheet=["m02"]))) == [(2,)]
    first = lander.land(lander.source("excel", "fees.xlsx"))
    assert (rows(first), codes(first)) == ([(1,)], ["SOURCE026"])
    (problem,) = refused(lambda: lander.land(lander.source("excel", "fees.xlsx", sheet="m03")))
    assert (problem.code, problem.found) == ("SOURCE026", "m01, m02, notes")


def test_what_is_no_workbook_is_refused(lander, refused):
    lander.write("fees.xlsx", b"id\n1\n")
    assert [p.code for p in refused(lambda: lander.land(lander.source("excel", "fees.xlsx")))] == ["SOURCE027"]


@pytest.mark.parametrize("name", ["test.xls", "test.xlsx"])
def test_old_and_new_workbooks_of_csvkit_read_alike(lander, rows, shared_data, name):
    landing = lander.land(lander.source("excel", str(Path(shared_data) / "messy" / "csvkit_examples" / name)))
    assert rows(landing)[1] == (
        "Chicago Sun-Times",
        date(1948, 1, 1),
        63,
        True,
        1.27,
        datetime(1948, 1, 1, 14, 57, 13),
        None,
        "Extra data beyond headers will be trimmed",
    )
    assert landing.rows_landed == 5
