"""What changed between two contracts, and whether it breaks readers.

The one principle behind every class: a promise taken back or weakened is breaking, a promise kept or strengthened is
not, and words are words. Used by the plan, the check and the impact of a change.
"""

from collections.abc import Iterable, Iterator

from weft.spec.column_diff import column_changes
from weft.spec.contract import Contract, ServiceLevel, Table
from weft.spec.contract_change import ChangeClass, ContractChange, breaking, harmless, wording
from weft.spec.quality_diff import relationship_changes, rule_changes

# Parts of a document that promise nothing to be computed.
_WORDS = (
    "authoritativeDefinitions",
    "contractCreatedTs",
    "dataProduct",
    "description",
    "domain",
    "name",
    "price",
    "roles",
    "servers",
    "support",
    "tags",
    "team",
    "tenant",
)
# Service levels where more is a weaker promise.
_LESS_IS_BETTER = {"freshness", "latency", "errorrate", "frequency", "timetodetect", "timetonotify", "timetorepair"}


def changes_between(old: Contract, new: Contract) -> tuple[ContractChange, ...]:
    """Every difference, breaking ones first.

    Args:
        old: the contract that readers rely on, such as the last published one.
        new: the contract as it is declared now; places of changes point into it.
    """
    found = [*_table_changes(old, new), *_service_level_changes(old, new), *_other_changes(old, new)]
    order = list(ChangeClass)
    return tuple(sorted(found, key=lambda change: order.index(change.change_class)))


def breaking_of(changes: Iterable[ContractChange]) -> tuple[ContractChange, ...]:
    """Those that readers must follow."""
    return tuple(change for change in changes if change.change_class is ChangeClass.BREAKING)


def _table_changes(old: Contract, new: Contract) -> Iterator[ContractChange]:
    old_tables = {table.name: table for table in old.tables}
    new_tables = {table.name: table for table in new.tables}
    if len(old_tables) == len(new_tables) == 1 and old_tables.keys() != new_tables.keys():
        before, now = next(iter(old_tables.values())), next(iter(new_tables.values()))
        # The port is read by its own name, not by the table's: a rename within the contract changes no query.
        yield wording("table_renamed", f'The table "{before.name}" is called "{now.name}".', now.place, now.name)
        yield from _one_table(before, now)
        return
    for name, table in old_tables.items():
        if name not in new_tables:
            yield breaking("table_removed", f'The table "{name}" is gone.', "it can no longer be read", new.place, name)
        else:
            yield from _one_table(table, new_tables[name])
    for name, table in new_tables.items():
        if name not in old_tables:
            yield harmless("table_added", f'The table "{name}" is new.', "nobody relies on it yet", table.place, name)


def _one_table(old: Table, new: Table) -> Iterator[ContractChange]:
    if old.primary_key != new.primary_key:
        now, before = ", ".join(new.primary_key) or "none", ", ".join(old.primary_key)
        if old.primary_key:
            what, reason = (
                f"The primary key is ({now}) instead of ({before}).",
                "joins by the old key may multiply rows",
            )
            yield breaking("key_changed", what, reason, new.place, new.name)
        else:
            yield harmless("key_added", f"The primary key is ({now}).", "it promises more", new.place, new.name)
    yield from column_changes(old, new)
    yield from rule_changes(old, new)
    yield from relationship_changes(old, new)
    if (old.description, old.tags) != (new.description, new.tags):
        yield wording("words_changed", f'The description or tags of "{new.name}" changed.', new.place, new.name)


def _service_level_changes(old: Contract, new: Contract) -> Iterator[ContractChange]:
    now_by_key = {(level.property, level.element): level for level in new.service_levels}
    before_by_key = {(level.property, level.element): level for level in old.service_levels}
    for key, before in before_by_key.items():
        now = now_by_key.get(key)
        if now is None:
            yield breaking(
                "service_level_removed",
                f"The service level {before.property} is gone.",
                "readers may rely on it",
                new.place,
                "",
            )
        elif (before.value, before.unit, before.value_ext) != (now.value, now.unit, now.value_ext):
            yield _service_level_change(before, now)
    for key, now in now_by_key.items():
        if key not in before_by_key:
            yield harmless(
                "service_level_added", f"The service level {now.property} is new.", "it promises more", now.place, ""
            )


def _service_level_change(before: ServiceLevel, now: ServiceLevel) -> ContractChange:
    what = f"The service level {now.property} is {_figure(now)} instead of {_figure(before)}."
    old, new = _number(before), _number(now)
    if old is None or new is None or before.unit != now.unit:
        return breaking("service_level_changed", what, "the two cannot be compared", now.place, "")
    is_weaker = new > old if now.property.casefold() in _LESS_IS_BETTER else new < old
    if is_weaker:
        return breaking("service_level_loosened", what, "it promises less", now.place, "")
    return harmless("service_level_tightened", what, "it promises more", now.place, "")


def _other_changes(old: Contract, new: Contract) -> Iterator[ContractChange]:
    if old.status != new.status:
        what = f"The status is {new.status or 'not said'} instead of {old.status or 'not said'}."
        if new.status == "retired":
            yield breaking("retired", what, "nobody keeps its promise any more", new.place, "")
        else:
            yield harmless("status_changed", what, "the promise holds as before", new.place, "")
    if old.custom != new.custom:
        names = sorted(k for k in old.custom.keys() | new.custom.keys() if old.custom.get(k) != new.custom.get(k))
        yield harmless(
            "setting_changed",
            f"The custom properties {', '.join(names)} changed.",
            "what a reader gets keeps its types and rules",
            new.place,
            "",
        )
    for key in _WORDS:
        if old.document.get(key) != new.document.get(key):
            yield wording("words_changed", f'The "{key}" of the contract changed.', new.place)


def _figure(level: ServiceLevel) -> str:
    return f"{level.value} {level.unit}" if level.unit else str(level.value)


def _number(level: ServiceLevel) -> float | None:
    try:
        return float(level.value)
    except (TypeError, ValueError):
        return None
