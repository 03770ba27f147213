"""How much a publication may hold back before it is refused."""

import re
from dataclasses import dataclass
from typing import Any

from weft.base.problem import Problem
from weft.build.check.threshold import number_text
from weft.spec.contract import Contract

_SHARE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")
_COUNT = re.compile(r"\s*(\d+)\s*")


@dataclass(frozen=True)
class Tolerance:
    """A share or a count of rows.

    >>> Tolerance.parse("5%").allows(5, 100), Tolerance.parse("5%").allows(6, 100), Tolerance.parse(3).allows(4, 100)
    (True, False, False)
    """

    percent: float | None = None
    rows: int | None = None

    @classmethod
    def parse(cls, value: Any) -> "Tolerance":
        """Read `5%` or `100`.

        Raises:
            Problem: CHECK001 where it is neither.
        """
        text = str(value)
        share, count = _SHARE.fullmatch(text), _COUNT.fullmatch(text)
        if share and float(share[1]) <= 100:
            return cls(percent=float(share[1]))
        if count and not isinstance(value, bool):
            return cls(rows=int(count[1]))
        raise Problem(
            "CHECK001",
            "The quarantine tolerance cannot be read.",
            found=text,
            expected="a share such as 5%, or a count of rows",
            fix="Mend `quarantineTolerance` of the contract or `quarantine_tolerance` of the environment.",
        )

    def allows(self, held: int, rows: int) -> bool:
        """Whether so many of so many rows may be held back."""
        if self.percent is not None:
            return held * 100.0 <= self.percent * rows
        return held <= (self.rows or 0)

    def __str__(self) -> str:
        return f"{number_text(self.percent)} %" if self.percent is not None else f"{self.rows} rows"


def tolerance_of(contract: Contract, default: str) -> Tolerance:
    """The contract's custom property `quarantineTolerance`, else the environment's."""
    return Tolerance.parse(contract.custom.get("quarantineTolerance", default))
