"""Closed lists of values: few of them, each often, and nothing that says more would come with more rows."""

from typing import TYPE_CHECKING

from weft.build.infer.guess import ENOUGH_ROWS, ColumnProfile, Guess
from weft.build.infer.names import words
from weft.engine.quote import identifier

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

_HINTS = frozenset(
    (
        *("status", "state", "type", "kind", "category", "class", "level", "method", "mode", "channel", "priority"),
        *("currency", "unit", "flag", "segment", "tier", "grade", "severity", "stage", "phase", "result", "outcome"),
    )
)
_VALUES_WITH_HINT, _VALUES = 40, 8  # more different words than these are no closed list
_ROWS_PER_VALUE = 10
_LONGEST_WORD = 40
_SEEN_ONCE_SHARE = 0.2  # of the values; more of them and the next rows bring new ones


def enum(engine: "Engine", relation: str, column: ColumnProfile) -> Guess | None:
    """The list of a text column that looks closed. Never asked of a column with personal data."""
    hinted = bool(_HINTS & set(words(column.name)))
    most = _VALUES_WITH_HINT if hinted else _VALUES
    if not column.is_text or column.blank or column.filled < ENOUGH_ROWS or (column.longest or 0) > _LONGEST_WORD:
        return None
    if not 1 < column.distinct <= most * 1.2 or column.is_unique:
        return None
    quoted = identifier(column.name)
    found = engine.rows(
        f"SELECT {quoted}, count(*) FROM {identifier(relation)} WHERE {quoted} IS NOT NULL GROUP BY 1 ORDER BY 1"
    )
    values, counts = [str(value) for value, _ in found], [count for _, count in found]
    if not 1 < len(values) <= most or column.filled < len(values) * _ROWS_PER_VALUE:
        return None
    once = sum(count == 1 for count in counts)
    evidence = f"{len(values)} different values in {column.filled} rows, the rarest {min(counts)} times"
    if once and (not hinted or once > _SEEN_ONCE_SHARE * len(values)):
        reason = f"{evidence}; {once} of them came once: a slip of the pen, or a list that grows"
        return Guess("enum", None, reason, 0.3, column.name, is_written=False)
    # The share of rows that hold a value seen once estimates the share of rows to come with a new one.
    confidence = round(min(0.95, 0.6 + 0.2 * hinted + 0.15 * (min(counts) >= _ROWS_PER_VALUE) - once / len(values)), 2)
    if hinted:
        evidence += "; its name is one of a closed list"
    return Guess("enum", values, evidence, confidence, column.name)
