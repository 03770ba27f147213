"""Of a model's rows, those that its materialization takes: the ones that are not in the table yet, one a key.

A build that runs twice on the same input must not make a row twice, whatever a source hands over: a whole extract
again, every landing since the first, or the same change once more.
"""

from weft.base.problem import Place, Problem
from weft.build.materialize.incremental import rows_to_make
from weft.build.materialize.names import listed, same_key
from weft.build.steps import Step
from weft.engine.protocol import Engine
from weft.engine.quote import identifier
from weft.spec.making import SNAPSHOT_COLUMNS, Materialization

_NEED_A_KEY = (Materialization.UPSERT, Materialization.SNAPSHOT)


def add_new_rows(engine: Engine, step: Step, made: str, current: str | None, relation: str) -> None:
    """Make the rows that count readable as `relation`.

    Args:
        engine: a session with the relations below.
        step: whose rows they are.
        made: relation of all rows that the model returns.
        current: relation of the table as it is, with the same columns; None before the first publication.
        relation: the name that the rows get.

    Raises:
        Problem: BUILD007 a setting is missing, BUILD008 a key column is missing, BUILD009 rows share a key and
            no promise holds them back.
    """
    columns = engine.describe(f"FROM {identifier(made)}")
    _check_settings(step, columns)
    engine.add_view(relation, _query(step, made, current))
    if step.settings.materialization is Materialization.SNAPSHOT and not _holds_shared_keys(step):
        _refuse_shared_keys(engine, step, relation)


def _query(step: Step, made: str, current: str | None) -> str:
    kind, key, watermark = step.settings.materialization, step.key, step.settings.watermark
    new = identifier(made)
    if kind is Materialization.INCREMENTAL and watermark is not None and key:
        return _newest_of_each_key(rows_to_make(made, current, watermark, step.settings.lookback), key, watermark)
    if kind is Materialization.UPSERT and watermark is not None:
        return _newest_of_each_key(_not_older(new, current, key, watermark), key, watermark)
    if kind in (Materialization.APPEND, Materialization.INCREMENTAL) and current is not None:
        rows = rows_to_make(made, current, watermark, step.settings.lookback) if watermark else f"FROM {new}"
        if key:
            return (
                f"SELECT new.* FROM ({rows}) AS new ANTI JOIN {identifier(current)} AS current"
                f" ON {same_key(key, 'new', 'current')}"
            )
        # As a bag: a row that is there twice and comes three times is new once.
        return f"({rows}) EXCEPT ALL FROM {identifier(current)}"
    return f"FROM {new}"


def _newest_of_each_key(rows: str, key: tuple[str, ...], watermark: str) -> str:
    """Ties stay, so that the check can tell them; so do rows without a whole key: they are no versions of a thing."""
    has_no_key = " OR ".join(f"{identifier(column)} IS NULL" for column in key)
    rank = f"rank() OVER (PARTITION BY {listed(key)} ORDER BY {identifier(watermark)} DESC NULLS LAST)"
    return f"SELECT * FROM ({rows}) QUALIFY {rank} = 1 OR {has_no_key}"


def _not_older(new: str, current: str | None, key: tuple[str, ...], watermark: str) -> str:
    """A row that was overtaken by the published one of its key does not bring the past back."""
    if current is None:
        return f"FROM {new}"
    mark = identifier(watermark)
    return (
        f"SELECT new.* FROM {new} AS new ANTI JOIN {identifier(current)} AS current"
        f" ON {same_key(key, 'new', 'current')} AND current.{mark} > new.{mark}"
    )


def _check_settings(step: Step, columns: dict[str, str]) -> None:
    settings, kind = step.settings, step.settings.materialization
    place = settings.place or step.place
    if kind in _NEED_A_KEY and not step.key:
        raise Problem(
            "BUILD007",
            f'"{step.name}" is materialized as {kind} and has no key.',
            place,
            fix="Add `key: [...]` to the model in build.yaml, or a primary key to its contract.",
        )
    if kind is Materialization.INCREMENTAL and settings.watermark is None:
        raise Problem(
            "BUILD007",
            f'"{step.name}" is materialized as {kind} and has no watermark.',
            place,
            fix="Add `watermark: updated_at` to the model in build.yaml.",
        )
    if kind is Materialization.REPLACE or kind is Materialization.VIEW:
        return
    by_folded = {column.casefold() for column in columns}
    # A snapshot's table is known by key and time; its rows come with the key alone.
    added = set(SNAPSHOT_COLUMNS) if kind is Materialization.SNAPSHOT else set()
    for name in (*step.key, settings.watermark, settings.updated_at):
        if name is not None and name.casefold() not in by_folded | added:
            raise _missing(step, name, columns, place)


def _missing(step: Step, name: str, columns: dict[str, str], place: Place) -> Problem:
    from weft.base.names import did_you_mean

    return Problem(
        "BUILD008",
        f'The rows of "{step.name}" have no column "{name}", which it is merged by.',
        place,
        expected=f"one of {', '.join(columns)}",
        fix=did_you_mean(name, columns),
    )


def _holds_shared_keys(step: Step) -> bool:
    """Whether the contract's key tells versions apart: then rows that share a key are held back by that promise."""
    table = step.port.table if step.port else None
    key = {column.casefold() for column in table.primary_key} if table else set()
    return key == {column.casefold() for column in (*snapshot_key(step), "valid_from")}


def _refuse_shared_keys(engine: Engine, step: Step, relation: str) -> None:
    key = snapshot_key(step)
    ((shared,),) = engine.rows(
        f"SELECT count(*) FROM (SELECT 1 FROM {identifier(relation)} GROUP BY {listed(key)} HAVING count(*) > 1)"
    )
    if shared:
        raise Problem(
            "BUILD009",
            f'"{step.name}" keeps the history of each key, and its model returns several rows for some.',
            step.place,
            found=f"{shared} keys with more than one row",
            expected=f"one row for each ({', '.join(key)})",
            fix="Let the model choose one: QUALIFY row_number() OVER (PARTITION BY ... ORDER BY ...) = 1. Or make the"
            " key and valid_from the primary key of a contract: then such rows are held back instead.",
        )


def snapshot_key(step: Step) -> tuple[str, ...]:
    """The key of the model's own rows: that of the table less the columns that the history adds."""
    return tuple(column for column in step.key if column not in SNAPSHOT_COLUMNS)
