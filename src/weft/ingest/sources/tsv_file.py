"""TSV files: CSV whose delimiter is the tab."""

from typing import ClassVar

from weft.ingest.sources.csv_file import CsvFile


class TsvFile(CsvFile):
    """Text delimited by tabs, one row a record, with a header."""

    kind: ClassVar[str] = "tsv"
    default_delimiter: ClassVar[str | None] = "\t"
