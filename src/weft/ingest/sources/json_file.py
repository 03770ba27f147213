"""JSON files: a list of objects, one object, or one after the other."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from weft.engine.protocol import Engine
from weft.ingest.decode import decode
from weft.ingest.decompress import Member
from weft.ingest.file_source import ARCHIVE_OPTIONS, PLACE_OPTIONS, FileSource
from weft.ingest.json_records.read import read_json_records
from weft.ingest.json_records.split import JsonRecord, split_document
from weft.ingest.rejects import RejectFile
from weft.ingest.rows.writing_options import WRITING_OPTIONS
from weft.ingest.source_protocol import Job, Option, OptionType, Reading


class JsonFile(FileSource):
    """A JSON document: each object of its list is a row, nested values stay nested."""

    kind: ClassVar[str] = "json"
    options: ClassVar[tuple[Option, ...]] = (
        Option("records", OptionType.TEXT, "Path to the list of records within the document, such as `data.items`."),
        Option("encoding", OptionType.TEXT, "Such as utf-8, utf-16, cp1252; default: found out and reported."),
        *WRITING_OPTIONS,
        *ARCHIVE_OPTIONS,
        *PLACE_OPTIONS,
    )

    def read_members(
        self, job: Job, engine: Engine, members: Sequence[Member], rejects: RejectFile, key: str
    ) -> Reading:
        """Split each file into records, then type all of them together."""

        def split(member: Member) -> Iterable[JsonRecord]:
            decoded = decode(member.path, member.location, job.scratch, job.place, job.option("encoding"))
            return self._split(job, member, decoded.path)

        return read_json_records(job, engine, members, split, rejects, key)

    def _split(self, job: Job, member: Member, path: Path) -> Iterable[JsonRecord]:
        return split_document(path, member.location, job.option("records"))
