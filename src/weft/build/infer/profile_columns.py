"""Look at all columns of a relation in a few scans, whatever its size.

One scan counts, a second one only where a column could be an identifier; texts are looked at closely in a sample of
rows that is the same every time. Nothing is held in memory but the sample.
"""

from typing import TYPE_CHECKING, Any

from weft.build.infer.guess import ColumnProfile
from weft.build.infer.names import KEY_ENDINGS, readable_names, words
from weft.build.infer.types import types_of_texts, without_blanks
from weft.engine.quote import identifier

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

SAMPLE_ROWS = 20_000
_SAMPLE_TEXTS = 1_000  # different ones of a column
_NEARLY_ALL = 0.7  # the estimate of distinct values errs by up to a fifth; the exact look comes after it
_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "UINTEGER", "FLOAT", "DOUBLE", "DECIMAL")


def profile_columns(
    engine: "Engine", relation: str, typed: str, *, reads_texts: bool
) -> tuple[int, tuple[ColumnProfile, ...]]:
    """Count rows and look at each column.

    Args:
        engine: the session that knows the relation.
        relation: the rows.
        typed: name of a view that is made: the same rows, columns by the names and types that are found.
        reads_texts: whether texts may be numbers or days, as in a file of text; else a text is a text.
    """
    declared = engine.describe(f"FROM {identifier(relation)}")
    names = readable_names(declared)
    texts = [column for column, kind in declared.items() if kind == "VARCHAR"] if reads_texts else []
    types = {**declared, **types_of_texts(engine, relation, texts)}
    selected = ", ".join(
        f"{_typed(column, declared[column], types[column])} AS {identifier(names[column])}" for column in declared
    )
    engine.add_view(typed, f"SELECT {selected} FROM {identifier(relation)}")
    rows, figures = _figures(engine, typed, {names[column]: kind for column, kind in types.items()})
    sample = f"{typed} sample"
    engine.add_table(sample, _every_so_often(typed, rows))
    try:
        profiles = []
        for column, kind in types.items():
            name = names[column]
            found = figures[name]
            is_unique = _is_unique(engine, typed, sample, name, kind, found)
            if is_unique:
                found["distinct"] = found["filled"]
            texts_seen = _different_texts(engine, sample, name) if kind == "VARCHAR" else ()
            profiles.append(ColumnProfile(column, name, kind, rows, is_unique=is_unique, sample=texts_seen, **found))
        return rows, tuple(profiles)
    finally:
        engine.drop(sample)


def repeats(engine: "Engine", relation: str, columns: tuple[str, ...]) -> bool:
    """Whether two rows agree in all of these columns; stops at the first pair that a group shows."""
    listed = ", ".join(identifier(column) for column in columns)
    filled = " AND ".join(f"{identifier(column)} IS NOT NULL" for column in columns)
    query = f"SELECT 1 FROM {identifier(relation)} WHERE {filled} GROUP BY {listed} HAVING count(*) > 1 LIMIT 1"
    return bool(engine.rows(query))


def _typed(column: str, declared: str, kind: str) -> str:
    if declared == kind:
        return identifier(column)
    return f"TRY_CAST({without_blanks(column)} AS {kind})"


def _figures(engine: "Engine", relation: str, types: dict[str, str]) -> tuple[int, dict[str, dict[str, Any]]]:
    wanted: dict[tuple[str, str], str] = {}
    for name, kind in types.items():
        quoted = identifier(name)
        wanted[name, "filled"] = f"count({quoted})"
        if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
            continue
        wanted[name, "distinct"] = f"approx_count_distinct({quoted})"
        if kind == "VARCHAR":
            wanted[name, "blank"] = f"count(*) FILTER (WHERE trim({quoted}) = '')"
            wanted[name, "shortest"] = f"min(length({quoted})) FILTER (WHERE trim({quoted}) <> '')"
            wanted[name, "longest"] = f"max(length({quoted}))"
        elif kind.startswith(_NUMBERS):
            wanted[name, "minimum"] = f"CAST(min({quoted}) AS DOUBLE)"
            wanted[name, "maximum"] = f"CAST(max({quoted}) AS DOUBLE)"
    rows, *values = engine.rows(f"SELECT count(*), {', '.join(wanted.values())} FROM {identifier(relation)}")[0]
    figures: dict[str, dict[str, Any]] = {name: {} for name in types}
    for (name, figure), value in zip(wanted, values, strict=True):
        figures[name][figure] = value
    for found in figures.values():
        found["filled"] -= found.get("blank", 0)
        found["distinct"] = min(found.get("distinct", 0), found["filled"])
    return int(rows), figures


def _every_so_often(relation: str, rows: int) -> str:
    """The same rows at every call, unlike a sample by chance, whose draws depend on how many threads read."""
    if rows <= SAMPLE_ROWS:
        return f"SELECT * FROM {identifier(relation)}"
    step = rows // SAMPLE_ROWS + 1
    numbered = f"SELECT *, row_number() OVER () AS weft_number FROM {identifier(relation)}"
    return f"SELECT * EXCLUDE (weft_number) FROM ({numbered}) WHERE weft_number % {step} = 1"


def _is_unique(engine: "Engine", typed: str, sample: str, name: str, kind: str, found: dict[str, Any]) -> bool:
    is_called_key = words(name)[-1:] and words(name)[-1] in KEY_ENDINGS
    could_be = kind in ("VARCHAR", "UUID") or kind.startswith(("BIGINT", "INTEGER", "HUGEINT", "DECIMAL"))
    if not found["filled"] or found["distinct"] < _NEARLY_ALL * found["filled"]:
        return False
    if not could_be and not is_called_key:
        return False
    return not repeats(engine, sample, (name,)) and not repeats(engine, typed, (name,))


def _different_texts(engine: "Engine", sample: str, name: str) -> tuple[str, ...]:
    quoted = identifier(name)
    found = engine.rows(
        f"SELECT DISTINCT {quoted} AS v FROM {identifier(sample)} WHERE trim({quoted}) <> ''"
        f" ORDER BY hash(v), v LIMIT {_SAMPLE_TEXTS}"
    )
    return tuple(row[0] for row in found)
