"""Formats of the standard that every text of a column has: e-mail, UUID, URI, IP address."""

import re
from typing import TYPE_CHECKING

from weft.build.check.formats import PATTERN_BY_FORMAT
from weft.build.infer.guess import ENOUGH_ROWS, ColumnProfile, Guess
from weft.engine.quote import identifier, text

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

_LOOKED_FOR = ("uuid", "email", "ipv4", "ipv6", "uri")
_MOST = 0.9  # of the sample, to be worth a look at all rows


def format_candidate(column: ColumnProfile) -> str | None:
    """The format that most texts of the sample have."""
    if not column.is_text or not column.sample:
        return None
    for name in _LOOKED_FOR:
        pattern = re.compile(PATTERN_BY_FORMAT[name])
        if sum(bool(pattern.search(value)) for value in column.sample) >= _MOST * len(column.sample):
            return name
    return None


def misfits(engine: "Engine", relation: str, pattern_by_column: dict[str, str]) -> dict[str, int]:
    """How many values of each column its pattern does not match, in one scan; the same question that a check asks."""
    if not pattern_by_column:
        return {}
    counts = ", ".join(
        f"count(*) FILTER (WHERE NOT regexp_matches({identifier(column)}, {text(pattern)}))"
        for column, pattern in pattern_by_column.items()
    )
    row = engine.rows(f"SELECT {counts} FROM {identifier(relation)}")[0]
    return dict(zip(pattern_by_column, row, strict=True))


def format_guess(column: ColumnProfile, name: str, wrong: int) -> Guess:
    """Promised where every value has the format; told with the count of the others where most have."""
    if wrong:
        evidence = f"{wrong} of {column.filled} values are not of this format: mend them, then promise it"
        return Guess("format", name, evidence, round(1 - wrong / column.filled, 2), column.name, is_written=False)
    confidence = 0.97 if column.filled >= ENOUGH_ROWS else 0.7
    return Guess("format", name, f"all {column.filled} values have it", confidence, column.name)
