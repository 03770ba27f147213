"""Whether a column of one type can keep a promise of another.

What can only overflow (a sum of integers into BIGINT) is allowed here: the audit of the rows names every row that
does not fit. What would change values without a word (rounding, dropping the time of day) is not.
"""

from weft.spec.sql_type import SqlType

_INTEGERS = {"UTINYINT", "TINYINT", "USMALLINT", "SMALLINT", "UINTEGER", "INTEGER", "UBIGINT", "BIGINT", "HUGEINT"}
_FLOATS = {"FLOAT": 1, "DOUBLE": 2}
_NESTED = {"STRUCT", "MAP", "LIST", "ARRAY"}


def loss_of(made: SqlType, promised: SqlType) -> str | None:
    """What goes wrong when made values are stored as the promised type; None where nothing does.

    >>> from weft.spec.sql_type import parse_type
    >>> loss_of(parse_type("DOUBLE"), parse_type("DECIMAL(12,2)"))
    'values are rounded'
    >>> loss_of(parse_type("DECIMAL(38,2)"), parse_type("DECIMAL(12,2)")) is None
    True
    >>> loss_of(parse_type("VARCHAR"), parse_type("INTEGER"))
    'text is not INTEGER'
    """
    if made == promised:
        return None
    if made.name in _NESTED or promised.name in _NESTED:
        return _nested_loss(made, promised)
    if promised.name in ("VARCHAR", "JSON"):
        return "bytes are no text" if made.name == "BLOB" else None
    if made.name in ("VARCHAR", "JSON"):
        return f"text is not {promised}"
    return _scalar_loss(made, promised)


def _scalar_loss(made: SqlType, promised: SqlType) -> str | None:
    if promised.name in _INTEGERS:
        if made.name in _INTEGERS or (made.name == "DECIMAL" and made.scale == 0):
            return None
        return "values are rounded" if made.name in _FLOATS or made.name == "DECIMAL" else _other(made, promised)
    if promised.name == "DECIMAL":
        if made.name in _INTEGERS:
            return None
        if made.name == "DECIMAL":
            return None if (made.scale or 0) <= (promised.scale or 0) else "digits after the point are lost"
        return "values are rounded" if made.name in _FLOATS else _other(made, promised)
    if promised.name in _FLOATS:
        if made.name in _INTEGERS or made.name == "DECIMAL":
            return None
        if made.name in _FLOATS:
            return None if _FLOATS[made.name] <= _FLOATS[promised.name] else "values are rounded"
        return _other(made, promised)
    if promised.name == "DATE" and made.name.startswith("TIMESTAMP"):
        return "the time of day is lost"
    if promised.name in ("TIMESTAMP", "TIMESTAMP_NS") and made.name in ("DATE", "TIMESTAMP", "TIMESTAMP_NS"):
        return None
    if "TIMESTAMP WITH TIME ZONE" in (made.name, promised.name) and "TIMESTAMP" in (made.name, promised.name):
        return "the instant depends on the time zone of whoever runs it"
    return _other(made, promised)


def _nested_loss(made: SqlType, promised: SqlType) -> str | None:
    lists = {"LIST", "ARRAY"}
    if made.name != promised.name and not ({made.name, promised.name} <= lists and promised.name == "LIST"):
        return None if promised.name == "JSON" else _other(made, promised)
    if made.size != promised.size and promised.size is not None:
        return f"it holds {made.size} elements, not {promised.size}"
    if promised.name == "STRUCT":
        made_fields = {name.casefold(): child for name, child in made.fields}
        for name, child in promised.fields:
            found = made_fields.get(name.casefold())
            if found is None:
                return f"the field {name} is missing"
            loss = loss_of(found, child)
            if loss is not None:
                return f"in the field {name}, {loss}"
        extra = set(made_fields) - {name.casefold() for name, _ in promised.fields}
        return f"the field {min(extra)} is not promised" if extra else None
    for (name, found), (_, child) in zip(made.fields, promised.fields, strict=True):
        loss = loss_of(found, child)
        if loss is not None:
            return f"in its {name}, {loss}"
    return None


def _other(made: SqlType, promised: SqlType) -> str:
    return f"{made} is not {promised}"
