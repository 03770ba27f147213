"""Conditions of CHECK constraints that a contract has words of its own for: ranges, lengths, allowed values.

Both ways are here, so that what is written is read again: `promises_of` reads, `conditions_of` writes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from weft.spec.formats.outgoing import Field


def promises_of(condition: Any) -> tuple[str, dict[str, Any]] | None:
    """The column of a condition and the keys that say the same, None where the standard has none.

    >>> import sqlglot
    >>> promises_of(sqlglot.parse_one("total BETWEEN 0 AND 10 AND total <> 5")) is None
    True
    >>> promises_of(sqlglot.parse_one("total >= 0 AND total < 10"))
    ('total', {'logicalTypeOptions': {'minimum': 0, 'exclusiveMaximum': 10}})
    """
    column: str | None = None
    merged: dict[str, Any] = {}
    for part in _parts(condition):
        found = _promise(part)
        if found is None or column not in (None, found[0]):
            return None
        column, keys = found
        for key, value in keys.items():
            if key in merged and key != "logicalTypeOptions":
                return None
            if key == "logicalTypeOptions" and set(value) & set(merged.get(key, {})):
                return None
            merged[key] = {**merged.get(key, {}), **value} if isinstance(value, dict) else value
    return (column, merged) if column else None


def _parts(condition: Any) -> Iterator[Any]:
    from sqlglot import exp

    if isinstance(condition, exp.Paren):
        yield from _parts(condition.this)
    elif isinstance(condition, exp.And):
        yield from _parts(condition.this)
        yield from _parts(condition.expression)
    else:
        yield condition


def _promise(part: Any) -> tuple[str, dict[str, Any]] | None:
    from sqlglot import exp

    if isinstance(part, exp.Not) and isinstance(part.this, exp.Is) and isinstance(part.this.expression, exp.Null):
        column = _column(part.this.this)
        return (column, {"required": True}) if column else None
    if isinstance(part, exp.In) and not part.args.get("query"):
        values = [_literal(value) for value in part.expressions]
        column = _column(part.this)
        return (column, {"enum": values}) if column and values and None not in values else None
    if isinstance(part, exp.EQ):
        return _equality(part)
    if isinstance(part, exp.Between):
        column, low, high = _column(part.this), _literal(part.args["low"]), _literal(part.args["high"])
        if column is None or not _are_limits(low, high):
            return None
        return column, {"logicalTypeOptions": {"minimum": low, "maximum": high}}
    if isinstance(part, exp.RegexpLike) and isinstance(part.expression, exp.Literal) and part.expression.is_string:
        column = _column(part.this)
        return (column, {"logicalTypeOptions": {"pattern": part.expression.this}}) if column else None
    if isinstance(part, exp.GT | exp.GTE | exp.LT | exp.LTE):
        return _comparison(part)
    return None


def _equality(part: Any) -> tuple[str, dict[str, Any]] | None:
    """`column % 5 = 0`, and `column = 'a'` as the one allowed value."""
    from sqlglot import exp

    column, value = _column(part.this), _literal(part.expression)
    if column is not None and value is not None:
        return column, {"enum": [value]}
    if isinstance(part.this, exp.Mod) and value == 0:
        column, factor = _column(part.this.this), _literal(part.this.expression)
        if column is not None and isinstance(factor, int | float) and factor > 0:
            return column, {"logicalTypeOptions": {"multipleOf": factor}}
    return None


def _comparison(part: Any) -> tuple[str, dict[str, Any]] | None:
    from sqlglot import exp

    left, right, kind = part.this, part.expression, type(part)
    if _literal(left) is not None:  # 0 < total
        left, right = right, left
        kind = {exp.GT: exp.LT, exp.GTE: exp.LTE, exp.LT: exp.GT, exp.LTE: exp.GTE}[kind]
    limit = _literal(right)
    if isinstance(left, exp.Length):
        return _length(_column(left.this), kind, limit)
    column = _column(left)
    if column is None or not _are_limits(limit):
        return None
    key = {
        exp.GT: "exclusiveMinimum",
        exp.GTE: "minimum",
        exp.LT: "exclusiveMaximum",
        exp.LTE: "maximum",
    }[kind]
    return column, {"logicalTypeOptions": {key: limit}}


def _length(column: str | None, kind: Any, limit: Any) -> tuple[str, dict[str, Any]] | None:
    from sqlglot import exp

    if column is None or not isinstance(limit, int) or isinstance(limit, bool):
        return None
    key, least = {
        exp.GT: ("minLength", limit + 1),
        exp.GTE: ("minLength", limit),
        exp.LT: ("maxLength", limit - 1),
        exp.LTE: ("maxLength", limit),
    }[kind]
    return (column, {"logicalTypeOptions": {key: least}}) if least >= 0 else None


def _are_limits(*values: Any) -> bool:
    return all(isinstance(value, int | float | str) and not isinstance(value, bool) for value in values)


def _column(part: Any) -> str | None:
    from sqlglot import exp

    if isinstance(part, exp.Paren | exp.Cast):  # Postgres prints the checks it keeps with casts in them
        return _column(part.this)
    return part.name if isinstance(part, exp.Column | exp.Identifier) else None


def _literal(part: Any) -> Any:
    """A number, text or truth value that stands there as such, None where none does."""
    from sqlglot import exp

    if isinstance(part, exp.Cast | exp.Paren):
        return _literal(part.this)
    if isinstance(part, exp.Neg):
        inner = _literal(part.this)
        return -inner if isinstance(inner, int | float) and not isinstance(inner, bool) else None
    if isinstance(part, exp.Boolean):
        return bool(part.this)
    if not isinstance(part, exp.Literal):
        return None
    if part.is_string:
        return part.this
    try:
        return int(part.this)
    except ValueError:
        return float(part.this)


_LIMITS = frozenset(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"))
_OPTIONS = {
    "string": frozenset(("minLength", "maxLength", "pattern")),
    "integer": _LIMITS | {"multipleOf"},
    "number": _LIMITS | {"multipleOf"},
    "date": _LIMITS,
    "timestamp": _LIMITS,
    "time": _LIMITS,
}


def fits_column(column: dict[str, Any], keys: Mapping[str, Any]) -> bool:
    """Whether the column's type has the options, and none is said already."""
    options = keys.get("logicalTypeOptions", {})
    limits_are_texts = column["logicalType"] in ("date", "timestamp", "time")
    if any(isinstance(options[key], str) != limits_are_texts for key in _LIMITS & set(options)):
        return False
    said = column.get("logicalTypeOptions", {})
    if "enum" in keys and "enum" in column:
        return False
    is_known = set(options) <= _OPTIONS.get(column["logicalType"], frozenset())
    return is_known and all(said.get(key, value) == value for key, value in options.items())


_COMPARISONS = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}


def conditions_of(field: Field, *, patterns: bool) -> list[str]:
    """What a column promises as conditions in DuckDB's SQL.

    Args:
        field: the column.
        patterns: whether patterns are written too.
    """
    name = quoted(field.name)
    found = []
    options = field.options
    if field.column.enum is not None:
        found.append(f"{name} IN ({', '.join(literal(value) for value in field.column.enum)})")
    for key, sign in _COMPARISONS.items():
        if key in options:
            found.append(f"{name} {sign} {_limit(options[key], field)}")
    if "multipleOf" in options:
        found.append(f"{name} % {literal(options['multipleOf'])} = 0")
    if "minLength" in options:
        found.append(f"length({name}) >= {int(options['minLength'])}")
    if "maxLength" in options:
        found.append(f"length({name}) <= {int(options['maxLength'])}")
    if patterns and "pattern" in options:
        found.append(f"regexp_matches({name}, {literal(options['pattern'])})")
    return found


def _limit(value: Any, field: Field) -> str:
    if isinstance(value, str) and field.kind.name not in ("VARCHAR", "JSON"):
        return f"CAST({literal(value)} AS {field.kind})"
    return literal(value)


def literal(value: Any) -> str:
    """A value in SQL.

    >>> literal("it's"), literal(True), literal(1.5)
    ("'it''s'", 'TRUE', '1.5')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def quoted(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'
