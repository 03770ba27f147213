"""NDJSON files: one object a line; a bad line is rejected, the others are read."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from weft.ingest.decompress import Member
from weft.ingest.json_records.split import JsonRecord, split_lines
from weft.ingest.source_protocol import Job, Option
from weft.ingest.sources.json_file import JsonFile


class NdjsonFile(JsonFile):
    """JSON lines: each line is an object, nested values stay nested."""

    kind: ClassVar[str] = "ndjson"
    options: ClassVar[tuple[Option, ...]] = tuple(option for option in JsonFile.options if option.name != "records")

    def _split(self, job: Job, member: Member, path: Path) -> Iterable[JsonRecord]:
        return split_lines(path)
