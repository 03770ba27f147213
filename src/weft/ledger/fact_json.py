"""A fact as plain JSON values and back, for facts that wait outside the ledger until they are true."""

import dataclasses
import typing
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from weft.ledger.facts import FACTS, Fact


def fact_as_json(fact: Fact) -> dict[str, Any]:
    """The fact with its table's name.

    >>> from datetime import UTC
    >>> from weft.ledger.facts import RolledBack
    >>> fact = RolledBack(at=datetime(2026, 1, 31, tzinfo=UTC), actor="ada", port="a/b/c", to_snapshot_id=7)
    >>> fact_from_json(fact_as_json(fact)) == fact
    True
    """
    return {"table": fact.table, "fact": {field.name: _plain(getattr(fact, field.name)) for field in fields(fact)}}


def fact_from_json(data: Mapping[str, Any]) -> Fact:
    """Read what `fact_as_json` wrote.

    Raises:
        KeyError: the kind of fact is not known.
    """
    kind = _KINDS[data["table"]]
    hints = _hints(data["table"])
    return kind(**{name: _typed(hints[name], value) for name, value in data["fact"].items()})


def fields(fact: Fact) -> "tuple[dataclasses.Field[Any], ...]":
    """The fields of a fact."""
    return dataclasses.fields(fact)


_KINDS = {kind.table: kind for kind in FACTS}


@cache
def _hints(table: str) -> Mapping[str, Any]:
    return typing.get_type_hints(_KINDS[table])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def _typed(hint: Any, value: Any) -> Any:
    kinds = {typing.get_origin(kind) or kind for kind in (typing.get_args(hint) or ()) if not isinstance(kind, str)}
    kinds.add(typing.get_origin(hint) or hint)
    if isinstance(value, str) and datetime in kinds:
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) and tuple in kinds else value
