"""Every stored file that something still needs, byte for byte against its SHA-256."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from weft.base.counted import counted
from weft.base.keys.provider import KEY_WRONG
from weft.base.names import ProductName
from weft.base.problem import Problem
from weft.base.stored_file import damaged_files, digest_in_name, problem_of, sha256_of
from weft.ingest.sealed_files import is_sealed, sha256_of_plain
from weft.ledger.facts import Landed, Quarantined, StepEnded
from weft.workspace.examine.examination import Examination
from weft.workspace.examine.tables import relative
from weft.workspace.workspace import Workspace

_AT_ONCE = 64


@dataclass(frozen=True)
class _Needed:
    """A file, and what is lost with it."""

    path: Path
    what: str
    fix: str
    sha256: str | None = None  # where its name does not say


def examine_stored_files(workspace: Workspace, say: Callable[[str], None]) -> Iterator[Examination]:
    """Landed, held back, intermediate and published files: each is there and is what was written."""
    needed: dict[Path, _Needed] = {}
    for file in _needed(workspace):
        needed.setdefault(file.path, file)
    files, seen, broken, unknown = iter(needed.values()), 0, 0, 0
    while part := list(islice(files, _AT_ONCE)):
        for file, why in _faults(workspace, part):
            broken += 1
            where = relative(workspace, file.path)
            yield Examination("file", "failed", f"{where} ({file.what}) {why}", file.fix, "FILE001")
        seen += len(part)
        unknown += sum(file.sha256 is None and digest_in_name(file.path) is None for file in part)
        if len(needed) > _AT_ONCE:
            say(f"files: {seen:,} of {len(needed):,}")
    if not broken:
        rest = f"; of {counted(unknown, 'file')} no digest is known" if unknown else ""
        yield Examination("files", "ok", f"{counted(seen, 'file')} as written{rest}")


def _faults(workspace: Workspace, part: list[_Needed]) -> Iterator[tuple[_Needed, str]]:
    present = [file for file in part if file.path.exists()]
    yield from ((file, "is not there") for file in part if file not in present)
    try:
        damaged = set(damaged_files(str(file.path) for file in present))
    except Problem:
        damaged = None  # one cannot be read; which one is found below
    for file in present:
        try:
            if damaged is None or file.sha256:
                wanted = file.sha256 or digest_in_name(file.path)
                is_damaged = wanted is not None and _digest(workspace, file.path) != wanted
            else:
                is_damaged = str(file.path) in damaged
        except OSError as error:
            yield file, problem_of(error).what
            continue
        if is_damaged:
            yield file, "is not what was written: bytes were changed or cut off"


def _digest(workspace: Workspace, path: Path) -> str:
    """Of a raw file, what its name says is the digest of what came, encrypted or not."""
    if not is_sealed(path):
        return sha256_of(path)
    try:
        return sha256_of_plain(path, workspace.vault)
    except Problem as problem:
        if problem.code != KEY_WRONG:
            raise
        return ""  # bytes were changed


def _needed(workspace: Workspace) -> Iterator[_Needed]:
    yield from _published(workspace)
    yield from _landed(workspace)
    yield from _held_back(workspace)
    yield from _work(workspace)


def _published(workspace: Workspace) -> Iterator[_Needed]:
    for port in workspace.lake.ports():
        try:
            head, kept = workspace.lake.snapshot(port), workspace.lake.snapshots(port)
        except (Problem, ValueError, KeyError, TypeError):
            continue  # told by the examination of tables
        # A file that readers see is told as theirs, whichever other snapshots have it too.
        for snapshot in sorted(kept, key=lambda one: head is None or one.snapshot_id != head.snapshot_id):
            try:
                files = workspace.lake.files(port, snapshot.snapshot_id)
            except Exception:  # damaged manifests, told there too, fail in as many ways as they have bytes
                continue
            what, way_out = f"published by {port}", f"publish anew: weft build --full {port.product_name}"
            if head is None or snapshot.snapshot_id != head.snapshot_id:
                what, way_out = f"of an earlier snapshot of {port}", "let weft maintain expire that snapshot"
            for path in files.paths if files else ():
                yield _Needed(Path(path.removeprefix("file://")), what, f"Bring it back from a backup, or {way_out}.")


def _landed(workspace: Workspace) -> Iterator[_Needed]:
    for (product, source), fact in workspace.ledger.latest_by(Landed, "product", "source").items():
        if not _is_declared(workspace, product):
            continue  # its files may have been removed with it
        what = f"landed from {source} of {product}"
        fix = f"Bring it back from a backup, or, where the source still has all of it: weft build --full {product}"
        for raw in fact.landing.get("raw", ()):
            yield _Needed(_absolute(workspace, raw["path"]), what, fix, raw["sha256"])
        tables, rejects = fact.landing.get("tables", ()), fact.landing.get("rejects")
        for path in [*tables, *([rejects] if rejects else [])]:
            yield _Needed(_absolute(workspace, path), what, fix)


def _held_back(workspace: Workspace) -> Iterator[_Needed]:
    for (port, batch), fact in workspace.ledger.latest_by(Quarantined, "port", "batch").items():
        if fact.state in ("recorded", "refused"):
            for path in fact.files:
                what = f"batch {batch} of {port}"
                yield _Needed(workspace.storage / path, what, "Bring it back from a backup: nothing else has its rows.")


def _work(workspace: Workspace) -> Iterator[_Needed]:
    for (product, step), fact in workspace.ledger.latest_by(StepEnded, "product", "step").items():
        if _is_declared(workspace, product):
            for path in fact.files:
                fix = f"Remove it where it is still there, and make it again: weft build --full {product}"
                yield _Needed(workspace.storage / path, f"made by {step} of {product}", fix)


def _is_declared(workspace: Workspace, product: str) -> bool:
    return workspace.mesh.product(ProductName.parse(product)) is not None


def _absolute(workspace: Workspace, path: str) -> Path:
    return workspace.storage.absolute() / path
