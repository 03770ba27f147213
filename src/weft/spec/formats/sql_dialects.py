"""The dialects of SQL that contracts are imported from and exported to."""

from weft.base.names import did_you_mean
from weft.base.problem import Problem

DIALECTS = ("duckdb", "postgres", "mysql", "snowflake", "bigquery", "tsql", "oracle", "spark")


def checked_dialect(name: str | None) -> str | None:
    """The dialect of a name, None where none is asked for.

    Raises:
        Problem: FORMAT001 there is none of that name.
    """
    if name is None or name in DIALECTS:
        return name
    raise Problem(
        "FORMAT001",
        f'There is no dialect "{name}" to choose here.',
        expected=f"one of {', '.join(DIALECTS)}",
        fix=did_you_mean(name, DIALECTS),
    )
