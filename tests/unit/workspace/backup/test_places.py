"""Backups in a bucket, and ledgers and catalogues on other databases than before."""

import pytest

from weft.base.problem import Problem
from weft.workspace.backup.destination import open_store, retention_of
from weft.workspace.backup.open_place import open_place
from weft.workspace.backup.retention import Retention, prune
from weft.workspace.backup.store import Store
from weft.workspace.backup.verify import verify


@pytest.fixture(scope="module")
def endpoint():
    moto_server = pytest.importorskip("moto.server")
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_options(endpoint, request):
    from pyarrow import fs

    options = {"endpoint": endpoint, "access_key": "me", "secret_key": "anything", "region": "us-east-1"}
    bucket = f"b{abs(hash(request.node.name)) % 10**9}"
    files = fs.S3FileSystem(
        endpoint_override=endpoint,
        access_key="me",
        secret_key="anything",
        region="us-east-1",
        allow_bucket_creation=True,
    )
    files.create_dir(bucket)
    return options, f"s3://{bucket}/weft/prod"


@pytest.fixture
def s3_bench(bench, s3_options):
    options, url = s3_options
    bench.store = Store(open_place(url, options, bench.root))
    return bench


def test_a_bucket_keeps_backups_as_a_folder_does(s3_bench):
    s3_bench.build(1)
    first = s3_bench.back_up()
    s3_bench.build(2)
    second, third = s3_bench.back_up(), s3_bench.back_up()
    assert (0 < second.new_objects < second.file_count, third.new_objects) == (True, 0)
    assert verify(s3_bench.store, None).problems == ()
    s3_bench.wipe()
    s3_bench.restore(backup_id=first.id)
    assert s3_bench.rows() == s3_bench.expected(1)
    s3_bench.wipe()
    s3_bench.restore()
    assert s3_bench.rows() == s3_bench.expected(2)
    from datetime import timedelta

    pruned = prune(s3_bench.store, Retention(newest=1), s3_bench.open().clock.now(), grace=timedelta(0))
    assert pruned.removed == (first.id, second.id)
    assert pruned.objects > 0
    assert verify(s3_bench.store, None).problems == ()
    assert s3_bench.store.ids() == [third.id]


def test_an_object_that_is_gone_or_changed_in_a_bucket_is_named_with_its_file(s3_bench):
    s3_bench.build(1)
    manifest = s3_bench.back_up()
    objects = s3_bench.store.objects()
    raw = sorted((s3_bench.storage / "landings").rglob("raw/*.csv"))
    gone, changed = (path.name.partition(".")[0] for path in raw[:2])
    assert {gone, changed} <= set(objects)
    s3_bench.store.remove_object(gone)
    s3_bench.store.place.write(f"objects/{changed[:2]}/{changed}", [b"something else"])
    seen = verify(s3_bench.store, manifest.id)
    assert sorted(problem.found.split(" ")[0] for problem in seen.problems) == sorted(
        f"objects/{digest[:2]}/{digest}" for digest in (gone, changed)
    )
    assert all("landings/works/gauges" in problem.found for problem in seen.problems)
    s3_bench.back_up()  # both are wrong by their size or absence, and still whole here
    assert verify(s3_bench.store, None).problems == ()


def test_a_bucket_that_is_not_there_is_told_without_a_secret(bench, s3_options):
    options, _ = s3_options
    bench.build(1)
    bench.store = Store(open_place("s3://nobody-has-this/weft", options, bench.root))
    with pytest.raises(Problem) as refused:
        bench.back_up()
    assert refused.value.code == "BACKUP002"
    assert "anything" not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "code"), [("ftp://server/weft", "BACKUP002"), ("weft.yaml", "BACKUP002"), (None, "BACKUP001")]
)
def test_a_place_that_is_none_is_told(bench, written, code):
    with pytest.raises(Problem) as refused:
        open_store(bench.open(), written and (written if "://" in written else str(bench.root / written)))
    assert refused.value.code == code


@pytest.mark.parametrize("to", [".weft/backups", ".weft", "."])
def test_backups_beside_what_they_back_up_are_refused(bench, to):
    bench.build(1)
    bench.store = Store(open_place(to, {}, bench.root))
    with pytest.raises(Problem) as refused:
        bench.back_up()
    assert refused.value.code == "BACKUP012"


def test_weft_yaml_says_where_to_and_what_is_kept(bench):
    text = (bench.root / "weft.yaml").read_text()
    (bench.root / "weft.yaml").write_text(
        text.replace("    storage: .weft\n", "    storage: .weft\n    backup: {to: ../kept, keep: 3, keep_for: 2w}\n")
    )
    workspace = bench.open()
    assert open_store(workspace, None).place.url == str(bench.root.parent / "kept")
    retention = retention_of(workspace, None, None)
    assert (retention.newest, retention.younger_than.days) == (3, 14)
    assert retention_of(workspace, 1, None) == Retention(1)


@pytest.mark.parametrize(
    ("written", "code"), [("{keep: 0}", "MESH003"), ("{keep_for: often}", "QUARANTINE016"), ("{too: x}", "MESH001")]
)
def test_wrong_settings_are_told_with_their_place(bench, written, code):
    path = bench.root / "weft.yaml"
    path.write_text(path.read_text().replace("    storage: .weft\n", f"    storage: .weft\n    backup: {written}\n"))
    (problem,) = bench.open().mesh.problems
    assert (problem.code, str(problem.where).partition(":")[0]) == (code, "weft.yaml")


def on_postgres(url):
    return {"ledger": url, "catalog": url}


def test_a_mesh_on_files_is_restored_to_postgres_and_back(bench, postgres_database):
    bench.build(1)
    bench.build(2)
    bench.back_up()
    facts = bench.facts()
    bench.wipe()
    postgres = on_postgres(postgres_database)
    bench.restore(settings=postgres)
    assert not (bench.storage / "ledger.db").exists()
    assert bench.facts(**postgres) == facts
    assert bench.rows(**postgres) == bench.expected(2)
    bench.build(3, **postgres)
    on_server = bench.facts(**postgres)
    bench.back_up(**postgres)
    bench.wipe()
    bench.restore()
    assert bench.facts() == on_server
    assert bench.rows() == bench.expected(3)
    assert bench.build().status == "nothing"


def test_a_database_that_holds_something_else_is_left_alone(bench, postgres_database):
    postgres = on_postgres(postgres_database)
    bench.build(1, **postgres)
    first = bench.back_up(**postgres)
    bench.build(2, **postgres)
    bench.wipe()
    before = bench.facts(**postgres)
    bench.wipe()
    with pytest.raises(Problem) as refused:
        bench.restore(settings=postgres, backup_id=first.id)
    assert refused.value.code == "BACKUP009"
    assert bench.facts(**postgres) == before


def test_a_storage_that_was_lost_comes_back_beside_databases_that_still_hold_the_same(bench, postgres_database):
    postgres = on_postgres(postgres_database)
    bench.build(1, **postgres)
    bench.back_up(**postgres)
    bench.wipe()
    bench.restore(settings=postgres)
    assert bench.rows(**postgres) == bench.expected(1)
