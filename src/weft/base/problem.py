"""A mistake of a user: a stable code, the place, what was found, what was expected, and the fix.

Problems are collected and shown all at once. A bug of ours is no Problem and keeps its traceback.
Messages name columns, files and counts, never cell values: logs have more readers than data.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem weighs: an error stops the command, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, order=True)
class Place:
    """A position in a file, as editors and terminals link it.

    >>> str(Place("domains/sales/orders/product.yaml", 8, 3))
    'domains/sales/orders/product.yaml:8:3'
    >>> str(Place("weft.yaml"))
    'weft.yaml'
    """

    path: str
    line: int | None = None  # counted from 1
    column: int | None = None  # counted from 1

    def __str__(self) -> str:
        parts = [self.path] + [str(number) for number in (self.line, self.column) if number is not None]
        return ":".join(parts)


@dataclass(unsafe_hash=True)  # not frozen: contextlib assigns __traceback__ to exceptions in flight
class Problem(Exception):
    """One mistake of a user.

    >>> problem = Problem(
    ...     code="SPEC003",
    ...     where=Place("product.yaml", 8, 5),
    ...     what='Input port "sales/ordres" does not exist.',
    ...     fix='Did you mean "sales/orders"?',
    ... )
    >>> print(problem)
    SPEC003  product.yaml:8:5
      Input port "sales/ordres" does not exist.
      Fix: Did you mean "sales/orders"?
    """

    code: str
    what: str
    where: Place | None = None
    found: str | None = None
    expected: str | None = None
    fix: str | None = None
    severity: Severity = Severity.ERROR

    def __reduce__(self) -> tuple[type["Problem"], tuple[object, ...]]:
        # Exceptions pickle their args, which a dataclass does not fill; problems cross process borders.
        fields = (self.code, self.what, self.where, self.found, self.expected, self.fix, self.severity)
        return (Problem, fields)

    def __str__(self) -> str:
        lines = [f"{self.code}  {self.where}" if self.where else self.code, f"  {self.what}"]
        if self.found is not None:
            lines.append(f"  Found: {self.found}")
        if self.expected is not None:
            lines.append(f"  Expected: {self.expected}")
        if self.fix is not None:
            lines.append(f"  Fix: {self.fix}")
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        """The same fields for a machine."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "file": self.where.path if self.where else None,
            "line": self.where.line if self.where else None,
            "column": self.where.column if self.where else None,
            "what": self.what,
            "found": self.found,
            "expected": self.expected,
            "fix": self.fix,
        }


class Problems(Exception):
    """Several problems at once, so that nobody mends one mistake only to meet the next."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def errors_of(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems that stop a command."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)
