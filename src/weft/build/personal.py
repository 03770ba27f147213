"""Whether a column holds what not everybody may see: its values are kept out of profiles and shown masked."""

from collections.abc import Mapping
from typing import Any

from weft.spec.contract import Column

MASK = "•••"
_FIGURES_WITHOUT_VALUES = ("type", "null_share", "distinct", "is_personal")
_MARKS = frozenset(
    (
        "pii",
        "phi",
        "gdpr",
        "personal",
        "personal-data",
        "personal_data",
        "personaldata",
        "sensitive",
        "sensitive-personal",
        "restricted",
        "confidential",
        "secret",
    )
)


def is_personal(column: Column) -> bool:
    """By its classification or tags, or those of a part of it.

    >>> from weft.base.problem import Place
    >>> is_personal(Column("email", Place("c.yaml"), tags=("PII",))), is_personal(Column("total", Place("c.yaml")))
    (True, False)
    """
    marks = {mark.casefold().strip() for mark in (column.classification or "", *column.tags)}
    parts = (*column.properties, *([column.items] if column.items else []))
    return bool(_MARKS & marks) or any(is_personal(part) for part in parts)


def without_values(columns: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The figures of a profile that show no value, for a ledger that lies in clear beside encrypted tables.

    >>> without_values({"id": {"type": "BIGINT", "null_share": 0.0, "min": "1"}})
    {'id': {'type': 'BIGINT', 'null_share': 0.0}}
    """
    return {
        name: {figure: figures[figure] for figure in _FIGURES_WITHOUT_VALUES if figure in figures}
        for name, figures in columns.items()
    }
