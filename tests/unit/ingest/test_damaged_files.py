"""Damaged files of every kind are read or refused; none ends in an error of ours, and no row is lost count of."""

import gzip
import random

import pyarrow as pa
import pytest
from pyarrow import parquet

from weft.base.problem import Problem, Problems

CSV = b"id,name,at\n" + b"".join(
    b'%d,"ship ""%d""\nof two lines",2026-01-%02d\n' % (n, n, n % 28 + 1) for n in range(40)
)
JSON = b"[" + b",\n".join(b'{"id": %d, "ship": {"name": "a\\u00e9", "tags": [1, null]}}' % n for n in range(20)) + b"]"
PIECES = [b'"', b"\n", b"\r", b"\0", b",", b"\xff\xfe", b"{", b"]", b"\\u0000", b"1e9"]


def sample(kind, folder):
    if kind == "parquet":
        table = pa.table({"id": list(range(500)), "name": [f"ship {n}" for n in range(500)], "tags": [[1, 2]] * 500})
        parquet.write_table(table, folder / "sample", write_page_checksum=True)
        return (folder / "sample").read_bytes()
    if kind == "excel":
        import openpyxl

        book = openpyxl.Workbook()
        for n in range(20):
            book.active.append([n, f"ship {n}"])
        book.save(folder / "sample.xlsx")
        return (folder / "sample.xlsx").read_bytes()
    return {"csv": CSV, "csv.gz": gzip.compress(CSV), "json": JSON, "ndjson": JSON.strip(b"[]").replace(b",\n", b"\n")}[
        kind
    ]


def damaged(content, chance):
    data = bytearray(content)
    for _ in range(chance.choice([1, 3, 20])):
        position = chance.randrange(max(len(data), 1))
        match chance.randrange(4):
            case 0:
                data[position : position + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[position : position + chance.randrange(1, 30)]
            case 2:
                data[position:position] = chance.choice(PIECES)
            case 3 if chance.random() < 0.3:
                del data[position:]
    return bytes(data)


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "json", "ndjson", "parquet", "excel"])
def test_a_damaged_file_is_read_or_refused(lander, tmp_path, kind):
    chance = random.Random(f"weft {kind}")
    content = sample(kind, tmp_path)
    for number in range(30):
        lander.write(f"f{number}", damaged(content, chance))
        columns = chance.choice([{}, {"id": "integer"}])
        try:
            landing = lander.land(lander.source(kind.partition(".")[0], f"f{number}", columns=columns))
        except (Problem, Problems) as error:
            problems = error.problems if isinstance(error, Problems) else [error]
            assert {problem.code[:6] for problem in problems} == {"SOURCE"}
        else:
            assert landing.rows_in_files == landing.rows_landed + landing.rows_rejected
