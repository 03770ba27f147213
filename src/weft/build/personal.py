"""Whether a column holds what not everybody may see: its values are kept out of profiles and shown masked."""

from weft.spec.contract import Column

MASK = "•••"
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
