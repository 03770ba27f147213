"""Primary keys: one column, or up to three together, that name the rows and are called like it."""

from itertools import combinations
from typing import TYPE_CHECKING

from weft.build.infer.guess import ENOUGH_ROWS, ColumnProfile, Guess
from weft.build.infer.names import KEY_ENDINGS, stems, words
from weft.build.infer.profile_columns import repeats
from weft.engine.quote import identifier

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

_MOST_COLUMNS = 10  # that a composite key is looked for among
_MOST_CHECKS = 6  # combinations that are looked at in all rows
_FIRST_LOOK_ROWS = 50_000
_LONGEST_KEY = 64  # characters; a longer text is prose
_WRITTEN_FROM = 0.5
_CALLED_ID = 2  # of the scores of names
_NEARLY, _FEW_DISTINCT = 0.98, 0.7  # of the rows; the estimate of distinct values errs by up to a fifth


def key_guesses(engine: "Engine", relation: str, table: str, columns: tuple[ColumnProfile, ...]) -> list[Guess]:
    """The likely primary key first, then other columns without repeats."""
    unique = [c for c in columns if c.is_unique and c.type not in ("FLOAT", "DOUBLE")]
    able = sorted(
        (c for c in unique if c.is_complete and (c.longest or 0) <= _LONGEST_KEY),
        key=lambda c: (-_name_score(c, table), columns.index(c)),
    )
    best = able[0] if able else None
    found: list[Guess] = []
    if best is not None:
        found.append(_single(best, table, is_first=best is columns[0]))
    if best is None or not found[0].is_written:
        found = [*_composite(engine, relation, columns), *found]
    if not any(guess.is_written for guess in found):
        found = [*_nearly(engine, relation, table, columns), *found]
    chosen = found[0] if found and found[0].is_written else None
    for column in unique:
        if chosen is not None and chosen.value == [column.name]:
            continue
        if column.filled >= ENOUGH_ROWS:
            found.append(_unique(column, table))
    return found


def _single(column: ColumnProfile, table: str, *, is_first: bool) -> Guess:
    score = _name_score(column, table)
    sure = {3: 0.95, 2: 0.85, 1: 0.75}.get(score, 0.6 if is_first else 0.35)
    if column.rows < ENOUGH_ROWS:
        sure -= 0.1
    reason = {3: "it is called like the table's key", 2: "it is called like a key", 1: "it is called like a key"}
    why = reason.get(score, "it stands first" if is_first else "its name is none of a key")
    evidence = f"no value comes twice in {column.rows} rows, none is missing; {why}"
    is_written = sure >= _WRITTEN_FROM or (is_first and column.rows < ENOUGH_ROWS)
    return Guess("primary key", [column.name], evidence, round(sure, 2), None, is_written)


def _nearly(engine: "Engine", relation: str, table: str, columns: tuple[ColumnProfile, ...]) -> list[Guess]:
    """A column that is called like a key and would be one, were it not for a few rows."""
    for column in columns:
        if _name_score(column, table) < _CALLED_ID or column.filled < ENOUGH_ROWS:
            continue
        if column.distinct < _FEW_DISTINCT * column.filled:
            continue
        distinct = engine.rows(f"SELECT count(DISTINCT {identifier(column.name)}) FROM {identifier(relation)}")[0][0]
        if distinct < _NEARLY * column.rows:
            continue
        evidence = (
            f"called like a key, but only {distinct} different values in {column.rows} rows: mend the others first"
        )
        return [Guess("primary key", [column.name], evidence, 0.45, None, is_written=False)]
    return []


def _composite(engine: "Engine", relation: str, columns: tuple[ColumnProfile, ...]) -> list[Guess]:
    able = [
        c
        for c in columns
        if c.is_complete
        and not c.is_unique
        and c.distinct > 1
        and (c.longest or 0) <= _LONGEST_KEY
        and c.type not in ("FLOAT", "DOUBLE", "BOOLEAN")
        and not c.type.endswith("]")
        and not c.type.startswith(("STRUCT", "MAP", "JSON", "DECIMAL"))
    ]
    able = sorted(able, key=lambda c: (-_is_called_key(c), columns.index(c)))[:_MOST_COLUMNS]
    checks = 0
    for size in (2, 3):
        likely = [combination for combination in combinations(able, size) if _is_worth_a_look(combination)]
        likely.sort(key=lambda combination: (-sum(map(_is_called_key, combination)), *map(columns.index, combination)))
        for combination in _unrefuted(engine, relation, likely):
            checks += 1
            if checks > _MOST_CHECKS:
                return []
            names = tuple(sorted((c.name for c in combination), key=lambda n: [c.name for c in columns].index(n)))
            if not repeats(engine, relation, names):
                return [_composite_guess(names, combination)]
    return []


def _composite_guess(names: tuple[str, ...], combination: tuple[ColumnProfile, ...]) -> Guess:
    called = sum(map(_is_called_key, combination))
    rows = combination[0].rows
    # A measure or a text beside an id makes rows differ by chance; a day beside it is a common grain.
    days = sum(c.type.startswith(("DATE", "TIMESTAMP")) for c in combination)
    sure = 0.8 if called == len(combination) else 0.55 if called + days == len(combination) else 0.3
    if rows < ENOUGH_ROWS:
        sure -= 0.25
    words_of_names = f"{called} of {len(names)} are called like keys"
    evidence = f"no two of {rows} rows agree in all of them, no single column does it; {words_of_names}"
    return Guess("primary key", list(names), evidence, round(sure, 2), None, sure >= _WRITTEN_FROM)


def _is_worth_a_look(combination: tuple[ColumnProfile, ...]) -> bool:
    """As many combinations of values as rows have to be possible, and one has to be called like a key."""
    possible = 1
    for column in combination:
        possible *= max(column.distinct, 1)
    return possible >= 0.9 * combination[0].rows and any(map(_is_called_key, combination))


def _unrefuted(
    engine: "Engine", relation: str, likely: list[tuple[ColumnProfile, ...]]
) -> list[tuple[ColumnProfile, ...]]:
    """Those without repeats among the first rows, all asked at once."""
    if not likely:
        return []
    counts = ", ".join(f"count(DISTINCT ({', '.join(identifier(c.name) for c in one)}))" for one in likely)
    head = f"(SELECT * FROM {identifier(relation)} LIMIT {_FIRST_LOOK_ROWS})"
    rows, *distinct = engine.rows(f"SELECT count(*), {counts} FROM {head}")[0]
    return [one for one, count in zip(likely, distinct, strict=True) if count == rows]


def _unique(column: ColumnProfile, table: str) -> Guess:
    evidence = f"no value comes twice among {column.filled}"
    is_meant = _is_called_key(column)
    if not is_meant:
        evidence += "; its name does not say that this is meant"
    elif _is_id_of_another(column, table):
        is_meant = False
        evidence += "; it is called after something else, which may come again"
    return Guess("unique", True, evidence, 0.75 if is_meant else 0.3, column.name, is_meant)


def _is_called_key(column: ColumnProfile) -> bool:
    said = words(column.name)
    return bool(said) and (said[-1] in KEY_ENDINGS or (said[-1].endswith("id") and len(said[-1]) > 3))


def _is_id_of_another(column: ColumnProfile, table: str) -> bool:
    """`customer_id` of orders: each customer ordered once so far."""
    *of, last = words(column.name)
    return bool(of) and last in ("id", "key") and "_".join(of) not in stems(table)


def _name_score(column: ColumnProfile, table: str) -> int:
    """3: `order_id` or `id` of orders; 2: any id; 1: any number or code; 0: no name of a key."""
    said = words(column.name)
    if not _is_called_key(column):
        return 0
    of_table = "_".join(said[:-1])
    if said[-1] in ("id", "key", "uuid", "guid"):
        return 3 if not of_table or of_table in stems(table) else 2
    return 2 if of_table in stems(table) else 1
