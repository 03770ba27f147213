"""A backup that is restored is what was backed up, and nothing is ever written over."""

import json
from datetime import UTC, datetime

import pytest

from weft.base.names import PortName
from weft.base.problem import Problem, Problems
from weft.ledger.facts import Quarantined


def held_back(bench):
    found = bench.open().ledger.latest_by(Quarantined, "port", "batch")
    return {key: (fact.state, fact.rows, fact.files) for key, fact in found.items()}


def test_what_was_wiped_and_restored_is_equal_in_every_row_and_fact_and_has_nothing_to_build(bench):
    bench.build(1)
    bench.build(2)
    manifest = bench.back_up()
    facts, held = bench.facts(), held_back(bench)
    bench.wipe()
    done = bench.restore()
    assert bench.rows() == bench.expected(2)
    assert bench.facts() == facts
    assert held_back(bench) == held
    assert (done.comparison.ports_by_digest, done.comparison.rows) == (4, manifest.rows)
    assert bench.build().status == "nothing"
    bench.build(3)
    assert bench.rows() == bench.expected(3)


def test_an_earlier_backup_is_restored_by_its_id_though_later_ones_share_its_objects(bench):
    bench.build(1)
    first = bench.back_up()
    bench.build(2)
    second = bench.back_up()
    again = bench.back_up()
    assert 0 < second.new_objects < second.file_count
    assert again.new_objects == 0
    bench.wipe()
    bench.restore(backup_id=first.id)
    assert bench.rows() == bench.expected(1)


def test_a_storage_that_holds_something_is_left_alone_or_moved_aside(bench):
    bench.build(1)
    bench.back_up()
    bench.build(2)
    with pytest.raises(Problem) as refused:
        bench.restore()
    assert refused.value.code == "BACKUP006"
    assert bench.rows() == bench.expected(2)
    bench.close()
    done = bench.restore(force=True)
    assert bench.rows() == bench.expected(1)
    assert (done.moved_aside / "ledger.db").exists()
    bench.close()
    bench.storage.rename(bench.storage.with_name("restored"))
    done.moved_aside.rename(bench.storage)
    assert bench.rows() == bench.expected(2)


def test_a_dry_run_changes_nothing(bench):
    bench.build(1)
    bench.back_up()
    bench.wipe()
    assert bench.restore(dry_run=True).comparison is None
    assert [path.name for path in bench.storage.iterdir()] == ["cache"]  # of the mesh that was read


@pytest.mark.parametrize("harm", ["cut off", "changed", "removed"])
def test_a_damaged_object_is_named_and_nothing_is_restored(bench, harm):
    bench.build(1)
    bench.back_up()
    (victim,) = (bench.storage / "landings/works/gauges/gauge_list/raw").iterdir()
    digest = victim.name.partition(".")[0]
    path = bench.store.place.folder / "objects" / digest[:2] / digest
    content = path.read_bytes()
    path.unlink()
    if harm != "removed":
        path.write_bytes(content[:-1] if harm == "cut off" else bytes([content[0] ^ 1]) + content[1:])
    bench.wipe()
    with pytest.raises(Problem) as refused:
        bench.restore()
    assert refused.value.code == "BACKUP004"
    assert digest in refused.value.found
    assert not (bench.storage / "tables").exists()


def test_a_manifest_that_was_cut_off_is_no_backup_and_the_one_before_is_restored(bench):
    bench.build(1)
    first = bench.back_up()
    bench.build(2)
    second = bench.back_up()
    path = bench.store.place.folder / "backups" / f"{second.id}.json"
    path.write_bytes(path.read_bytes()[:-40])
    found, problems = bench.store.manifests()
    assert [one.id for one in found] == [first.id]
    assert [problem.found for problem in problems] == [f"backups/{second.id}.json"]
    bench.wipe()
    assert bench.restore().manifest.id == first.id
    assert bench.rows() == bench.expected(1)


def test_a_manifest_in_which_a_figure_was_changed_is_damaged(bench):
    bench.build(1)
    manifest = bench.back_up()
    path = bench.store.place.folder / "backups" / f"{manifest.id}.json"
    told = json.loads(path.read_bytes())
    path.write_text(json.dumps({**told, "ledger_position": told["ledger_position"] - 1}))
    with pytest.raises(Problem) as refused:
        bench.restore(backup_id=manifest.id, dry_run=True)
    assert refused.value.code == "BACKUP004"


def test_a_backup_of_another_folder_or_mesh_is_refused(bench, tmp_path):
    bench.build(1)
    bench.back_up()
    with pytest.raises(Problem) as refused:
        bench.restore(settings={"storage": "elsewhere"})
    assert refused.value.code == "BACKUP007"
    with pytest.raises(Problem) as refused:
        bench.restore(settings={"name": "prod"})
    assert refused.value.code == "BACKUP008"


def test_a_storage_that_is_a_link_comes_back_behind_it(bench, tmp_path):
    (tmp_path / "disk").mkdir()
    bench.storage.symlink_to(tmp_path / "disk")
    bench.build(1)
    bench.back_up()
    bench.close()
    bench.restore(force=True)
    assert bench.storage.is_symlink()
    assert bench.rows() == bench.expected(1)


def test_the_instant_is_shown_by_the_newest_backup_that_still_has_it(bench):
    bench.build(1)
    bench.back_up()
    at = bench.open().lake.snapshot(PortName.parse("works/totals")).committed_at
    bench.build(2)
    newest = bench.back_up()
    bench.wipe()
    done = bench.restore(at=at)
    assert done.manifest.id == newest.id
    assert sorted(map(str, done.rolled_back)) == sorted(bench.small_mesh.PORTS)
    assert bench.rows() == bench.expected(1)
    (fact,) = {fact["reason"] for fact in bench.facts()["rollbacks"]}
    assert newest.id in fact


def test_an_instant_that_later_backups_let_go_is_told_and_the_newest_backup_before_it_restored(bench):
    bench.build(1)
    first = bench.back_up()
    bench.build(2)
    workspace = bench.open()
    at = workspace.lake.snapshot(PortName.parse("works/totals")).committed_at
    bench.build(3)
    workspace = bench.open()
    for name in bench.small_mesh.PORTS:
        workspace.lake.expire(PortName.parse(name), older_than=workspace.clock.now())
    bench.back_up()
    bench.wipe()
    done = bench.restore(at=at)
    assert (done.manifest.id, done.choice.is_before) == (first.id, True)
    assert bench.rows() == bench.expected(1)


def test_an_instant_before_anything_was_published_is_told(bench):
    bench.build(1)
    bench.back_up()
    with pytest.raises(Problem) as refused:
        bench.restore(at=datetime(2020, 1, 1, tzinfo=UTC), dry_run=True)
    assert refused.value.code == "BACKUP003"


def test_the_rows_are_compared_too_and_a_storage_that_differs_is_put_back(bench, monkeypatch):
    from weft.workspace.backup import compare

    bench.build(1)
    bench.back_up()
    bench.build(2)
    monkeypatch.setattr(compare, "digest_of_rows", lambda engine, lake, port, snapshot_id: (1, "0-0"))
    with pytest.raises(Problems) as refused:
        bench.restore(force=True)
    assert {problem.code for problem in refused.value.problems} == {"BACKUP010"}
    assert len(refused.value.problems) == len(bench.small_mesh.PORTS)
    bench.close()
    assert bench.rows() == bench.expected(2)
    assert not list(bench.root.glob(".weft.before-*"))
