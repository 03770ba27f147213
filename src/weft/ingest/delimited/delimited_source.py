"""What CSV and TSV share: options, staging, typing."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from weft.base.problem import Problem, Problems
from weft.engine.protocol import Engine
from weft.ingest.decode import decode
from weft.ingest.decompress import Member
from weft.ingest.delimited.detect_delimiter import detect_delimiter
from weft.ingest.delimited.dialect import Dialect
from weft.ingest.delimited.stage import Layout, stage
from weft.ingest.file_source import ARCHIVE_OPTIONS, PLACE_OPTIONS, FileSource
from weft.ingest.rejects import RejectFile
from weft.ingest.rows.write_table import write_table
from weft.ingest.rows.writing_options import WRITING_OPTIONS, asked_of
from weft.ingest.source_protocol import Job, Option, OptionType, Reading
from weft.ingest.staged import Staged

_NAMED_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}


class DelimitedSource(FileSource):
    """Delimited text."""

    default_delimiter: ClassVar[str | None] = None  # None: found out
    options: ClassVar[tuple[Option, ...]] = (
        Option("encoding", OptionType.TEXT, "Such as utf-8, utf-16, cp1252, latin-1; default: found out and reported."),
        Option("delimiter", OptionType.TEXT, "The mark between fields; default: found out among `,` `;` tab `|`."),
        Option("quote", OptionType.TEXT, 'The quote around fields; default `"`; empty for none.'),
        Option("escape", OptionType.TEXT, "A mark that takes the next one literally; default: quotes are doubled."),
        Option("comment", OptionType.TEXT, "Lines that begin with it are no rows."),
        Option("skip_lines", OptionType.NUMBER, "How many lines stand before the table."),
        Option("header", OptionType.FLAG, "false: the first line is a row already."),
        Option("names", OptionType.TEXTS, "Names of all columns, instead of the header's."),
        Option("ragged", OptionType.TEXT, "`reject` (default) rows with too few fields, or `pad` them with nothing."),
        *WRITING_OPTIONS,
        *ARCHIVE_OPTIONS,
        *PLACE_OPTIONS,
    )

    def read_members(
        self, job: Job, engine: Engine, members: Sequence[Member], rejects: RejectFile, key: str
    ) -> Reading:
        """Stage each file, then type all of them together."""
        layout = self._layout(job)
        staged: list[Staged] = []
        problems: list[Problem] = []
        for number, member in enumerate(members):
            try:
                staged.append(self._stage(job, layout, member, job.scratch / f"texts-{number}.parquet", rejects))
            except Problem as problem:
                problems.append(problem)
        if problems:
            raise Problems(problems)
        return write_table(job, engine, staged, asked_of(job), rejects, key)

    def _stage(self, job: Job, layout: Layout, member: Member, target: Path, rejects: RejectFile) -> Staged:
        decoded = decode(member.path, member.location, job.scratch, job.place, job.option("encoding"))
        if not layout.dialect.delimiter:
            delimiter = detect_delimiter(decoded.path, layout.dialect)
            layout = replace(layout, dialect=replace(layout.dialect, delimiter=delimiter))
        staged = stage(decoded.path, member.location, layout, target, rejects)
        return replace(staged, problems=(*decoded.problems, *staged.problems))

    def _layout(self, job: Job) -> Layout:
        delimiter = job.option("delimiter", self.default_delimiter)
        quote = str(job.option("quote", '"'))
        escape = job.option("escape")
        ragged = job.option("ragged", "reject")
        for name, value in (("quote", quote), ("escape", escape or "")):
            if len(value) > 1:
                raise Problem("SOURCE003", f'Option "{name}" is not one letter.', job.place)
        if ragged not in ("reject", "pad"):
            raise Problem("SOURCE003", 'Option "ragged" is neither reject nor pad.', job.place, found=str(ragged))
        dialect = Dialect(
            delimiter=_NAMED_DELIMITERS.get(str(delimiter), str(delimiter)) if delimiter else "",
            quote=quote,
            escape=str(escape) if escape and escape != quote else None,
            comment=job.option("comment"),
            skip_lines=int(job.option("skip_lines", 0)),
            header=bool(job.option("header", True)),
        )
        names = job.texts("names") or (tuple(job.source.columns) if not dialect.header else ())
        return Layout(dialect, names, ragged == "pad")
