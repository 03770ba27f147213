"""REST APIs: each way of paging, each way of saying who one is, and only what is new."""

import base64
import json
import urllib.parse
from pathlib import Path

import pytest

BASIC = "Basic " + base64.b64encode(b"ada:s3cret").decode()
INVOICES = [{"id": n, "total": f"{n}.50", "updated_at": f"2026-01-{n // 3 + 1:02}T00:00:00Z"} for n in range(25)]


def query_of(request):
    parts = urllib.parse.urlsplit(request.path)
    return parts.path, dict(urllib.parse.parse_qsl(parts.query))


def answer(request, rows=INVOICES):
    path, query = query_of(request)
    rows = [row for row in rows if row["updated_at"] >= query.get("since", "")]
    page = int(query.get("page", 1))
    part, more = rows[(page - 1) * 10 : page * 10], page * 10 < len(rows)
    headers = {}
    if path == "/address":
        document = {"data": part, "next": f"/address?page={page + 1}" if more else None}
    elif path == "/cursor":
        start = int(query.get("after", 0))
        document = {"items": rows[start : start + 10], "meta": {"next": start + 10 if start + 10 < len(rows) else None}}
    elif path == "/offset":
        start, count = int(query["skip"]), int(query["take"])
        document = {"rows": rows[start : start + count], "total": len(rows)}
    elif path == "/pages":
        document = {"result": {"items": part, "pages": 3}}
    else:
        document = part
        if path == "/link" and more:
            headers = {"Link": f'<{path}?page={page + 1}>; rel="next", </link?page=1>; rel="first"'}
    return 200, headers, json.dumps(document).encode()


PAGING = {
    "address": {"data": "data", "next": "next"},
    "cursor": {"next": "meta.next", "next_param": "after"},
    "offset": {"offset_param": "skip", "limit_param": "take", "page_size": 7, "total": "total"},
    "pages": {"data": "result.items", "page_param": "page", "total": "result.pages"},
    "numbers": {"page_param": "page"},
    "link": {},
}


@pytest.mark.parametrize("way", PAGING)
def test_every_way_of_paging_gives_all_records_once(lander, rows, serve, way):
    server = serve(answer)
    landing = lander.land(lander.source("rest", url=f"{server.url}/{way}", **PAGING[way]))
    assert [row[0] for row in rows(landing)] == list(range(25))
    assert landing.problems == ()
    assert len(landing.raw) == (4 if way == "offset" else 3)


def test_pages_are_kept_as_they_came(lander, serve):
    server = serve(lambda request: (200, {}, b'[ {"a" : 1.50} ]'))
    (raw,) = lander.land(lander.source("rest", url=f"{server.url}/x")).raw
    assert Path(raw.path).read_bytes() == b'[ {"a" : 1.50} ]'


@pytest.mark.parametrize(
    ("options", "header", "value"),
    [
        ({"token": "${env:API_SECRET}"}, "Authorization", "Bearer s3cret"),
        ({"user": "ada", "password": "${env:API_SECRET}"}, "Authorization", BASIC),
        ({"api_key": "${env:API_SECRET}"}, "X-API-Key", "s3cret"),
        ({"headers": {"X-Mine": "${env:API_SECRET}"}}, "X-Mine", "s3cret"),
    ],
)  # fmt: skip
def test_credentials_are_sent_and_their_absence_is_told_without_them(
    lander, refused, serve, monkeypatch, options, header, value
):
    monkeypatch.setenv("API_SECRET", "s3cret")
    server = serve(lambda request: (200 if request.headers.get(header) == value else 401, {}, b'[{"a": 1}]'))
    assert lander.land(lander.source("rest", url=f"{server.url}/x", **options)).rows_landed == 1
    monkeypatch.setenv("API_SECRET", "wr0ng")
    (problem,) = refused(lambda: lander.land(lander.source("rest", url=f"{server.url}/x", **options)))
    assert (problem.code, "wr0ng" in str(problem)) == ("SOURCE007", False)


def test_a_key_in_the_query_goes_with_every_page_and_is_never_shown(lander, serve, monkeypatch):
    monkeypatch.setenv("KEY", "s3cret")
    server = serve(answer)
    source = lander.source(
        "rest", url=f"{server.url}/address", next="next", api_key="${env:KEY}", api_key_name="k", api_key_in="query"
    )
    landing = lander.land(source)
    assert all("k=s3cret" in asked for asked in server.asked)
    assert "s3cret" not in json.dumps(landing.as_json())


def test_a_cursor_asks_for_what_is_new_and_lands_each_record_once(lander, rows, serve):
    known = list(INVOICES)
    server = serve(lambda request: answer(request, known))
    source = lander.source(
        "rest", url=f"{server.url}/numbers", page_param="page", cursor="updated_at", cursor_param="since"
    )
    first = lander.land(source)
    assert first.rows_landed == 25
    second = lander.land(source, first)
    assert second.unchanged
    assert server.asked[-2] == "GET /numbers?since=2026-01-09T00%3A00%3A00Z&page=1"
    known.append({"id": 99, "total": "1", "updated_at": INVOICES[-1]["updated_at"]})
    third = lander.land(source, second)
    assert [row[0] for row in rows(third)] == [*range(25), 99]
    assert third.rows_new == 1
    assert lander.land(source, third).unchanged


def test_a_next_page_on_another_host_is_refused_so_that_credentials_stay(lander, refused, serve):
    server = serve(lambda request: (200, {}, b'{"data": [{"a": 1}], "next": "http://elsewhere.example/2"}'))
    (problem,) = refused(lambda: lander.land(lander.source("rest", url=f"{server.url}/x", next="next", token="t")))
    assert problem.code == "SOURCE040"


@pytest.mark.parametrize("options", [{"next": "next"}, {"page_param": "page", "max_pages": 5}])
def test_pages_without_end_are_refused(lander, refused, serve, options):
    server = serve(lambda request: (200, {}, b'{"data": [{"a": 1}], "next": "/x"}'))
    (problem,) = refused(lambda: lander.land(lander.source("rest", url=f"{server.url}/x", **options)))
    assert problem.code == "SOURCE040"


def test_what_is_no_json_or_has_no_records_there_is_told(lander, refused, serve):
    server = serve(lambda request: (200, {}, b"<html>" if request.path == "/login" else b'{"items": 7}'))
    for path, options in (("login", {}), ("x", {"data": "data"}), ("x", {"data": "items"})):
        source = lander.source("rest", url=f"{server.url}/{path}", **options)
        (problem,) = refused(lambda source=source: lander.land(source))
        assert problem.code == "SOURCE041"


def test_a_post_sends_its_body(lander, serve):
    bodies = []

    def echo(request):
        bodies.append(json.loads(request.body))
        return 200, {}, b'[{"a": 1}]'

    server = serve(echo)
    lander.land(lander.source("rest", url=f"{server.url}/search", method="POST", body={"state": "open"}))
    assert bodies == [{"state": "open"}]


def test_options_that_exclude_each_other_are_told(lander, refused):
    for options in ({"token": "a", "user": "b"}, {"next": "a", "page_param": "b"}):
        (problem,) = refused(lambda o=options: lander.land(lander.source("rest", url="http://127.0.0.1:1/x", **o)))
        assert problem.code == "SOURCE003"
