"""Names of columns and tables: such that SQL takes them, and the words that they are made of."""

import re
import unicodedata
from collections.abc import Iterable

KEY_ENDINGS = frozenset(("id", "no", "nr", "number", "num", "key", "code", "uuid", "guid", "sequential", "seq", "line"))
_WHOLE_WORDS = """
valid invalid grid solid liquid hybrid fluid avoid rapid android covid paid prepaid unpaid said braid squid uuid guid
surname forename rename filename nickname username hostname vorname nachname update candidate mandate validate
"""
_WHOLE = frozenset(_WHOLE_WORDS.split())  # they end like two words and are one
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def readable_names(columns: Iterable[str]) -> dict[str, str]:
    """Names that SQL takes without quotes, each different.

    >>> readable_names(["Order No.", "Größe", "2nd", "order no"])
    {'Order No.': 'order_no', 'Größe': 'grosse', '2nd': 'column_2nd', 'order no': 'order_no_2'}
    """
    name_by_column: dict[str, str] = {}
    for column in columns:
        plain = unicodedata.normalize("NFKD", column.casefold()).encode("ascii", "ignore").decode()
        base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
        base = base if base[:1].isalpha() else f"column_{base}".rstrip("_")
        name, number = base, 2
        while name in name_by_column.values():
            name, number = f"{base}_{number}", number + 1
        name_by_column[column] = name
    return name_by_column


def words(name: str) -> tuple[str, ...]:
    """The words of a name in snake or camel case, in small letters.

    >>> words("customerZip_code2"), words("OrderID"), words("employeeid"), words("paid")
    (('customer', 'zip', 'code', '2'), ('order', 'id'), ('employee', 'id'), ('paid',))
    """
    found = [word.lower() for word in _WORD.findall(name)]
    return tuple(part for word in found for part in _unglued(word))


def _unglued(word: str) -> tuple[str, ...]:
    """Databases that fold names to small letters leave `employeeid`."""
    for ending in ("id", "name", "date"):
        before = word.removesuffix(ending)
        if before != word and len(before) > 2 and word not in _WHOLE:
            return before, ending
    return (word,)


def singular(word: str) -> str:
    """The singular of an English plural, roughly: good enough to find `customer_id` of `customers`.

    >>> [singular(w) for w in ("customers", "categories", "addresses", "status", "data")]
    ['customer', 'category', 'address', 'status', 'data']
    """
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("xes", "x")):
        if word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def stems(table: str) -> frozenset[str]:
    """Words by which a table of that name may be meant, in the singular.

    >>> sorted(stems("olist_customers_dataset"))
    ['customer', 'dataset', 'olist', 'olist_customer', 'olist_customer_dataset']
    """
    parts = [singular(word) for word in words(table)]
    return frozenset((*parts, "_".join(parts), *("_".join(parts[:n]) for n in range(1, len(parts)))))
