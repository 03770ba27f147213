"""Parquet files: proven whole, used as they are where nothing is to change."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
from pyarrow import parquet


def write(lander, file, **columns):
    parquet.write_table(pa.table(columns), lander.root / file)


def test_a_file_is_used_as_it_is(lander, rows):
    write(lander, "d.parquet", id=[1, 2], name=["a", None])
    landing = lander.land(lander.source("parquet", "d.parquet"))
    assert landing.tables == (landing.raw[0].path,)
    assert dict(landing.columns) == {"id": "BIGINT", "name": "VARCHAR"}
    assert rows(landing) == [(1, "a"), (2, None)]


def test_files_of_other_columns_and_types_are_united_by_name_and_reported(lander, rows, codes):
    write(lander, "d-1.parquet", id=pa.array([1], pa.int32()), fee=pa.array([Decimal("1.5")]))
    write(lander, "d-2.parquet", fee=pa.array([Decimal("12.25")]), ID=pa.array([2], pa.int64()), x=["new"])
    landing = lander.land(lander.source("parquet", "d-*.parquet", file_column="file"))
    assert dict(landing.columns) == {"id": "BIGINT", "fee": "DECIMAL(4,2)", "x": "VARCHAR", "file": "VARCHAR"}
    assert rows(landing) == [
        (1, Decimal("1.50"), None, "d-1.parquet"),
        (2, Decimal("12.25"), "new", "d-2.parquet"),
    ]
    assert codes(landing) == ["SOURCE018"]
    assert landing.problems[0].found == "without x; of another type: id, fee"


def test_declared_types_are_cast_without_loss_and_misfits_rejected(lander, rows, rejected):
    write(lander, "d.parquet", day=["2026-01-01", "x"], n=[1.0, 1.5])
    landing = lander.land(lander.source("parquet", "d.parquet", columns={"day": "date", "n": "integer"}))
    assert rows(landing) == [(date(2026, 1, 1), 1)]
    assert rejected(landing) == [(2, 'column "day" does not fit DATE; column "n" does not fit INTEGER')]


def test_a_file_that_is_cut_or_no_parquet_is_refused_and_names_it(lander, refused):
    write(lander, "d-1.parquet", id=list(range(10_000)))
    content = (lander.root / "d-1.parquet").read_bytes()
    lander.write("d-2.parquet", content[:-100])
    lander.write("d-3.parquet", b"id\n1\n")
    lander.write("d-4.parquet", content[:200] + b"\xff" * 400 + content[600:])
    problems = refused(lambda: lander.land(lander.source("parquet", "d-*.parquet")))
    assert {problem.code for problem in problems} == {"SOURCE024"}
    assert [problem.where.path for problem in problems] == ["d-2.parquet", "d-3.parquet", "d-4.parquet"]


# What Arrow does not read, or whose footer is wrong about itself (repeated_no_annotation says 0 rows).
ROWS = {"map_no_value.parquet": 3, "incorrect_map_schema.parquet": 1, "repeated_no_annotation.parquet": 6}


def rows_by_arrow(file):
    try:
        return parquet.read_table(file).num_rows
    except pa.ArrowException:
        return None


def test_every_file_of_parquet_testing_is_read_or_refused(lander, refused, shared_data):
    """Encrypted and damaged ones are refused; all others are read, also those that only Arrow can decode."""
    folder = shared_data / "messy" / "parquet_testing" / "data"
    files = [path for path in sorted(folder.rglob("*.parquet")) if "large_string_map" not in path.name]
    unreadable = []
    for file in files:
        try:
            landing = lander.land(lander.source("parquet", str(file)))
        except Exception as error:
            unreadable.append((file.name, getattr(error, "problems", [error])[0].code))
            continue
        assert landing.rows_landed == ROWS.get(file.name, rows_by_arrow(file)), file.name
    assert unreadable == [
        ("datapage_v1-corrupt-checksum.parquet", "SOURCE024"),
        ("rle-dict-uncompressed-corrupt-checksum.parquet", "SOURCE024"),
    ]
    for file in sorted(folder.rglob("*.encrypted")):
        (problem,) = refused(lambda file=file: lander.land(lander.source("parquet", str(file))))
        assert "it is encrypted" in problem.what
