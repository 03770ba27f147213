"""One thing that was looked at, and how it was found."""

from dataclasses import asdict, dataclass
from typing import Literal

from weft.base.problem import Problem

State = Literal["ok", "warning", "failed"]


@dataclass(frozen=True)
class Examination:
    """One thing that was looked at."""

    subject: str
    state: State
    what: str
    fix: str | None = None
    code: str | None = None  # `weft explain` tells more

    @classmethod
    def of_problem(cls, subject: str, problem: Problem) -> "Examination":
        """What kept the thing from being looked at, or is wrong with it."""
        found = f" {problem.found}" if problem.found else ""
        return cls(subject, "failed", f"{problem.what}{found}", problem.fix, problem.code)

    def as_json(self) -> dict[str, str | None]:
        """The same for a machine."""
        return asdict(self)
