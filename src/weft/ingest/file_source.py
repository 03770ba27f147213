"""What all kinds of files share: they are found by path, brought here, unpacked, and told apart by content."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from weft.base.problem import Problem, Problems
from weft.base.secret import resolve_secret, resolve_secrets
from weft.engine.protocol import Engine
from weft.ingest.byte_size import parse_size
from weft.ingest.content_store import keep_raw, kept_suffix
from weft.ingest.decompress import KINDS, Member, too_large, unpack
from weft.ingest.fetch import http
from weft.ingest.fetch.find import find
from weft.ingest.fetch.found import Found, Reach
from weft.ingest.landing import Landing, RawFile
from weft.ingest.rejects import RejectFile
from weft.ingest.source_protocol import Collected, Job, Option, OptionType, Reading, SourceKind
from weft.spec.making import Source

DEFAULT_MAX_SIZE = "20GB"
_REACH_OPTIONS = ("endpoint", "region", "access_key", "secret_key", "session_token", "anonymous")

PLACE_OPTIONS = (
    Option("headers", OptionType.MAPPING, "HTTP headers, such as `Authorization: Bearer ${env:TOKEN}`.", reads=False),
    Option(
        "endpoint", OptionType.TEXT, "Address of an S3-compatible store, such as `http://localhost:9000`.", reads=False
    ),
    Option("region", OptionType.TEXT, "Region of the bucket.", reads=False),
    Option("access_key", OptionType.TEXT, "Access key; default: the usual AWS variables and files.", reads=False),
    Option("secret_key", OptionType.TEXT, "Secret key, by reference: `${env:S3_SECRET}`.", reads=False),
    Option("session_token", OptionType.TEXT, "Session token of temporary credentials.", reads=False),
    Option("anonymous", OptionType.FLAG, "Read a public bucket without credentials.", reads=False),
    Option("timeout", OptionType.NUMBER, "Seconds to wait for a server; default 60.", reads=False),
    Option("retries", OptionType.NUMBER, "How often a busy server is asked again; default 3.", reads=False),
    Option("max_size", OptionType.TEXT, f"Largest file, packed and unpacked; default {DEFAULT_MAX_SIZE}.", reads=False),
)
ARCHIVE_OPTIONS = (
    Option("compression", OptionType.TEXT, f"One of {', '.join(KINDS)}; default: seen by the first bytes."),
    Option("member", OptionType.TEXT, "Which files of a zip archive, as a pattern such as `*.csv`; default: all."),
)


class FileSource(SourceKind):
    """A kind of file."""

    opens_archives: ClassVar[bool] = True  # Excel and Parquet are containers of their own

    @abstractmethod
    def read_members(
        self, job: Job, engine: Engine, members: Sequence[Member], rejects: RejectFile, key: str
    ) -> Reading:
        """Read rows out of unpacked files."""

    def collect(self, job: Job) -> Collected:
        """Bring what is new or changed, and remember how each file looked."""
        max_bytes = max_size(job)
        seen_before = _seen(job.previous)
        files: list[RawFile] = []
        seen: dict[str, Any] = {}
        problems: list[Problem] = []
        for found in find(job.path(), job.mesh_root, reach_of(job.source, job.mesh_root), job.place):
            before = seen_before.get(found.location)
            try:
                raw, sign = _bring(job, found, before, max_bytes)
            except Problem as problem:
                problems.append(problem)
                continue
            files.append(raw)
            seen[found.location] = {"sign": sign, "raw": raw.as_json()}
        if problems:
            raise Problems(problems)
        return Collected(tuple(files), {"files": seen})

    def read(self, job: Job, raw: Sequence[RawFile], key: str) -> Reading:
        """Unpack and read."""
        rejects = RejectFile(job.scratch / "rejects.ndjson", vault=job.vault)
        members: list[Member] = []
        problems: list[Problem] = []
        for file in raw:
            try:
                members += self._members(job, file)
            except Problem as problem:
                problems.append(problem)
        if problems:
            raise Problems(problems)
        with job.scratch_engine() as engine:
            return self.read_members(job, engine, members, rejects, key)

    def changed(self, source: Source, mesh_root: Path, previous: Landing) -> bool:
        """Compare sizes, times and ETags with those of the last landing."""
        seen = _seen(previous)
        path = resolve_secret(source.path or "", base=mesh_root)
        try:
            reach = reach_of(source, mesh_root)
            found = find(path, mesh_root, reach, source.place)
        except Problem:
            return True  # landing tells it better
        if {file.location for file in found} != set(seen):
            return True
        for file in found:
            sign = seen[file.location]["sign"]
            if sign is None:
                return True
            if file.sign is None:
                if http.is_modified(path, sign, reach):
                    return True
            elif dict(file.sign) != sign:
                return True
        return False

    def _members(self, job: Job, file: RawFile) -> list[Member]:
        if not self.opens_archives:
            return [Member(file.location, Path(file.path), job.place)]
        return unpack(
            file,
            job.scratch,
            job.place,
            compression=job.option("compression"),
            member=job.option("member"),
            max_bytes=max_size(job),
        )


def reach_of(source: Source, mesh_root: Path) -> Reach:
    """How remote places are reached, secrets resolved."""
    options: Mapping[str, Any] = resolve_secrets(
        {name: value for name, value in source.options.items() if name in {option.name for option in PLACE_OPTIONS}},
        base=mesh_root,
    )
    return Reach(
        headers={str(name): str(value) for name, value in (options.get("headers") or {}).items()},
        options={name: options[name] for name in _REACH_OPTIONS if name in options},
        timeout_seconds=float(options.get("timeout", 60)),
        retries=int(options.get("retries", 3)),
    )


def max_size(job: Job) -> int:
    """The bound on one file.

    Raises:
        Problem: SOURCE003 the option is no size.
    """
    try:
        return parse_size(job.option("max_size", DEFAULT_MAX_SIZE))
    except ValueError as error:
        raise Problem(
            "SOURCE003", f'Option "max_size" is {error}.', job.place, fix='Write `max_size: "20GB"`.'
        ) from None


def _seen(previous: Landing | None) -> dict[str, Any]:
    return dict(previous.state.get("files", {})) if previous else {}


def _bring(job: Job, found: Found, before: Mapping[str, Any] | None, max_bytes: int) -> tuple[RawFile, Any]:
    """The raw file and its sign; nothing is read where the sign is the one seen last."""
    kept = RawFile(**before["raw"]) if before else None
    sign_before = before["sign"] if before else None
    if kept is not None and not Path(kept.path).is_file():
        kept = sign_before = None
    if kept is not None and sign_before is not None and found.sign is not None and dict(found.sign) == sign_before:
        return kept, sign_before
    download = found.open(sign_before)
    if download is None:
        if kept is None:
            raise AssertionError("not modified since a file that was never kept")
        return kept, sign_before
    job.progress(f"{job.source.name}: reading {found.location}")
    chunks = _bounded(download.chunks, found.location, job, max_bytes)
    raw = keep_raw(job.folder, found.location, chunks, kept_suffix(found.location.rpartition("/")[2]), vault=job.vault)
    sign = download.sign()
    return raw, dict(sign) if sign is not None else None


def _bounded(chunks: Iterable[bytes], location: str, job: Job, max_bytes: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise too_large(location, job.place, max_bytes)
        yield chunk
