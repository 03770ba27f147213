"""Two digests of a contract: of what it promises, and of all its words.

A change of the first means that the table is made and checked again; a change of the second alone only that the
new text is remembered.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from weft.spec.contract import Contract, QualityRule, RuleKind, Table

# Fields of the normal form that neither the rows nor their checks depend on.
_WORDS = {"id", "place", "description", "business_name", "dimension", "deprecated", "transform_source_objects"}


def promise_digest(contract: Contract, table: Table) -> str:
    """Of what is computed from a contract: columns, types, keys, rules, service levels, settings."""
    return _digest([_plain(table), _plain(contract.service_levels), _plain(contract.custom)])


def document_digest(contract: Contract) -> str:
    """Of the whole document as it was written, comments and layout aside."""
    return _digest(contract.document)


def digest_of(value: Any) -> str:
    """Of any value that JSON can hold, in the normal form above."""
    return _digest(_plain(value))


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _plain(value: Any) -> Any:
    if isinstance(value, QualityRule) and value.kind is RuleKind.TEXT:
        return None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = (field.name for field in dataclasses.fields(value) if field.name not in _WORDS)
        return {name: plain for name in names if (plain := _plain(getattr(value, name))) not in (None, [], {})}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain for item in value if (plain := _plain(item)) is not None]
    if isinstance(value, Enum):
        return value.value
    return value
