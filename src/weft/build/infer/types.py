"""The type of texts: chosen only where every value fits, and digits with a leading zero stay text: they are a code."""

from typing import TYPE_CHECKING

from weft.engine.quote import identifier

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

# Tried in this order; a column has the first type whose pattern all of its values follow. Each also has to cast:
# the pattern of a day lets the 31st of February pass.
_TYPES = (
    ("BOOLEAN", "(?i)true|false"),
    ("BIGINT", "-?(0|[1-9][0-9]{0,17})"),
    ("DECIMAL", r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?"),
    ("DATE", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    ("TIMESTAMP", r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"),
)
_FIRST_LOOK_ROWS = 10_000


def without_blanks(column: str) -> str:
    """SQL of a text, NULL where it is empty or only spaces."""
    return f"nullif(trim({identifier(column)}), '')"


def types_of_texts(engine: "Engine", relation: str, columns: list[str]) -> dict[str, str]:
    """The type of each text column; of one without any value: VARCHAR.

    Rows at the head rule most types out; only what is left is looked at in all rows.
    """
    left = {column: [kind for kind, _ in _TYPES] for column in columns}
    for limit in (f" LIMIT {_FIRST_LOOK_ROWS}", ""):
        left = _still_fitting(engine, f"(SELECT * FROM {identifier(relation)}{limit})", left)
    found = {column: kinds[0] for column, kinds in left.items() if kinds}
    decimals = [column for column, kind in found.items() if kind == "DECIMAL"]
    if decimals:
        places = ", ".join(
            f"max(coalesce(length(nullif(split_part({without_blanks(c)}, '.', 2), '')), 0))" for c in decimals
        )
        row = engine.rows(f"SELECT {places} FROM {identifier(relation)}")[0]
        for column, digits in zip(decimals, row, strict=True):
            # Room to grow: money of today fits twelve digits, that of next year should as well.
            found[column] = f"DECIMAL({18 if digits <= 4 else 28},{max(2, digits)})"
    return {column: found.get(column, "VARCHAR") for column in columns}


def _still_fitting(engine: "Engine", source: str, left: dict[str, list[str]]) -> dict[str, list[str]]:
    pattern_by_kind = dict(_TYPES)
    asked = [(column, kind) for column, kinds in left.items() for kind in kinds]
    if not asked:
        return left
    tests = []
    for column, kind in asked:
        value = without_blanks(column)
        cast = f"try_cast({value} AS {'DECIMAL(38, 9)' if kind == 'DECIMAL' else kind})"
        tests.append(
            f"bool_and(regexp_full_match({value}, '{pattern_by_kind[kind]}') AND {cast} IS NOT NULL)"
            f" FILTER (WHERE {value} IS NOT NULL)"
        )
    fits = engine.rows(f"SELECT {', '.join(tests)} FROM {source}")[0]
    kept: dict[str, list[str]] = {column: [] for column in left}
    for (column, kind), fit in zip(asked, fits, strict=True):
        if fit or (fit is None and source.endswith(f"LIMIT {_FIRST_LOOK_ROWS})")):
            kept[column].append(kind)
    return kept
