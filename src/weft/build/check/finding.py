"""What a check found: the rule, what was measured, what was allowed, and how many rows broke it."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from weft.base.problem import Place

Status = Literal["passed", "failed", "warned", "not_run", "not_applicable"]
_COMPUTED = ("passed", "failed", "warned")


@dataclass(frozen=True)
class Finding:
    """One promise of a contract, measured on one candidate.

    What was not computed says so: `not_run` should have been, `not_applicable` had nothing to be compared.

    Raises:
        ValueError: it claims a result without a measured value, or gives no reason for having none.
    """

    rule: str
    kind: str
    severity: str  # error | warning | info
    status: Status
    place: Place
    columns: tuple[str, ...] = ()
    measured: float | None = None
    unit: str | None = None  # rows | percent | seconds; None for a value of a query
    threshold: str | None = None
    broken_rows: int | None = None  # of the candidate; None where the rule is not about rows
    held_rows: int = 0  # those of them that went to the quarantine for it
    refuses: bool = False  # it alone stops the publication
    message: str | None = None  # never holds cell values

    def __post_init__(self) -> None:
        if self.status in _COMPUTED and self.measured is None:
            raise ValueError(f"{self.rule} is {self.status}, and nothing was measured")
        if self.status not in _COMPUTED and not self.message:
            raise ValueError(f"{self.rule} is {self.status}, and nothing says why")
        if self.refuses and self.status in ("passed", "not_applicable"):
            raise ValueError(f"{self.rule} is {self.status}, and stops the publication")

    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        return {**asdict(self), "place": str(self.place), "columns": list(self.columns)}


def counted_by_status(findings: tuple[Finding, ...]) -> dict[str, int]:
    """How many findings have each status; those that none has are left out.

    >>> counted_by_status(())
    {}
    """
    order = (*_COMPUTED, "not_run", "not_applicable")
    counts = {status: sum(finding.status == status for finding in findings) for status in order}
    return {status: count for status, count in counts.items() if count}
