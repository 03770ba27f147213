"""Names in SQL text."""

from collections.abc import Sequence

from weft.engine.quote import identifier


def listed(names: Sequence[str], table: str = "") -> str:
    """Identifiers with commas between, each qualified with `table` where given.

    >>> listed(["a", "b"], "t")
    't."a", t."b"'
    """
    prefix = f"{table}." if table else ""
    return ", ".join(prefix + identifier(name) for name in names)


def same_key(key: Sequence[str], left: str, right: str) -> str:
    """The condition that two rows have one key.

    >>> same_key(["id"], "a", "b")
    'a."id" IS NOT DISTINCT FROM b."id"'
    """
    return " AND ".join(f"{left}.{identifier(k)} IS NOT DISTINCT FROM {right}.{identifier(k)}" for k in key)
