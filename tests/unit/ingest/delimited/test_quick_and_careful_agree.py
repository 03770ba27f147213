"""The quick reader is used only where it gives what the careful one gives, cell by cell."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from weft.ingest.delimited.count_records import count_clean_records
from weft.ingest.delimited.dialect import Dialect
from weft.ingest.delimited.stage import Layout, _judged, _quick

CELLS = st.sampled_from(
    ["", "a", "é", " ", '"a,b"', '"x\ny"', '"x\r\ny"', '"q""q"', '""', ' "z"', 'a"b', '"a"b', '"open', "a\rb"]
)
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n", " \n", ""])
FILES = st.lists(st.tuples(st.lists(CELLS, min_size=1, max_size=3), ENDS), max_size=8)


@settings(max_examples=600, deadline=None)
@given(FILES, st.integers(1, 3), st.booleans())
def test_what_the_quick_way_accepts_is_what_the_careful_way_reads(tmp_path_factory, lines, width, header):
    folder: Path = tmp_path_factory.getbasetemp()
    path, target = folder / "any.csv", folder / "any.parquet"
    path.write_bytes("".join(",".join(cells) + end for cells, end in lines).encode())
    layout = Layout(Dialect(header=header))
    quick = _quick(path, layout.dialect, width, target)
    if quick is None:
        return
    careful = list(_judged(path, layout, width))
    assert [record.reason for record in careful if record.reason] == []
    assert quick == len(careful)
    if quick:
        columns = parquet.read_table(target).to_pydict().values()
        assert [list(row) for row in zip(*columns, strict=True)] == [record.fields for record in careful]


def test_records_are_counted_over_the_borders_of_chunks(tmp_path):
    line = '1,"two\nlines, and ""quotes"""\n'
    path = tmp_path / "long.csv"
    path.write_text(line * 700_000)  # more than one chunk
    assert count_clean_records(path, Dialect()) == 700_000


def test_a_quote_out_of_place_is_not_counted(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,5" pipe\n')
    assert count_clean_records(path, Dialect()) is None
