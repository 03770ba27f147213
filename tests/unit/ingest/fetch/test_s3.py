"""Objects of an S3-compatible store, against a real server of the protocol on this machine."""

import pytest

moto_server = pytest.importorskip("moto.server")


@pytest.fixture(scope="module")
def store():
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_source(lander, store, monkeypatch):
    monkeypatch.setenv("S3_SECRET", "anything")

    def make(path, kind="csv", **more):
        return lander.source(
            kind, path, endpoint=store, region="us-east-1", access_key="me", secret_key="${env:S3_SECRET}", **more
        )

    return make


@pytest.fixture
def put(store):
    from pyarrow import fs

    files = fs.S3FileSystem(
        endpoint_override=store, access_key="me", secret_key="anything", region="us-east-1", allow_bucket_creation=True
    )

    def write(path, content):
        files.create_dir(path.split("/")[0])
        with files.open_output_stream(path) as stream:
            stream.write(content)

    return write


def test_objects_of_a_pattern_are_one_table(s3_source, lander, rows, put):
    put("harbour/in/calls-1.csv", b"id\n1\n")
    put("harbour/in/calls-2.csv", b"id\n2\n")
    put("harbour/in/old/calls-0.csv", b"id\n0\n")
    landing = lander.land(s3_source("s3://harbour/in/calls-*.csv"))
    assert rows(landing) == [(1,), (2,)]
    assert [raw.location for raw in landing.raw] == ["s3://harbour/in/calls-1.csv", "s3://harbour/in/calls-2.csv"]
    assert rows(lander.land(s3_source("s3://harbour/in/**/calls-*.csv"))) == [(1,), (2,), (0,)]


def test_an_object_that_was_not_written_again_is_not_read_again(s3_source, lander, put):
    put("harbour/fees.csv", b"id\n1\n")
    source = s3_source("s3://harbour/fees.csv")
    first = lander.land(source)
    assert not lander.changed(source, first)
    assert lander.land(source, first).unchanged
    put("harbour/fees.csv", b"id\n1\n2\n")
    assert lander.changed(source, first)
    assert lander.land(source, first).rows_landed == 2


def test_a_missing_object_or_bucket_is_told(s3_source, lander, refused, put):
    put("harbour/fees.csv", b"id\n1\n")
    assert [p.code for p in refused(lambda: lander.land(s3_source("s3://harbour/nothing.csv")))] == ["SOURCE005"]
    assert refused(lambda: lander.land(s3_source("s3://nowhere/*.csv")))[0].code in ("SOURCE005", "SOURCE008")
