"""How a delimited file is written: its delimiter, quotes, comments and lines before the table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """One way of writing a table as text."""

    delimiter: str = ","
    quote: str = '"'  # "" for none
    escape: str | None = None  # None: a quote within quotes is doubled
    comment: str | None = None  # lines that begin with it are no rows
    skip_lines: int = 0  # before the table
    header: bool = True
