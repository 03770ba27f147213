"""How a delimited file is written: its delimiter, quotes, comments and lines before the table."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

CANDIDATES = (",", ";", "\t", "|")
_SAMPLE_RECORDS = 200


@dataclass(frozen=True)
class Dialect:
    """One way of writing a table as text."""

    delimiter: str = ","
    quote: str = '"'  # "" for none
    escape: str | None = None  # None: a quote within quotes is doubled
    comment: str | None = None  # lines that begin with it are no rows
    skip_lines: int = 0  # before the table
    header: bool = True


def detect_delimiter(path: Path, dialect: Dialect) -> str:
    """The delimiter that splits the first rows most evenly; a comma where none does."""
    from weft.ingest.delimited.records import records

    best, best_score = ",", (0.0, 0)
    for candidate in CANDIDATES:
        sample = islice(records(path, replace(dialect, delimiter=candidate)), _SAMPLE_RECORDS)
        counts = Counter(len(record.fields) for record in sample if record.fields)
        if not counts:
            continue
        fields, rows = counts.most_common(1)[0]
        if fields > 1:
            score = (round(rows / counts.total(), 2), fields)
            if score > best_score:
                best, best_score = candidate, score
    return best
