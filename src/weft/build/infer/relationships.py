"""Foreign keys between inferred tables: the values of a column are all found in another table's key."""

from dataclasses import replace
from typing import TYPE_CHECKING

from weft.build.infer.guess import ENOUGH_ROWS, ColumnProfile, Guess, InferredTable
from weft.build.infer.names import KEY_ENDINGS, singular, stems, words
from weft.engine.quote import identifier

if TYPE_CHECKING:
    from collections.abc import Mapping

    from weft.engine.protocol import Engine

_SELF_WORDS = frozenset(("parent", "manager", "supervisor", "reports", "previous", "replaces", "original", "reply"))
_FLAG = 2  # different values: a yes and a no, which any numbered key has
_NUMBERS = frozenset(map(str, range(100)))  # of `data1`: no word that a column is called after
_FEW_ORPHANS = 0.02  # of the values: worth telling, no promise


def relationship_guesses(
    engine: "Engine", tables: tuple[InferredTable, ...], relations: "Mapping[str, str]"
) -> dict[str, list[Guess]]:
    """Foreign keys of one column, by the table that holds them.

    Args:
        engine: the session that knows the relations.
        tables: what is known of each.
        relations: the relation of each table, columns by the names of the contract.
    """
    targets = [(table, column) for table in tables for column in _targets(table)]
    found: dict[str, list[Guess]] = {table.name: [] for table in tables}
    for table in tables:
        for column in table.columns:
            candidates = []
            for target, key in targets:
                sure = _likeness(table, column, target, key)
                if sure and column.filled:
                    candidates.append((sure, target, key))
            candidates.sort(key=lambda one: (-one[0], one[1].name))
            for sure, target, key in candidates[:3]:
                guess = _guess(engine, relations, table, column, target, key, sure)
                if guess is not None:
                    found[table.name].append(guess)
                    if guess.is_written:
                        break
    return found


def with_relationships(table: InferredTable, leads: list[Guess]) -> InferredTable:
    """The table with its foreign keys, which are no measures.

    That one of them has no repeats so far promises nothing for the next rows.
    """
    foreign = {guess.column for guess in leads if guess.is_written}

    def weighed(guess: Guess) -> Guess:
        if guess.promise != "unique" or guess.column not in foreign:
            return guess
        evidence = f"{guess.evidence}; it refers to another table, whose rows may come again"
        return replace(guess, evidence=evidence, confidence=0.4, is_written=False)

    kept = [guess for guess in table.guesses if guess.promise != "range" or guess.column not in foreign]
    return replace(table, guesses=(*map(weighed, kept), *leads))


def _targets(table: InferredTable) -> list[ColumnProfile]:
    """Columns that a foreign key may lead to: the key, and others that name a row of their own."""
    names = [*table.key] if len(table.key) == 1 else []
    names += [g.column for g in table.guesses if g.promise == "unique" and g.is_written and g.column]
    return [table.column(name) for name in dict.fromkeys(names)]


def _likeness(table: InferredTable, column: ColumnProfile, target: InferredTable, key: ColumnProfile) -> float:
    """How much the names say that the column refers to the key; 0 where they do not."""
    if column.type != key.type and not (column.is_integer and key.is_integer):
        return 0.0
    said, of_key = words(column.name), words(key.name)
    if table is target:
        is_other = column.name != key.name and bool(_SELF_WORDS & set(said))
        return 0.8 if is_other else 0.0
    if table.key == (column.name,) and not _is_named_after(said, target):
        return 0.0  # its own name of its rows, unless it is called after the other table
    if column.name == key.name and said[-1:] != ("name",):
        generic = column.name in ("id", "key", "code", "name", "number", "no")
        return 0.0 if generic else 0.95 if _is_named_after(said, target) or target.key == (key.name,) else 0.6
    ends = [singular(word) for word in said]
    if said[-len(of_key) :] == of_key and len(of_key) > 1:
        return 0.85  # shipping_customer_id -> customer_id
    if len(of_key) == 1 and said[-1:] == of_key and "_".join(ends[:-1]) in stems(target.name):
        return 0.9  # customer_id -> customers.id
    is_flag = column.distinct <= _FLAG
    if said and not is_flag and said[-1] not in KEY_ENDINGS and singular(said[-1]) in stems(target.name) - _NUMBERS:
        return 0.6  # customer -> customers.customer_id
    return 0.0


def _is_named_after(said: tuple[str, ...], target: InferredTable) -> bool:
    return "_".join(singular(word) for word in said[:-1]) in stems(target.name)


def _guess(
    engine: "Engine",
    relations: "Mapping[str, str]",
    table: InferredTable,
    column: ColumnProfile,
    target: InferredTable,
    key: ColumnProfile,
    sure: float,
) -> Guess | None:
    child = (
        f"SELECT DISTINCT {identifier(column.name)} AS v FROM {identifier(relations[table.name])} WHERE v IS NOT NULL"
    )
    parent = f"SELECT {identifier(key.name)} AS v FROM {identifier(relations[target.name])}"
    values, orphans = engine.rows(
        f"SELECT count(*), count(*) FILTER (WHERE NOT is_there) FROM"
        f" (SELECT c.v IN ({parent}) AS is_there FROM ({child}) AS c)"
    )[0]
    to = f"{target.name}.{key.name}"
    if orphans:
        if orphans > _FEW_ORPHANS * values and sure < 0.9:
            return None
        evidence = f"{orphans} of {values} values are not found there"
        return Guess(
            "relationship", to, evidence, round(sure * (1 - orphans / values), 2), column.name, is_written=False
        )
    if values < ENOUGH_ROWS:
        sure -= 0.1
    return Guess("relationship", to, f"all {values} values are found there", round(sure, 2), column.name)
