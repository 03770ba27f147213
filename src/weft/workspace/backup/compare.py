"""Hold a restored storage against the backup: every file, every fact, every port, every row."""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from weft.base.names import PortName
from weft.base.problem import Problem, Problems
from weft.base.stored_file import problem_of, sha256_of
from weft.workspace.backup.databases import verify_ledger
from weft.workspace.backup.file_list import CopiedFile
from weft.workspace.backup.manifest import Manifest, PortState
from weft.workspace.backup.row_digest import digest_of_rows, engine_version
from weft.workspace.workspace import Workspace

_AT_ONCE = 4
_MOST_TOLD = 20
Say = Callable[[str], None]


@dataclass(frozen=True)
class Comparison:
    """What was held against each other, and was equal."""

    files: int
    bytes: int
    facts: int
    ports: int
    rows: int
    ports_by_digest: int  # whose rows were all read; of the others the files and counts were compared


def compare(
    workspace: Workspace, manifest: Manifest, files: Mapping[str, CopiedFile], *, with_rows: bool, say: Say
) -> Comparison:
    """Compare all that is in the storage with a backup.

    Args:
        workspace: opened on what was restored.
        manifest: the backup.
        files: its files.
        with_rows: read the rows of every port too.
        say: hears what goes on.

    Raises:
        Problems: BACKUP010, they differ.
    """
    say(f"Comparing {len(files):,} files, {manifest.facts:,} facts and {manifest.rows:,} rows")
    problems = _differing_files(workspace.storage, files.values())
    verify_ledger(workspace.ledger_url, manifest)
    by_digest = 0
    ports = {str(port): port for port in workspace.lake.ports()}
    if set(ports) != set(manifest.ports):
        problems.append(_differs("The catalogue has other ports.", f"{len(ports)} ports", f"{len(manifest.ports)}"))
    for name, wanted in manifest.ports.items():
        if name not in ports:
            continue
        is_comparable = with_rows and wanted.digest is not None and manifest.engine == engine_version()
        by_digest += is_comparable
        problems += _differences(workspace, ports[name], wanted, with_rows=is_comparable)
    if problems:
        raise Problems(problems[:_MOST_TOLD])
    return Comparison(len(files), manifest.file_bytes, manifest.facts, len(ports), manifest.rows, by_digest)


def _differing_files(storage: Path, files: Collection[CopiedFile]) -> list[Problem]:
    def is_equal(file: CopiedFile) -> bool:
        try:
            return sha256_of(storage / file.path) == file.stored.sha256
        except FileNotFoundError:
            return False
        except OSError as error:
            raise problem_of(error) from None

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = list(zip(files, pool.map(is_equal, files), strict=True))
    return [
        _differs("A file differs from the backup.", file.path, file.stored.sha256) for file, same in found if not same
    ]


def _differences(workspace: Workspace, port: PortName, wanted: PortState, *, with_rows: bool) -> list[Problem]:
    head = workspace.lake.snapshot(port)
    seen = (head.snapshot_id, head.rows) if head else (None, 0)
    if seen != (wanted.snapshot_id, wanted.rows):
        told = f"snapshot {seen[0]}, {seen[1]} rows"
        return [_differs(f'Port "{port}" differs.', told, f"snapshot {wanted.snapshot_id}, {wanted.rows} rows")]
    if not with_rows or head is None:
        return []
    with workspace.new_engine() as engine:
        rows, digest = digest_of_rows(engine, workspace.lake, port, head.snapshot_id)
    if (rows, digest) == (wanted.rows, wanted.digest):
        return []
    return [_differs(f'The rows of port "{port}" differ.', f"{rows} rows, {digest}", f"{wanted.rows}, {wanted.digest}")]


def _differs(what: str, found: str, expected: str) -> Problem:
    return Problem(
        "BACKUP010",
        f"{what} The storage is as it was before the restore.",
        found=found,
        expected=expected,
        fix="Look at the backup: weft backup verify. Then restore again, or take another (weft backup list).",
    )
