"""REST APIs that answer with JSON; every page is kept as it came."""

import json
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from weft.base.problem import Place, Problem, Severity
from weft.ingest.content_store import keep_raw
from weft.ingest.decompress import Member
from weft.ingest.fetch.found import Reach
from weft.ingest.fetch.http import send, whole_body, without_secrets
from weft.ingest.json_records.read import read_json_records
from weft.ingest.json_records.split import JsonRecord, split_document
from weft.ingest.landing import RawFile
from weft.ingest.rejects import RejectFile
from weft.ingest.rest.credentials import CREDENTIAL_OPTIONS, Credentials, credentials_of
from weft.ingest.rest.cursor import RestCursor
from weft.ingest.rest.json_path import MISSING, value_at
from weft.ingest.rest.paging import PAGING_OPTIONS, Page, PageRequest, paging_of, with_parameters
from weft.ingest.rows.writing_options import WRITING_OPTIONS
from weft.ingest.source_protocol import Collected, Job, Option, OptionType, Reading, SourceKind

_MAX_PAGES = 100_000


class RestApi(SourceKind):
    """Pages of JSON records; with `cursor`, only records that are new since the last landing."""

    kind: ClassVar[str] = "rest"
    uses_path: ClassVar[bool] = False
    options: ClassVar[tuple[Option, ...]] = (
        Option(
            "url", OptionType.TEXT, "Address of the first page, without paging parameters.", reads=False, required=True
        ),
        Option("data", OptionType.TEXT, "Path in a page to its list of records; default: the page, or its only list."),
        Option("params", OptionType.MAPPING, "Parameters of every request.", reads=False),
        Option("headers", OptionType.MAPPING, "Headers of every request.", reads=False),
        Option("method", OptionType.TEXT, "GET (default) or POST.", reads=False),
        Option("body", OptionType.MAPPING, "JSON body of a POST request.", reads=False),
        Option("cursor_param", OptionType.TEXT, "Parameter that takes the last value of `cursor`.", reads=False),
        Option("cursor_start", OptionType.TEXT, "The value to begin with.", reads=False),
        Option("timeout", OptionType.NUMBER, "Seconds to wait for an answer; default 60.", reads=False),
        Option("retries", OptionType.NUMBER, "How often a busy server is asked again; default 3.", reads=False),
        *PAGING_OPTIONS,
        *CREDENTIAL_OPTIONS,
        *(option for option in WRITING_OPTIONS if option.name != "file_column"),
    )

    def collect(self, job: Job) -> Collected:
        """Ask for page after page."""
        state = dict(job.previous.state) if job.previous else {}
        path = job.source.cursor
        cursor = RestCursor.of_state(path, state, job.option("cursor_start")) if path else None
        before = replace(cursor, at_last=list(cursor.at_last)) if cursor else None
        files: list[RawFile] = []
        first: RawFile | None = None
        for page in _pages(job, cursor.last if cursor else None):
            body = page.body
            if before is not None and cursor is not None:
                new = before.new_among(page.records)
                cursor.advance(page.records)
                if len(new) < len(page.records):
                    body = _only(new, job, page)
                    page = replace(page, records=[page.records[position] for position in new])
            if page.records:
                files.append(keep_raw(job.folder, page.location, [body], ".json", vault=job.vault))
            elif first is None and not files:
                first = keep_raw(job.folder, page.location, [page.body], ".json", vault=job.vault)
        has_before = cursor is not None and bool(job.previous and job.previous.raw)
        if not files and first is not None and not has_before:
            files.append(first)  # no records at all; the page is kept as proof
        if cursor is None:
            return Collected(tuple(files))
        return Collected(tuple(files), {"cursor": cursor.as_state()}, _without_cursor(job, cursor))

    def read(self, job: Job, raw: Sequence[RawFile], key: str) -> Reading:
        """The records of all pages, as one table."""
        rejects = RejectFile(job.scratch / "rejects.ndjson", vault=job.vault)
        data = job.option("data")

        def split(member: Member) -> Iterable[JsonRecord]:
            path = data or _only_list(json.loads(member.path.read_bytes()))
            return split_document(member.path, member.location, path)

        members = [Member(file.location, Path(file.path), job.place) for file in raw]
        with job.scratch_engine() as engine:
            return read_json_records(job, engine, members, split, rejects, key)


@dataclass(frozen=True)
class _Answer:
    location: str
    body: bytes
    records: list[Any]


def _pages(job: Job, cursor_value: Any) -> Iterator[_Answer]:
    paging, credentials = paging_of(job), credentials_of(job)
    reach = Reach(timeout_seconds=float(job.option("timeout", 60)), retries=int(job.option("retries", 3)))
    first_url = _first_url(job, credentials, cursor_value)
    location = without_secrets(first_url)
    most = int(job.option("max_pages", _MAX_PAGES))
    asked: PageRequest | None = paging.first()
    seen: set[str] = set()
    records_before = 0
    for number in range(most + 1):
        if asked is None:
            return
        if number == most:
            raise _endless(location, f"more than {most:,} pages", job.place)
        url = _url_of(asked, first_url, credentials, job.place)
        if url in seen:
            raise _endless(location, "the same page was given as the next one twice", job.place)
        seen.add(url)
        page_location = f"{location}#page-{number + 1}"
        job.progress(f"{job.source.name}: page {number + 1}")
        body, document, link = _ask(job, url, credentials, reach, page_location)
        records = _records_of(document, job.option("data"), job.place, page_location)
        yield _Answer(page_location, body, records)
        asked = paging.following(Page(number, document, link, len(records), records_before))
        records_before += len(records)


def _first_url(job: Job, credentials: Credentials, cursor_value: Any) -> str:
    parameters = {str(name): str(value) for name, value in (job.option("params") or {}).items()}
    cursor_param = job.option("cursor_param")
    if cursor_param and cursor_value is not None:
        parameters[str(cursor_param)] = str(cursor_value)
    url = str(job.option("url"))
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise Problem("SOURCE003", "The source's `url` is no http:// or https:// address.", job.place)
    return with_parameters(url, {**parameters, **credentials.parameters})


def _url_of(asked: PageRequest, first_url: str, credentials: Credentials, place: Place) -> str:
    if asked.url is None:
        return with_parameters(first_url, asked.parameters)
    url = urllib.parse.urljoin(first_url, asked.url)
    if urllib.parse.urlsplit(url)[:2] != urllib.parse.urlsplit(first_url)[:2]:
        # The credentials would go to whom the page names.
        raise Problem(
            "SOURCE040",
            "A page names a next page on another host, which was not asked.",
            place,
            found=without_secrets(url),
            fix="Use the host that the API names as `url`.",
        )
    return with_parameters(url, credentials.parameters) if credentials.parameters else url


def _ask(job: Job, url: str, credentials: Credentials, reach: Reach, location: str) -> tuple[bytes, Any, str | None]:
    headers = {"Accept": "application/json", **{str(k): str(v) for k, v in (job.option("headers") or {}).items()}}
    headers |= credentials.headers
    method = str(job.option("method", "GET")).upper()
    body = job.option("body")
    data = json.dumps(body).encode() if body is not None else None
    if data is not None:
        headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    response = send(request, location, reach, job.place)
    if response is None:
        raise Problem("SOURCE040", f'The API answered "not modified" without being asked: "{location}".', job.place)
    link = response.headers.get("Link")
    content = b"".join(whole_body(response, location, job.place))
    try:
        return content, json.loads(content) if content.strip() else [], link
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        raise Problem(
            "SOURCE041",
            f'The answer of "{location}" is not JSON.',
            job.place,
            fix="See that `url` is the API's address and not that of its documentation or login page.",
        ) from None


def _records_of(document: Any, data: str | None, place: Place, location: str) -> list[Any]:
    path = data or _only_list(document)
    value = value_at(document, path) if path else document
    if isinstance(value, list):
        return value
    if value is MISSING or path:
        names = ", ".join(document) if isinstance(document, dict) else type(document).__name__
        raise Problem(
            "SOURCE041",
            f'The page "{location}" has no list of records at `data: {path}`.',
            place,
            found=names,
            fix="Name the path to the list, such as `data: data` or `data: result.items`.",
        )
    return [value]


def _only_list(document: Any) -> str | None:
    """The one list of a page's object; None where the page itself is the records."""
    if not isinstance(document, dict):
        return None
    lists = [name for name, value in document.items() if isinstance(value, list)]
    return lists[0] if len(lists) == 1 and "." not in lists[0] else None


def _endless(location: str, why: str, place: Place) -> Problem:
    return Problem(
        "SOURCE040",
        f'The pages of "{location}" do not end: {why}.',
        place,
        fix="See the paging options (`next`, `page_param`, `offset_param`), or raise `max_pages`.",
    )


def _only(positions: Sequence[int], job: Job, page: _Answer) -> bytes:
    """A page with some of its records, each as it came; the others are in an earlier landing's page."""
    path = job.scratch / "page.json"
    path.write_bytes(page.body)
    data = job.option("data") or _only_list(json.loads(page.body))
    texts = [record.raw for record in split_document(path, page.location, data)]
    text = "[" + ",\n".join(texts[position] for position in positions) + "]"
    for name in reversed(data.split(".") if data else []):
        text = f"{{{json.dumps(name)}: {text}}}"
    return text.encode()


def _without_cursor(job: Job, cursor: RestCursor) -> tuple[Problem, ...]:
    if not cursor.without:
        return ()
    return (
        Problem(
            "SOURCE034",
            f'{cursor.without} records have no "{cursor.path}".',
            job.place,
            fix="Choose a cursor that every record has: one without it moves nothing forward.",
            severity=Severity.WARNING,
        ),
    )
