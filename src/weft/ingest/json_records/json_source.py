"""What the kinds of JSON files share: encodings, options, typing."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from weft.base.problem import Problem
from weft.engine.protocol import Engine
from weft.ingest.decode import decode
from weft.ingest.decompress import Member
from weft.ingest.file_source import ARCHIVE_OPTIONS, PLACE_OPTIONS, FileSource
from weft.ingest.json_records.read import read_json_records
from weft.ingest.json_records.split import JsonRecord
from weft.ingest.rejects import RejectFile
from weft.ingest.rows.writing_options import WRITING_OPTIONS
from weft.ingest.source_protocol import Job, Option, OptionType, Reading

JSON_OPTIONS = (
    Option("encoding", OptionType.TEXT, "Such as utf-8, utf-16, cp1252; default: found out and reported."),
    *WRITING_OPTIONS,
    *ARCHIVE_OPTIONS,
    *PLACE_OPTIONS,
)


class JsonSource(FileSource):
    """JSON text."""

    options: ClassVar[tuple[Option, ...]] = JSON_OPTIONS

    @abstractmethod
    def split(self, job: Job, member: Member, path: Path) -> Iterable[JsonRecord]:
        """The records of one UTF-8 file."""

    def read_members(
        self, job: Job, engine: Engine, members: Sequence[Member], rejects: RejectFile, key: str
    ) -> Reading:
        """Split each file into records, then type all of them together."""

        def split(member: Member) -> Iterable[JsonRecord]:
            decoded = decode(member.path, member.location, job.scratch, job.place, job.option("encoding"))
            problems.extend(decoded.problems)
            return self.split(job, member, decoded.path)

        problems: list[Problem] = []
        reading = read_json_records(job, engine, members, split, rejects, key)
        return replace(reading, problems=(*problems, *reading.problems))
