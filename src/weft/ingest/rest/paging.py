"""How an API gives its pages: the address of the next one, a cursor, page numbers, offsets, or a Link header."""

import re
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weft.base.problem import Problem
from weft.ingest.rest.json_path import MISSING, value_at
from weft.ingest.source_protocol import Job, Option, OptionType

PAGING_OPTIONS = (
    Option(
        "next",
        OptionType.TEXT,
        "Path in the page to the next page's address, or with `next_param` to its cursor.",
        reads=False,
    ),
    Option("next_param", OptionType.TEXT, "Parameter that takes the cursor of `next`.", reads=False),
    Option(
        "page_param", OptionType.TEXT, "Parameter that takes page numbers; ends with the first empty page.", reads=False
    ),
    Option("first_page", OptionType.NUMBER, "The first page number; default 1.", reads=False),
    Option("offset_param", OptionType.TEXT, "Parameter that takes the count of records read so far.", reads=False),
    Option("limit_param", OptionType.TEXT, "Parameter that takes `page_size`.", reads=False),
    Option("page_size", OptionType.NUMBER, "Records of a page that are asked for.", reads=False),
    Option(
        "total",
        OptionType.TEXT,
        "Path in the page to the count of all records (offsets) or pages (page numbers).",
        reads=False,
    ),
    Option("max_pages", OptionType.NUMBER, "Refuse to read more pages; default 100000.", reads=False),
)

_LINK = re.compile(r"<([^>]*)>\s*((?:;[^,<]*)*)")
_NEXT = re.compile(r";\s*rel\s*=\s*\"?[^\";]*\bnext\b", re.IGNORECASE)


@dataclass(frozen=True)
class PageRequest:
    """One page to ask for: an address as the API gave it, or parameters beside the source's own."""

    url: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """What came."""

    number: int  # counted from 0
    document: Any
    link_header: str | None
    records: int
    records_before: int  # on all pages before


@dataclass(frozen=True)
class Paging:
    """The way from one page to the next."""

    next_path: str | None = None
    next_param: str | None = None
    page_param: str | None = None
    first_page: int = 1
    offset_param: str | None = None
    limit_param: str | None = None
    page_size: int | None = None
    total_path: str | None = None

    def first(self) -> PageRequest:
        """The first page."""
        parameters = dict(self._limit())
        if self.page_param:
            parameters[self.page_param] = str(self.first_page)
        if self.offset_param:
            parameters[self.offset_param] = "0"
        return PageRequest(parameters=parameters)

    def following(self, page: Page) -> PageRequest | None:
        """The page after this one; None where it was the last."""
        if self.next_path:
            return self._by_reference(page)
        if self.page_param:
            return self._by_number(page)
        if self.offset_param:
            return self._by_offset(page)
        url = next_link(page.link_header)
        return PageRequest(url) if url else None

    def _limit(self) -> dict[str, str]:
        return {self.limit_param: str(self.page_size)} if self.limit_param and self.page_size else {}

    def _by_reference(self, page: Page) -> PageRequest | None:
        value = value_at(page.document, str(self.next_path))
        if value is MISSING or value is None or value == "" or value is False:
            return None
        if self.next_param:
            return PageRequest(parameters={**self._limit(), self.next_param: str(value)})
        return PageRequest(str(value))

    def _by_number(self, page: Page) -> PageRequest | None:
        total = self._total(page)
        if not page.records or (total is not None and page.number + 1 >= total):
            return None
        return PageRequest(parameters={**self._limit(), str(self.page_param): str(self.first_page + page.number + 1)})

    def _by_offset(self, page: Page) -> PageRequest | None:
        read, total = page.records_before + page.records, self._total(page)
        if not page.records or (total is not None and read >= total):
            return None
        return PageRequest(parameters={**self._limit(), str(self.offset_param): str(read)})

    def _total(self, page: Page) -> int | None:
        value = value_at(page.document, self.total_path) if self.total_path else None
        return int(value) if isinstance(value, int | float | str) and str(value).isdigit() else None


def paging_of(job: Job) -> Paging:
    """The paging of a source.

    Raises:
        Problem: SOURCE003 the options do not go together.
    """
    ways = [name for name in ("next", "page_param", "offset_param") if job.option(name) is not None]
    if len(ways) > 1:
        raise Problem(
            "SOURCE003",
            f"Only one way of paging can be used, not {' and '.join(ways)}.",
            job.place,
            fix="Keep the one that the API uses.",
        )
    size = job.option("page_size")
    return Paging(
        next_path=job.option("next"),
        next_param=job.option("next_param"),
        page_param=job.option("page_param"),
        first_page=int(job.option("first_page", 1)),
        offset_param=job.option("offset_param"),
        limit_param=job.option("limit_param"),
        page_size=int(size) if size is not None else None,
        total_path=job.option("total"),
    )


def next_link(header: str | None) -> str | None:
    """The address of rel="next" in a Link header.

    >>> next_link('<https://x/i?page=1>; rel="prev", <https://x/i?page=3>; rel="next"')
    'https://x/i?page=3'
    """
    found = (match[1] for match in _LINK.finditer(header or "") if _NEXT.search(match[2]))
    return next(found, None)


def with_parameters(url: str, parameters: Mapping[str, str]) -> str:
    """An address with more parameters; those that it has already are replaced.

    >>> with_parameters("https://x/i?page=1&q=a", {"page": "2"})
    'https://x/i?q=a&page=2'
    """
    parts = urllib.parse.urlsplit(url)
    kept = [pair for pair in urllib.parse.parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in parameters]
    query = urllib.parse.urlencode([*kept, *parameters.items()])
    return urllib.parse.urlunsplit(parts._replace(query=query))
