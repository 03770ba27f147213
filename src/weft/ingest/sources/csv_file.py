"""CSV files: comma, semicolon, tab or pipe, clean or dirty."""

from typing import ClassVar

from weft.ingest.delimited.delimited_source import DelimitedSource


class CsvFile(DelimitedSource):
    """Delimited text, one row a record, with a header; the delimiter is found out."""

    kind: ClassVar[str] = "csv"
