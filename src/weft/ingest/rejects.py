"""The reject file of a landing: one JSON object a rejected row, so that nothing disappears silently.

Problems name files, lines, columns and counts only; the rejected text itself is in this file and nowhere else.
"""

import hashlib
import itertools
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from weft.base.keys.vault import Vault
from weft.base.problem import Place, Problem, Severity
from weft.ingest.content_store import chunks_of, whole_or_absent
from weft.ingest.sealed_files import plain_chunks, sealed, sealed_name

SHOWN_REASONS = 5


@dataclass(frozen=True)
class Reject:
    """One row that could not be read."""

    file: str
    line: int | None  # counted from 1, where the row begins
    reason: str  # never holds a value
    raw: str  # as it stands in the file

    def as_json(self) -> str:
        """One line of the reject file."""
        raw = self.raw.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        return json.dumps({"file": self.file, "line": self.line, "reason": self.reason, "raw": raw}, ensure_ascii=False)


@dataclass
class RejectFile:
    """Writes rejects while files are read, and counts them by file and reason."""

    path: Path
    rows: int = 0
    first_line: dict[str, int | None] = field(default_factory=dict)
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    vault: Vault | None = None  # keys that the file is encrypted under where it is kept
    _file: TextIO | None = None

    def add(self, reject: Reject) -> None:
        """Write one."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8", newline="\n")
        self._file.write(reject.as_json() + "\n")
        self.rows += 1
        first = self.first_line.setdefault(reject.file, reject.line)
        if first is not None and reject.line is not None and reject.line < first:
            self.first_line[reject.file] = reject.line
        self.reasons.setdefault(reject.file, Counter())[reject.reason] += 1

    def keep(self, final: Path) -> str | None:
        """Close and move to its final place; None where nothing was rejected."""
        if self._file is None:
            return None
        self._file.close()
        self._file = None
        final = sealed_name(final, self.vault)
        with whole_or_absent(final) as path, path.open("wb") as target:
            for chunk in sealed(chunks_of(self.path), self.vault):
                target.write(chunk)
        self.path.unlink()
        return str(final)

    def problems(self, rejects: str | None) -> Iterator[Problem]:
        """One warning a file: how many rows, where the first one is, and why."""
        for file, reasons in self.reasons.items():
            rows = reasons.total()
            shown = [f"{reason} ({count})" for reason, count in reasons.most_common(SHOWN_REASONS)]
            if len(reasons) > SHOWN_REASONS:
                shown.append(f"{len(reasons) - SHOWN_REASONS} more reasons")
            yield Problem(
                "SOURCE016",
                f"{rows} {'row was' if rows == 1 else 'rows were'} rejected.",
                Place(file, self.first_line[file]),
                found="; ".join(shown),
                fix=f"See them in {rejects}; mend the file or the source's options." if rejects else None,
                severity=Severity.WARNING,
            )


def read_rejects(path: str | Path, vault: Vault | None = None) -> Iterator[Mapping[str, Any]]:
    """The rows of a reject file."""
    rest = b""
    for chunk in plain_chunks(path, vault):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from (json.loads(line) for line in lines)


def join_reject_files(folder: Path, *paths: str | None, vault: Vault | None = None) -> str | None:
    """One reject file out of several; None where there is none."""
    there = [Path(path) for path in dict.fromkeys(paths) if path]
    if len(there) <= 1:
        return str(there[0]) if there else None
    name = hashlib.sha256("\n".join(path.name for path in there).encode()).hexdigest()[:32]
    final = sealed_name(folder / "rejects" / f"{name}.ndjson", vault)
    both = itertools.chain.from_iterable(plain_chunks(path, vault) for path in there)
    with whole_or_absent(final) as target, target.open("wb") as file:
        for chunk in sealed(both, vault):
            file.write(chunk)
    return str(final)
