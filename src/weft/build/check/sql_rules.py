"""SQL rules: one query that gives one number or truth value, run over the rows that are to be published.

`${table}`, `${object}`, `${column}`, `${property}`, with or without the dollar, stand for the table and the rule's
column; the table's own name may be written as well. Input ports and other relations of the product can be read beside.
"""

import re

from weft.build.check.column_value import ColumnValue, value_at
from weft.build.check.promise import Promise, Unchecked, ValuePromise
from weft.build.check.row_count import PUBLISHED
from weft.build.check.threshold import Limit
from weft.engine.quote import identifier
from weft.spec.contract import QualityRule, Table

_PLACEHOLDER = re.compile(r"\$?\{\s*(table|object|model|schema|column|property|field)\s*\}", re.IGNORECASE)
_OF_THE_TABLE = ("table", "object", "model", "schema")


def sql_rule(rule: QualityRule, table: Table, values: tuple[ColumnValue, ...]) -> Promise:
    """The promise of one SQL rule."""
    value = value_at(values, rule.column) if rule.column else None
    column = identifier(value.column.stored_name) if value is not None else None
    if not rule.query:
        return _unchecked(rule, "The rule has no query.")
    if rule.unreadable_thresholds:
        return _unchecked(rule, f"The bound of {', '.join(rule.unreadable_thresholds)} cannot be read.")
    needs_column = any(match[1].lower() not in _OF_THE_TABLE for match in _PLACEHOLDER.finditer(rule.query))
    if needs_column and column is None:
        return _unchecked(rule, "The query names a column by a placeholder, and the rule stands at the table.")

    def replaced(match: re.Match[str]) -> str:
        return PUBLISHED if match[1].lower() in _OF_THE_TABLE else str(column)

    return ValuePromise(
        rule=rule.name,
        kind="sql",
        place=rule.place,
        columns=(rule.column,) if rule.column else (),
        severity=rule.severity,
        limit=Limit(rule.thresholds, rule.unit),
        query=_PLACEHOLDER.sub(replaced, rule.query),
        names=tuple(name for name in (table.name, table.physical_name) if name),
        words=rule.words,
        expects_truth=not rule.thresholds and not rule.words,
    )


def _unchecked(rule: QualityRule, reason: str) -> Unchecked:
    return Unchecked(
        rule=rule.name,
        kind="sql",
        place=rule.place,
        columns=(rule.column,) if rule.column else (),
        severity=rule.severity,
        reason=reason,
        blocks=True,
    )
