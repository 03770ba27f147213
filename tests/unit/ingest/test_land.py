"""Landing twice costs nothing, appending keeps all, and a cheap look says whether anything changed."""

import json
import os
from pathlib import Path

import pytest

from weft.ingest import Landing, read_problems


def test_the_same_content_landed_twice_writes_nothing_and_has_the_same_fingerprint(lander):
    lander.write("calls.csv", "id\n1\n")
    source = lander.source("csv", "calls.csv")
    first = lander.land(source)
    before = lander.files()
    second = lander.land(source, first)
    assert second.unchanged
    assert second.fingerprint == first.fingerprint
    assert lander.files() == before


def test_without_the_former_landing_the_same_content_is_recalled_not_read_again(lander):
    lander.write("calls.csv", "id\n1\nx,y\n")
    source = lander.source("csv", "calls.csv")
    first = lander.land(source)
    written = times_of(lander)
    again = lander.land(source)
    assert (again.fingerprint, again.tables, again.problems) == (first.fingerprint, first.tables, first.problems)
    assert times_of(lander) == written


def times_of(lander):
    """When each file was written, all but the raw ones: these are put anew, lest a damaged one stays."""
    files = {path: lander.folder / path for path in lander.files()}
    return {path: file.stat().st_mtime_ns if "raw" not in file.parts else file.name for path, file in files.items()}


def test_raw_files_are_kept_byte_for_byte_under_the_hash_of_their_content(lander):
    content = "id,größe\r\n1,2\n".encode("utf-16")
    lander.write("calls.csv", content)
    (raw,) = lander.land(lander.source("csv", "calls.csv")).raw
    assert Path(raw.path).read_bytes() == content
    assert Path(raw.path).name == f"{raw.sha256}.csv"
    assert (raw.location, raw.size_bytes) == ("calls.csv", len(content))


def test_a_touched_file_with_the_same_content_is_unchanged(lander):
    lander.write("calls.csv", "id\n1\n")
    source = lander.source("csv", "calls.csv")
    first = lander.land(source)
    assert not lander.changed(source, first)
    os.utime(lander.root / "calls.csv", (1, 1))
    assert lander.changed(source, first)
    second = lander.land(source, first)
    assert second.unchanged
    assert not lander.changed(source, second)


def test_new_content_or_other_options_are_a_change(lander):
    lander.write("calls.csv", "id\n1\n")
    source = lander.source("csv", "calls.csv")
    first = lander.land(source)
    assert lander.changed(lander.source("csv", "calls.csv", trim=True), first)
    assert lander.changed(lander.source("csv", "calls.csv", columns={"id": "varchar"}), first)
    assert not lander.changed(lander.source("csv", "calls.csv", retries=7), first)
    lander.write("calls.csv", "id\n1\n2\n")
    assert lander.changed(source, first)
    second = lander.land(source, first)
    assert (second.unchanged, second.rows_landed, second.fingerprint == first.fingerprint) == (False, 2, False)


def test_a_new_file_of_a_pattern_is_a_change_and_so_is_a_lost_table(lander):
    lander.write("calls-1.csv", "id\n1\n")
    source = lander.source("csv", "calls-*.csv")
    first = lander.land(source)
    lander.write("calls-2.csv", "id\n2\n")
    assert lander.changed(source, first)
    second = lander.land(source, first)
    assert not lander.changed(source, second)
    Path(second.tables[0]).unlink()
    assert lander.changed(source, second)
    assert lander.land(source, second).rows_landed == 2


def test_append_keeps_every_landing_beside_the_earlier_ones(lander, rows, rejected):
    source = lander.source("csv", "calls.csv", load="append", columns={"id": "bigint"})
    lander.write("calls.csv", "id\n1\nx\n")
    first = lander.land(source)
    lander.write("calls.csv", "id\n2\ny\n")
    second = lander.land(source, first)
    assert rows(second) == [(1,), (2,)]
    assert len(second.tables) == 2
    assert (second.rows_in_files, second.rows_landed, second.rows_rejected, second.rows_new) == (4, 2, 2, 1)
    assert rejected(second) == [(3, 'column "id" does not fit BIGINT')] * 2
    third = lander.land(source, second)
    assert third.unchanged
    assert rows(third) == [(1,), (2,)]


def test_append_reads_all_raw_files_again_when_a_type_has_become_wider(lander, rows):
    source = lander.source("csv", "calls.csv", load="append")
    lander.write("calls.csv", "id,n\n007,1\n")
    first = lander.land(source)
    lander.write("calls.csv", "id,n\n008,x\n")
    second = lander.land(source, first)
    assert dict(second.columns) == {"id": "VARCHAR", "n": "VARCHAR"}
    assert rows(second) == [("007", "1"), ("008", "x")]
    assert second.rows_new == 1


def test_full_forgets_the_files_of_the_landing_before(lander, rows):
    source = lander.source("csv", "calls.csv")
    lander.write("calls.csv", "id\n1\n")
    first = lander.land(source)
    lander.write("calls.csv", "id\n2\n")
    assert rows(lander.land(source, first)) == [(2,)]


def test_a_landing_survives_json(lander):
    lander.write("calls.csv", "id\n1\n2,3\n")
    landing = lander.land(lander.source("csv", "calls.csv"))
    assert Landing.from_json(json.loads(json.dumps(landing.as_json()))) == landing


def test_a_refused_landing_leaves_no_scratch_and_no_half_file(lander, refused):
    lander.write("calls.csv", "d\nx\n")
    refused(lambda: lander.land(lander.source("csv", "calls.csv", columns={"d": "date"})))
    assert [name for name in lander.files() if ".scratch" in name or ".part" in name or "tables" in name] == []


def test_a_path_without_a_file_is_told_with_the_nearest_name(lander, refused):
    lander.write("data/calls.csv", "id\n1\n")
    (problem,) = refused(lambda: lander.land(lander.source("csv", "data/cals.csv")))
    assert (problem.code, problem.fix) == ("SOURCE005", 'Did you mean "calls.csv"?')
    (folder,) = refused(lambda: lander.land(lander.source("csv", "data")))
    assert folder.fix == "Name its files, such as data/*.csv"


def test_a_path_may_refer_to_an_environment_variable(lander, rows, monkeypatch):
    lander.write("elsewhere/calls.csv", "id\n1\n")
    monkeypatch.setenv("CALLS_FOLDER", str(lander.root / "elsewhere"))
    assert rows(lander.land(lander.source("csv", "${env:CALLS_FOLDER}/*.csv"))) == [(1,)]


def test_an_unknown_kind_is_told_with_the_nearest_one(lander):
    (problem,) = read_problems(lander.source("cvs", "a.csv"))
    assert (problem.code, problem.fix) == ("SOURCE001", 'Did you mean "csv"?')


def test_a_landing_whose_rows_do_not_add_up_cannot_be_made(lander):
    lander.write("calls.csv", "id\n1\n")
    data = lander.land(lander.source("csv", "calls.csv")).as_json()
    with pytest.raises(AssertionError):
        Landing.from_json({**data, "rows_in_files": 2})


def test_the_name_of_the_extra_column_must_be_free(lander, refused):
    lander.write("calls.csv", "id,File\n1,a\n")
    source = lander.source("csv", "calls.csv", file_column="file")
    assert [problem.code for problem in refused(lambda: lander.land(source))] == ["SOURCE003"]


def test_leftovers_of_a_killed_process_are_removed_after_a_day(lander):
    lander.write("calls.csv", "id\n1\n")
    for name in (".scratch-old/x", "raw/.part-old", ".scratch-new/x"):
        file = lander.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"")
    for name in (".scratch-old", "raw/.part-old"):
        os.utime(lander.folder / name, (1, 1))
    lander.land(lander.source("csv", "calls.csv"))
    assert [name for name in lander.files() if name.startswith(".") or "part" in name] == [".scratch-new/x"]
