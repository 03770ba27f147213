"""TSV files: CSV whose delimiter is the tab."""

from typing import ClassVar

from weft.ingest.delimited.delimited_source import DelimitedSource


class TsvFile(DelimitedSource):
    """Text delimited by tabs, one row a record, with a header."""

    kind: ClassVar[str] = "tsv"
    default_delimiter: ClassVar[str | None] = "\t"
