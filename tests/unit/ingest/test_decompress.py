"""Compressed files: whole ones are read, cut ones refused as a whole with how far they were readable."""

import bz2
import gzip
import io
import lzma
import zipfile

import pytest
import zstandard

CSV = b"id,name\n" + b"".join(b"%d,name %d\n" % (n, n * 7919 % 9973) for n in range(20_000))
PACK = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zst": zstandard.compress}


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_csv", ".csv").replace("_txt", ".txt"), content)
    return file.getvalue()


@pytest.mark.parametrize("suffix", PACK)
def test_a_compressed_file_is_known_by_its_first_bytes(lander, suffix):
    lander.write("calls.data", PACK[suffix](CSV))
    assert lander.land(lander.source("csv", "calls.data")).rows_landed == 20_000


@pytest.mark.parametrize("suffix", PACK)
def test_several_streams_in_one_file_are_all_read(lander, rows, suffix):
    lander.write(f"calls.csv.{suffix}", PACK[suffix](b"id\n1\n") + PACK[suffix](b"2\n"))
    assert rows(lander.land(lander.source("csv", f"calls.csv.{suffix}"))) == [(1,), (2,)]


@pytest.mark.parametrize("suffix", PACK)
def test_a_file_that_was_cut_short_is_refused_and_nothing_of_it_landed(lander, refused, suffix):
    packed = PACK[suffix](CSV)
    lander.write(f"calls.csv.{suffix}", packed[: len(packed) // 2])
    (problem,) = refused(lambda: lander.land(lander.source("csv", f"calls.csv.{suffix}")))
    assert problem.code == "SOURCE010"
    assert "readable up to byte" in problem.found
    assert not [name for name in lander.files() if name.startswith("tables")]


def test_a_gzip_without_its_last_bytes_names_the_lines_that_were_readable(lander, refused):
    lander.write("calls.csv.gz", gzip.compress(CSV)[:-8])
    (problem,) = refused(lambda: lander.land(lander.source("csv", "calls.csv.gz")))
    assert "20,001 lines" in problem.found


def test_all_members_of_a_zip_are_one_table_or_those_that_are_named(lander, rows):
    lander.write("calls.zip", zipped(b_csv=b"id\n2\n", a_csv=b"id\n1\n", readme_txt=b"no table"))
    named = lander.land(lander.source("csv", "calls.zip", member="*.csv"))
    assert rows(named) == [(1,), (2,)]
    lander.write("calls.zip", zipped(b_csv=b"id\n2\n", a_csv=b"id\n1\n"))
    assert rows(lander.land(lander.source("csv", "calls.zip", file_column="f"))) == [
        (1, "calls.zip!a.csv"),
        (2, "calls.zip!b.csv"),
    ]


def test_a_zip_without_the_named_member_or_cut_short_is_refused(lander, refused):
    lander.write("calls.zip", zipped(a_csv=b"id\n1\n"))
    assert [p.code for p in refused(lambda: lander.land(lander.source("csv", "calls.zip", member="*.tsv")))] == [
        "SOURCE009"
    ]
    lander.write("calls.zip", zipped(a_csv=CSV)[:5000])
    assert [p.code for p in refused(lambda: lander.land(lander.source("csv", "calls.zip")))] == ["SOURCE010"]


def test_an_archive_that_unpacks_beyond_the_bound_is_refused(lander, refused):
    lander.write("calls.csv.gz", gzip.compress(b"0" * 5_000_000))
    source = lander.source("csv", "calls.csv.gz", max_size="1MB")
    assert [p.code for p in refused(lambda: lander.land(source))] == ["SOURCE009"]
