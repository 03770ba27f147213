"""Files of web servers: fetched again only when they changed, asked again when busy, never half."""

import pytest

from weft.ingest.fetch import http

CSV = b"id\n1\n2\n"


def with_etag(content, etag='"v1"'):
    def answer(request):
        if request.headers.get("If-None-Match") == etag:
            return 304, {}, b""
        return 200, {"ETag": etag}, content

    return answer


def test_an_unmodified_file_is_asked_for_and_not_fetched_again(lander, rows, serve):
    server = serve(with_etag(CSV))
    source = lander.source("csv", f"{server.url}/calls.csv?key=secret")
    first = lander.land(source)
    assert rows(first) == [(1,), (2,)]
    assert first.raw[0].location == f"{server.url}/calls.csv"
    assert not lander.changed(source, first)
    assert lander.land(source, first).unchanged
    assert server.asked == ["GET /calls.csv?key=secret", "HEAD /calls.csv?key=secret", "GET /calls.csv?key=secret"]


def test_a_modified_file_is_a_change(lander, serve):
    content = {"now": (CSV, '"v1"')}
    server = serve(lambda request: with_etag(*content["now"])(request))
    source = lander.source("csv", f"{server.url}/calls.csv")
    first = lander.land(source)
    content["now"] = (CSV + b"3\n", '"v2"')
    assert lander.changed(source, first)
    assert lander.land(source, first).rows_landed == 3


def test_last_modified_serves_where_there_is_no_etag(lander, serve):
    stamp = "Sat, 31 Jan 2026 00:00:00 GMT"
    server = serve(
        lambda request: (
            (304, {}, b"")
            if request.headers.get("If-Modified-Since") == stamp
            else (200, {"Last-Modified": stamp}, CSV)
        )
    )
    source = lander.source("csv", f"{server.url}/calls.csv")
    first = lander.land(source)
    assert not lander.changed(source, first)


def test_without_either_a_change_is_possible_and_equal_content_is_unchanged(lander, serve):
    server = serve(lambda request: (200, {}, CSV))
    source = lander.source("csv", f"{server.url}/calls.csv")
    first = lander.land(source)
    assert lander.changed(source, first)
    assert lander.land(source, first).unchanged


def test_a_busy_server_is_asked_again(lander, serve):
    statuses = iter([503, 429, 200])
    server = serve(lambda request: (next(statuses), {"Retry-After": "0"}, CSV))
    assert lander.land(lander.source("csv", f"{server.url}/calls.csv")).rows_landed == 2
    assert len(server.asked) == 3


@pytest.mark.parametrize(("status", "code"), [(401, "SOURCE007"), (404, "SOURCE007"), (500, "SOURCE007")])
def test_a_refusal_is_told_with_its_status(lander, refused, serve, status, code):
    server = serve(lambda request: (status, {}, b"the secret reason"))
    (problem,) = refused(lambda: lander.land(lander.source("csv", f"{server.url}/calls.csv", retries=0)))
    assert problem.code == code
    assert problem.found.startswith(f"HTTP {status}")
    assert "secret" not in str(problem)


def test_a_body_shorter_than_promised_is_refused(lander, refused, serve):
    server = serve(lambda request: (200, {"Content-Length": "100"}, CSV))
    (problem,) = refused(lambda: lander.land(lander.source("csv", f"{server.url}/calls.csv", retries=0, timeout=2)))
    assert problem.code == "SOURCE008"


def test_a_server_that_is_not_there_is_told(lander, refused, serve):
    server = serve(lambda request: (200, {}, CSV))
    server.close()
    (problem,) = refused(lambda: lander.land(lander.source("csv", f"{server.url}/calls.csv", retries=0)))
    assert problem.code == "SOURCE008"


def test_a_file_above_the_bound_is_refused_before_it_fills_the_disk(lander, refused, serve):
    server = serve(lambda request: (200, {}, b"0" * 3_000_000))
    source = lander.source("csv", f"{server.url}/calls.csv", max_size="1MB")
    assert [problem.code for problem in refused(lambda: lander.land(source))] == ["SOURCE009"]
    assert lander.files() == []


def test_credentials_do_not_follow_a_redirect_to_another_host(lander, serve, monkeypatch):
    seen = {}

    def other(request):
        seen.update(request.headers.items())
        return 200, {}, CSV

    elsewhere = serve(other)
    first = serve(lambda request: (302, {"Location": f"{elsewhere.url}/x.csv"}, b""))
    monkeypatch.setenv("TOKEN", "s3cret")
    source = lander.source("csv", f"{first.url}/calls.csv", headers={"Authorization": "Bearer ${env:TOKEN}"})
    assert lander.land(source).rows_landed == 2
    assert "Authorization" not in seen


def test_an_address_is_told_without_its_secrets():
    assert http.without_secrets("https://a:b@x.org/f.csv?sig=1#z") == "https://x.org/f.csv"
