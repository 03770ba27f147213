"""A raw file's name is its content's digest, also where the file was damaged before."""

import pytest

from weft.base.stored_file import sha256_of
from weft.ingest.content_store import keep_raw


@pytest.mark.parametrize("harm", [b"id\n2\n", b"id\n", b""])
def test_landing_the_same_again_heals_a_raw_file_that_was_damaged(tmp_path, harm):
    first = keep_raw(tmp_path, "calls.csv", [b"id\n", b"1\n"], ".csv")
    (tmp_path / "raw" / f"{first.sha256}.csv").write_bytes(harm)
    again = keep_raw(tmp_path, "calls.csv", [b"id\n1\n"], ".csv")
    assert again == first
    assert sha256_of(first.path) == first.sha256
    assert [path.name for path in (tmp_path / "raw").iterdir()] == [f"{first.sha256}.csv"]
