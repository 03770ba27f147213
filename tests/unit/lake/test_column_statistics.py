"""What we note of a file is what PyIceberg would."""

import pytest
from pyiceberg.io.pyarrow import parquet_file_to_data_file

from weft.lake.column_statistics import data_file

COLUMNS = {
    "integers": "range::INTEGER - 5",
    "longs": "range * 10000000000",
    "floats": "range::FLOAT / 3",
    "doubles": "-range / 7.0",
    "small decimals": "(range / 4)::DECIMAL(8,2)",
    "medium decimals": "-(range / 4)::DECIMAL(16,3)",
    "wide decimals": "(range::HUGEINT * 123456789012345678901234567890 - 5)::DECIMAL(38,0)",
    "booleans": "range % 2 = 0",
    "dates": "DATE '1960-01-01' + range::INTEGER",
    "times": "TIME '01:02:03.000004' + to_seconds(range)",
    "timestamps": "TIMESTAMP '1969-12-31 23:59:59.999999' + to_seconds(range)",
    "instants": "TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(range)",
    "short texts": "'é' || range",
    "long texts": "repeat('ÿ', 20) || range",
    "highest texts": "repeat(chr(1114111), 17)",
    "blobs": "'\\xFF\\xFE'::BLOB || encode(repeat('x', 30))",
    "uuids": "('00000000-0000-0000-0000-' || lpad(range::VARCHAR, 12, '0'))::UUID",
    "only nulls": "NULL::INTEGER",
    "some nulls": "if(range % 3 = 0, NULL, range)",
    "empty texts": "''",
    "lists": "[range, NULL]",
    "structs": "{'a': range, 'b': 'x'}",
    "maps": "MAP {'k': range}",
}


def both(bench, columns, rows):
    chosen = ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items())
    sql = f"SELECT {chosen} FROM range({rows})"
    bench.publish(sql)
    table = bench.lake.catalog.table(bench.port)
    path = bench.lake.files(bench.port).paths[0]
    fields = bench.lake.files(bench.port).fields
    file = bench.engine.write_parquet(sql, str(bench.folder / "other.parquet"), fields)
    ours = data_file(file, fields, table.schema())
    theirs = parquet_file_to_data_file(table.io, table.metadata, file.path)
    assert path != file.path
    return ours, theirs


NOTED = [
    *("content", "file_format", "record_count", "file_size_in_bytes", "column_sizes", "value_counts"),
    *("null_value_counts", "nan_value_counts", "lower_bounds", "upper_bounds", "split_offsets", "sort_order_id"),
    *("equality_ids", "key_metadata", "partition"),
]


def as_dict(entry):
    return {name: getattr(entry, name) for name in NOTED}


@pytest.mark.parametrize("rows", [1, 10, 300_000])
def test_every_type_is_noted_as_pyiceberg_does(bench, rows):
    ours, theirs = both(bench, COLUMNS, rows)
    assert as_dict(ours) == as_dict(theirs)


def test_a_column_whose_name_has_a_dot_has_its_bounds(bench):
    bench.publish("SELECT 1 AS \"net.total\", {'b.c': 2} AS a")
    table = bench.lake.catalog.table(bench.port)
    (task,) = table.scan().plan_files()
    assert (task.file.lower_bounds, bench.rows()) == ({1: b"\x01\x00\x00\x00"}, [(1, {"b.c": 2})])


def test_a_column_that_holds_not_a_number_has_no_bounds_that_could_lie(bench):
    bench.publish("SELECT if(range = 1, 'nan'::DOUBLE, range) AS v FROM range(3)")
    (task,) = bench.lake.catalog.table(bench.port).scan().plan_files()
    assert bench.lake.catalog.table(bench.port).scan("v = 2.0").to_arrow().to_pylist() == [{"v": 2.0}]
    assert task.file.record_count == 3


def test_other_readers_may_prune_by_the_bounds(bench):
    bench.publish("SELECT range AS id, 'n' || range AS note FROM range(10)")
    bench.publish("SELECT range + 100 AS id, 'z' AS note FROM range(10)", mode="append")
    scan = bench.lake.catalog.table(bench.port).scan
    assert len(list(scan("id > 50").plan_files())) == 1
    assert len(list(scan("note = 'n5'").plan_files())) == 1
    assert scan("id = 105").to_arrow().num_rows == 1
