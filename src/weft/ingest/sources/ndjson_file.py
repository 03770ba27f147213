"""NDJSON files: one object a line; a bad line is rejected, the others are read."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from weft.ingest.decompress import Member
from weft.ingest.json_records.json_source import JsonSource
from weft.ingest.json_records.split import JsonRecord, split_lines
from weft.ingest.source_protocol import Job


class NdjsonFile(JsonSource):
    """JSON lines: each line is an object, nested values stay nested."""

    kind: ClassVar[str] = "ndjson"

    def split(self, job: Job, member: Member, path: Path) -> Iterable[JsonRecord]:
        """One record a line."""
        return split_lines(path)
