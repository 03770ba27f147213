"""A file that a source's path names, before it is brought here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Sign = Mapping[str, Any]  # size and time, or ETag: equal signs mean equal content


@dataclass(frozen=True)
class Download:
    """The bytes of a file on their way."""

    chunks: Iterable[bytes]
    sign: Callable[[], Sign | None]  # asked after the last chunk


@dataclass(frozen=True)
class Found:
    """One file: where it is, and how to get it."""

    location: str  # for people: relative to the mesh, or a URL without its secrets
    open: Callable[[Sign | None], Download | None]  # given the sign seen last; None: not modified since
    sign: Sign | None = None  # None: not known before it is opened


@dataclass(frozen=True)
class Reach:
    """Settings of remote places."""

    headers: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)  # endpoint, region, access_key, ...
    timeout_seconds: float = 60.0
    retries: int = 3
