"""What a landing left behind: raw files as they came, Parquet that models read, rejected lines, and a cursor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from weft.base.names import ProductName
from weft.base.problem import Place, Problem, Severity


@dataclass(frozen=True)
class RawFile:
    """One file of a source, kept byte for byte as it came."""

    path: str  # in the landing folder; its name is its content's hash
    location: str  # where it came from: relative to the mesh, a URL without its secrets, or `table orders`
    sha256: str
    size_bytes: int

    @property
    def name(self) -> str:
        """The last part of its location, such as `calls-2026-01.csv`."""
        return self.location.split("?")[0].rstrip("/").rpartition("/")[2] or self.location

    def as_json(self) -> dict[str, object]:
        """For the ledger."""
        return {"path": self.path, "location": self.location, "sha256": self.sha256, "size_bytes": self.size_bytes}


@dataclass(frozen=True)
class Landing:
    """All that is landed of one source: with `load: append` every landing so far, else the newest one.

    Always `rows_in_files == rows_landed + rows_rejected`.
    """

    source: str
    product: ProductName
    landed_at: datetime  # when its content last changed
    fingerprint: str  # of the content of all raw files and the options that matter for reading them
    raw: tuple[RawFile, ...]
    tables: tuple[str, ...]  # Parquet files; all of them have `columns`
    columns: Mapping[str, str]  # name -> DuckDB type
    rows_in_files: int
    rows_landed: int
    rows_rejected: int
    rejects: str | None = None  # NDJSON: file, line, reason, raw
    state: Mapping[str, Any] = field(default_factory=dict)  # what the source's kind needs next time
    unchanged: bool = False  # nothing new since the previous landing
    problems: tuple[Problem, ...] = ()  # warnings
    rows_new: int = 0  # rows that this landing added; all of them unless `load: append`
    suggested: Mapping[str, Any] = field(default_factory=dict)  # options that say how its values seem to be written

    def __post_init__(self) -> None:
        if self.rows_in_files != self.rows_landed + self.rows_rejected:
            raise AssertionError(
                f"source {self.source}: {self.rows_in_files} rows in files, "
                f"but {self.rows_landed} landed and {self.rows_rejected} rejected"
            )

    def as_json(self) -> dict[str, Any]:
        """For the ledger; `from_json` reads it back."""
        return {
            "source": self.source,
            "product": str(self.product),
            "landed_at": self.landed_at.isoformat(),
            "fingerprint": self.fingerprint,
            "raw": [file.as_json() for file in self.raw],
            "tables": list(self.tables),
            "columns": dict(self.columns),
            "rows_in_files": self.rows_in_files,
            "rows_landed": self.rows_landed,
            "rows_rejected": self.rows_rejected,
            "rejects": self.rejects,
            "state": dict(self.state),
            "unchanged": self.unchanged,
            "problems": [problem.as_json() for problem in self.problems],
            "rows_new": self.rows_new,
            "suggested": dict(self.suggested),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Landing":
        """Read what `as_json` wrote."""
        return cls(
            source=data["source"],
            product=ProductName.parse(data["product"]),
            landed_at=datetime.fromisoformat(data["landed_at"]),
            fingerprint=data["fingerprint"],
            raw=tuple(RawFile(**file) for file in data["raw"]),
            tables=tuple(data["tables"]),
            columns=dict(data["columns"]),
            rows_in_files=data["rows_in_files"],
            rows_landed=data["rows_landed"],
            rows_rejected=data["rows_rejected"],
            rejects=data["rejects"],
            state=dict(data["state"]),
            unchanged=data["unchanged"],
            problems=tuple(problem_from_json(problem) for problem in data["problems"]),
            rows_new=data.get("rows_new", 0),
            suggested=data.get("suggested", {}),
        )


def problem_from_json(data: Mapping[str, Any]) -> Problem:
    """Read what `Problem.as_json` wrote.

    >>> problem = Problem("SOURCE016", "2 rows were rejected.", Place("a.csv", 7), severity=Severity.WARNING)
    >>> problem_from_json(problem.as_json()) == problem
    True
    """
    where = Place(data["file"], data["line"], data["column"]) if data["file"] else None
    found, expected, fix = data["found"], data["expected"], data["fix"]
    return Problem(data["code"], data["what"], where, found, expected, fix, Severity(data["severity"]))
