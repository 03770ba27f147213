"""Write names and texts into SQL so that they can only ever be names and texts."""

from collections.abc import Iterable


def identifier(name: str) -> str:
    r"""A name, quoted.

    >>> print(identifier('sales/orders'), identifier('a"b'))
    "sales/orders" "a""b"
    """
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A string literal.

    >>> text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def text_list(values: Iterable[str]) -> str:
    """A list of string literals.

    >>> text_list(["a.parquet", "b.parquet"])
    "['a.parquet', 'b.parquet']"
    """
    return "[" + ", ".join(text(value) for value in values) + "]"


def subquery(sql: str) -> str:
    r"""A query in brackets, so that a closing comment cannot swallow the bracket and line numbers stay.

    >>> subquery("SELECT 1 -- one")
    '(SELECT 1 -- one\n)'
    """
    return f"({sql.strip().rstrip(';').rstrip()}\n)"
