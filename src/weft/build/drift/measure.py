"""One measure of drift: what was measured, what is usual, and the verdict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from weft.build.drift.thresholds import Expected

Status = Literal["usual", "drifted", "not_applicable"]

# What each kind is called, and how its number is written.
PSI, JENSEN_SHANNON, KOLMOGOROV_SMIRNOV = "psi", "jensen_shannon", "kolmogorov_smirnov"
NULL_SHARE, UNSEEN, GONE = "null_share", "unseen_categories", "gone_categories"
VOLUME, DELAY, NEWEST = "volume", "delay", "newest_row"
WORDS = {
    PSI: "PSI",
    JENSEN_SHANNON: "Jensen-Shannon distance",
    KOLMOGOROV_SMIRNOV: "Kolmogorov-Smirnov statistic",
    NULL_SHARE: "change of the share without a value",
    UNSEEN: "share in categories never seen before",
    GONE: "share of categories that are gone",
    VOLUME: "rows beside the usual, as a share of it",
    DELAY: "seconds since the publication before",
    NEWEST: "seconds of age of the newest row",
}
OF_COLUMNS = (PSI, JENSEN_SHANNON, KOLMOGOROV_SMIRNOV, NULL_SHARE, UNSEEN, GONE, NEWEST)
OF_TABLE = (VOLUME, DELAY)


@dataclass(frozen=True)
class Measure:
    """One measure of one publication.

    Raises:
        ValueError: it claims a verdict without a number, or gives no reason for having none.
    """

    kind: str
    column: str | None = None  # None: of the table
    status: Status = "not_applicable"
    measured: float | None = None
    expected: Expected | None = None
    against: str = ""  # the publications that it was compared with
    details: Mapping[str, Any] = field(default_factory=dict)  # numbers only, never values of the data
    message: str = ""

    def __post_init__(self) -> None:
        if self.status != "not_applicable" and (self.measured is None or self.expected is None):
            raise ValueError(f"{self.name} is {self.status}, and nothing was measured")
        if self.status == "not_applicable" and not self.message:
            raise ValueError(f"{self.name} is not applicable, and nothing says why")

    @property
    def name(self) -> str:
        """Unique within a publication: `total.psi`, `volume`."""
        return f"{self.column}.{self.kind}" if self.column else self.kind

    @property
    def explanation(self) -> str:
        """One sentence with the numbers."""
        if self.status == "not_applicable":
            return self.message
        said = f"{WORDS[self.kind]} {self.measured:.3g} against {self.expected}"
        said += f"; compared with {self.against}" if self.against else ""
        return f"{said}; {self.message}" if self.message else said

    def as_fact(self) -> dict[str, Any]:
        """For the ledger: what is more than its default."""
        whole = {
            "status": self.status,
            "measured": self.measured,
            "expected": self.expected and vars(self.expected),
            "against": self.against,
            "details": dict(self.details),
            "message": self.message,
        }
        return {key: value for key, value in whole.items() if value not in (None, "", {})}

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "kind": self.kind,
            "column": self.column,
            "status": self.status,
            "measured": self.measured,
            "expected": dict(vars(self.expected)) if self.expected else None,
            "against": self.against,
            "details": dict(self.details),
            "explanation": self.explanation,
        }


def measure_of_fact(name: str, found: Mapping[str, Any]) -> Measure:
    """Read what `as_fact` wrote.

    >>> one = Measure("psi", "total", "usual", 0.1, Expected(0.25, "convention", 0))
    >>> measure_of_fact(one.name, one.as_fact()) == one
    True
    """
    column, _, kind = name.rpartition(".")
    fields = dict(found)
    if fields.get("expected"):
        fields["expected"] = Expected(**fields["expected"])
    return Measure(kind, column or None, **fields)


def drifted_in(names: Iterable[str]) -> list[str]:
    """What drifted, by the names of measures: columns, and measures of the table.

    >>> drifted_in(["volume", "total.psi", "total.jensen_shannon"])
    ['volume', 'total']
    """
    return list(dict.fromkeys(name.rpartition(".")[0] or name for name in names))


def judged(
    kind: str,
    column: str | None,
    measured: float,
    expected: Expected,
    against: str,
    details: Mapping[str, Any] | None = None,
    message: str = "",
) -> Measure:
    """A measure with its verdict: beyond the most that is usual it drifted."""
    status: Status = "drifted" if measured > expected.most else "usual"
    return Measure(kind, column, status, round(measured, 6), expected, against, details or {}, message)


def not_applicable(kind: str, column: str | None, message: str) -> Measure:
    """A measure that nothing can be said of, and why."""
    return Measure(kind, column, message=message)
