"""Metadata that was changed on the disk is refused and named, never read as if it were right."""

import random
from pathlib import Path

import pytest

from weft.base.problem import Problem
from weft.base.stored_file import DIGEST
from weft.lake.iceberg_lake import Lake
from weft.lake.integrity import verify_files
from weft.lake.metadata_digest import SUFFIX, digest_path

KINDS = {"table metadata": "*.metadata.json", "manifest list": "snap-*.avro", "manifest": "*-m0.avro"}


def newest(bench, pattern: str) -> Path:
    return max((bench.folder.rglob(pattern)), key=lambda path: (path.stat().st_mtime_ns, path.name))


@pytest.mark.parametrize("kind", KINDS)
def test_a_flipped_bit_or_a_cut_is_refused_wherever_it_is(bench, kind):
    bench.publish("SELECT 1 AS id, 'a' AS what")
    bench.publish("SELECT 2 AS id, 'b' AS what", mode="append")
    for cached in bench.folder.rglob("files-*.json"):
        cached.unlink()
    file, chance = newest(bench, KINDS[kind]), random.Random(3)
    whole = file.read_bytes()
    for number in range(25):
        damaged = bytearray(whole)
        if number % 5 == 0:
            del damaged[chance.randrange(len(whole)) :]
        else:
            damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        with pytest.raises(Problem, match="FILE001") as told:
            fresh(bench).files(bench.port)
        assert file.name in str(told.value)
    file.write_bytes(whole)
    assert fresh(bench).files(bench.port).rows == 2


def test_a_damaged_list_of_files_is_made_again_from_the_manifests(bench):
    snapshot = bench.publish("SELECT 1 AS id")
    listed = next(bench.folder.rglob(f"files-{snapshot.snapshot_id}.json"))
    whole = listed.read_text()
    for damaged in (whole[:-3], whole.replace(", 1, ", ", 2, "), "", "[]", '{"version": 2}'):
        listed.write_text(damaged)
        assert fresh(bench).files(bench.port).rows == 1
        assert listed.read_text() == whole


@pytest.mark.parametrize("digest", [None, "", "no digest"])
def test_metadata_without_a_digest_is_another_tools_and_is_read(bench, digest):
    bench.publish("SELECT 1 AS id")
    for kept in bench.folder.rglob(f"*{SUFFIX}"):
        kept.unlink() if digest is None else kept.write_text(digest)
    assert fresh(bench).files(bench.port).rows == 1


def test_digests_go_with_their_files(bench):
    for number in range(30):
        bench.publish(f"SELECT {number} AS id")
    files = {path for path in bench.folder.rglob("*") if path.is_file() and path.suffix != SUFFIX}
    digests = set(bench.folder.rglob(f"*{SUFFIX}"))
    assert digests == {digest_path(file) for file in files if file.suffix == ".avro" or "metadata.json" in file.name}


def fresh(bench) -> Lake:
    return Lake(bench.lake.catalog.url, str(bench.lake.catalog.warehouse))


def test_every_damaged_file_of_every_snapshot_is_named(bench):
    for number in range(3):
        sql = f"SELECT {number} AS id"
        fields = bench.lake.fields_for(bench.port, {"id": "INTEGER"})
        path = bench.lake.data_folder(bench.port) / f"run-{number}-{DIGEST}.parquet"
        file = bench.engine.write_parquet(sql, str(path), fields)
        head = bench.lake.snapshot(bench.port)
        bench.lake.publish(
            bench.port, fields, [file], mode="replace", parent=head.snapshot_id if head else None, properties={}
        )
    assert list(verify_files(fresh(bench), bench.port)) == []
    first, second, _ = sorted(bench.folder.rglob("run-*.parquet"))
    first.write_bytes(first.read_bytes().replace(b"PAR1", b"PAR2"))
    second.unlink()
    assert list(verify_files(fresh(bench), bench.port)) == [
        (second, "is gone"),
        (first, "differs from its digest"),
    ]
