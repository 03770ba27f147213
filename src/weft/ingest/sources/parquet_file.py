"""Parquet files."""

from collections.abc import Sequence
from typing import ClassVar

from weft.engine.protocol import Engine
from weft.ingest.decompress import Member
from weft.ingest.file_source import PLACE_OPTIONS, FileSource
from weft.ingest.parquet_rows import ParquetPart, read_parquet_parts
from weft.ingest.rejects import RejectFile
from weft.ingest.rows.writing_options import WRITING_OPTIONS, asked_of
from weft.ingest.source_protocol import Job, Option, Reading


class ParquetFile(FileSource):
    """Tables with types of their own; read as they are unless `columns` asks for other types."""

    kind: ClassVar[str] = "parquet"
    opens_archives: ClassVar[bool] = False
    options: ClassVar[tuple[Option, ...]] = (*WRITING_OPTIONS, *PLACE_OPTIONS)

    def read_members(
        self, job: Job, engine: Engine, members: Sequence[Member], rejects: RejectFile, key: str
    ) -> Reading:
        """Prove each file whole, then give all of them as one table."""
        asked = asked_of(job)
        parts = [ParquetPart(str(member.path), member.location) for member in members]
        return read_parquet_parts(
            job, engine, parts, asked.types, asked.writing, rejects, key, file_column=asked.file_column
        )
