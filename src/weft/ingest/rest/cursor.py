"""The incremental cursor of an API: the greatest value seen, and the records that had it.

Most APIs answer "updated since" with the records of that very moment again; they are known by their hash, so
that none of them is landed twice.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from weft.ingest.rest.json_path import MISSING, value_at

_MOST_REMEMBERED = 10_000


@dataclass
class RestCursor:
    """Where reading stands."""

    path: str  # of the value within a record
    last: Any = None
    at_last: list[str] = field(default_factory=list)
    without: int = 0  # records without a value

    @classmethod
    def of_state(cls, path: str, state: Mapping[str, Any], start: Any) -> "RestCursor":
        """Continue from a landing's state, or begin at `start`."""
        saved = state.get("cursor") or {}
        if saved.get("path") == path:
            return cls(path, saved["last"], list(saved["at_last"]))
        return cls(path, start)

    def as_state(self) -> dict[str, Any]:
        """For the next landing."""
        return {"path": self.path, "last": self.last, "at_last": self.at_last}

    def new_among(self, records: Sequence[Any]) -> list[int]:
        """Positions of the records that were not seen at the last value."""
        known = set(self.at_last)
        return [position for position, record in enumerate(records) if not known or _digest(record) not in known]

    def advance(self, records: Iterable[Any]) -> None:
        """Take records into account."""
        for record in records:
            value = value_at(record, self.path)
            if value is MISSING or value is None or isinstance(value, dict | list | bool):
                self.without += 1
                continue
            if self.last is None or _is_greater(value, self.last):
                self.last, self.at_last = value, []
            if (
                value == self.last
                and len(self.at_last) < _MOST_REMEMBERED
                and (digest := _digest(record)) not in self.at_last
            ):
                self.at_last.append(digest)


def _is_greater(value: Any, last: Any) -> bool:
    if isinstance(value, int | float) and isinstance(last, int | float):
        return value > last
    return str(value) > str(last)


def _digest(record: Any) -> str:
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:24]
