"""Values in a JSON document by a path of names."""

from typing import Any

MISSING: Any = object()


def value_at(document: Any, path: str) -> Any:
    """The value at a path such as `meta.next`; MISSING where there is none.

    >>> value_at({"meta": {"next": 3}}, "meta.next"), value_at({"meta": []}, "meta.next") is MISSING
    (3, True)
    """
    for name in path.split("."):
        if isinstance(document, dict) and name in document:
            document = document[name]
        elif isinstance(document, list) and name.isdigit() and int(name) < len(document):
            document = document[int(name)]
        else:
            return MISSING
    return document
