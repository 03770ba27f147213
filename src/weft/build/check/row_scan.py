"""Count what every row-level promise is broken by, all of them in one pass over the rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from weft.build.check.promise import RowPromise
from weft.build.check.rule_failure import RuleFailed, failing_alone
from weft.build.check.staged import Staged
from weft.engine.protocol import Engine

NEVER = "false"  # the condition of a promise that the type of the column keeps by itself


@dataclass(frozen=True)
class RowCounts:
    """How often each promise is broken."""

    rows: int
    broken_by_rule: dict[str, int]
    among_by_rule: dict[str, int]  # rows that the rule speaks of
    failed: tuple[str, ...] = ()  # rules that the engine could not compute


def count_broken(engine: Engine, staged: Staged, promises: Sequence[RowPromise], only: str = "") -> RowCounts:
    """Count in one pass; a rule that cannot be computed does not take the others with it.

    Args:
        engine: the session.
        staged: the rows.
        promises: what to count.
        only: what follows the source in FROM, to count some rows only.
    """
    try:
        with failing_alone():
            return _count(engine, staged, promises, only)
    except RuleFailed:
        able = [promise for promise in promises if _can_count(engine, staged, promise, only)]
    counts = _count(engine, staged, able, only)
    failed = tuple(promise.rule for promise in promises if promise not in able)
    return RowCounts(counts.rows, counts.broken_by_rule, counts.among_by_rule, failed)


def _can_count(engine: Engine, staged: Staged, promise: RowPromise, only: str) -> bool:
    try:
        with failing_alone():
            _count(engine, staged, [promise], only)
    except RuleFailed:
        return False
    return True


def _count(engine: Engine, staged: Staged, promises: Sequence[RowPromise], only: str) -> RowCounts:
    conditions = [promise.broken for promise in promises if promise.broken != NEVER]
    conditions += [promise.among for promise in promises if promise.among]
    position = {condition: index for index, condition in enumerate(dict.fromkeys(conditions), start=1)}
    counts = ", ".join(["count(*)", *(f"count_if({condition})" for condition in position)])
    found = [count or 0 for count in engine.rows(f"SELECT {counts} FROM {staged.source} AS s{only}")[0]]

    def of(condition: str) -> int:
        return found[position[condition]] if condition in position else 0

    return RowCounts(
        rows=found[0],
        broken_by_rule={promise.rule: of(promise.broken) for promise in promises},
        among_by_rule={promise.rule: of(promise.among) if promise.among else found[0] for promise in promises},
    )
