"""What a check found: the rule, what was measured, what was allowed, and how many rows broke it."""

from dataclasses import asdict, dataclass
from typing import Any

from weft.base.problem import Place


@dataclass(frozen=True)
class Finding:
    """One promise of a contract, measured on one candidate."""

    rule: str
    kind: str
    severity: str  # error | warning | info
    status: str  # passed | failed | warned | not_run
    place: Place
    columns: tuple[str, ...] = ()
    measured: float | None = None
    unit: str | None = None  # rows | percent | seconds; None for a value of a query
    threshold: str | None = None
    broken_rows: int | None = None  # of the candidate; None where the rule is not about rows
    held_rows: int = 0  # those of them that went to the quarantine for it
    refuses: bool = False  # it alone stops the publication
    message: str | None = None  # never holds cell values

    def as_json(self) -> dict[str, Any]:
        """The same for a machine."""
        return {**asdict(self), "place": str(self.place), "columns": list(self.columns)}
