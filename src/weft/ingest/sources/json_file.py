"""JSON files: a list of objects, one object, or one after the other."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from weft.ingest.decompress import Member
from weft.ingest.json_records.json_source import JSON_OPTIONS, JsonSource
from weft.ingest.json_records.split import JsonRecord, split_document
from weft.ingest.source_protocol import Job, Option, OptionType


class JsonFile(JsonSource):
    """A JSON document: each object of its list is a row, nested values stay nested."""

    kind: ClassVar[str] = "json"
    options: ClassVar[tuple[Option, ...]] = (
        Option("records", OptionType.TEXT, "Path to the list of records within the document, such as `data.items`."),
        *JSON_OPTIONS,
    )

    def split(self, job: Job, member: Member, path: Path) -> Iterable[JsonRecord]:
        """The items of its list."""
        return split_document(path, member.location, job.option("records"))
