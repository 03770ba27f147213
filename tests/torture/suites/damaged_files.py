"""Every kind of file that weft stores is cut short or has bytes flipped: readers get the right rows or a Problem.

`weft doctor --deep` must name what is damaged. After each damage everything is put back as it was.
"""

import random
from pathlib import Path

from child_process import Command, in_child, run_weft
from invariants import published_rows, version_of
from outcome import Outcome
from small_mesh import PORTS, give
from suites.failing_system_calls import judge
from trial import BUILD, Trial

# Kinds of files by where they lie, and whether damage must be named; what is made again by itself need not be.
_KINDS = (
    ("data file", "tables/**/data/*.parquet", True),
    ("metadata file", "tables/**/metadata/*.metadata.json", True),
    ("manifest", "tables/**/metadata/*-m*.avro", True),
    ("manifest list", "tables/**/metadata/snap-*.avro", True),
    ("list of files", "tables/**/metadata/files-*.json", False),
    ("landed raw file", "landings/**/raw/*", True),
    ("landed table", "landings/**/*.parquet", True),
    ("note of a reading", "landings/**/readings/*.json", False),
    ("held-back rows", "quarantine/**/*.parquet", True),
    ("catalogue", "catalog.db", False),
    ("ledger", "ledger.db", False),
)
_ONLY_NEWEST_IS_READ = ("metadata file", "manifest list", "landed table", "note of a reading")
_FLIPPED_BYTES = 3


def run(folder: Path, count: int, seed: int) -> Outcome:
    """Damage `count` files, the kinds in turn."""
    outcome = Outcome("damaged files", "Files of every kind cut short or with flipped bytes.")
    chance = random.Random(seed)
    trial = Trial(folder / "mesh", outcome)
    for _ in range(3):
        trial.give_next()
        trial.settle("nothing")
    storage = trial.folder / ".weft"
    _close_databases(storage)
    whole = _contents(storage)
    for number in range(count):
        kind, pattern, is_named = _KINDS[number // 2 % len(_KINDS)]
        target = chance.choice(_in_use(sorted(storage.glob(pattern)), newest_only=kind in _ONLY_NEWEST_IS_READ))
        how, damaged = _damage(target.read_bytes(), chance, cut=bool(number % 2))
        target.write_bytes(damaged)
        at = f"{kind} {how}"
        outcome.tried[f"{kind} {'cut short' if number % 2 else 'with flipped bytes'}"] += 1
        outcome.blame(at, in_child(lambda: _read_all(trial.folder, trial.given)))
        deep = run_weft(trial.folder, "doctor", "--deep")
        judge(outcome, f"doctor after {at}", Command(0, deep.output, deep.errors))
        if is_named and (deep.exit_code == 0 or target.name not in deep.output.replace("\n", "")):
            outcome.blame(at, [f"doctor --deep does not name {target.relative_to(storage)}"])
        give(trial.folder, trial.given + 1)
        built = run_weft(trial.folder, *BUILD)
        judge(outcome, f"a build after {at}", built)
        outcome.blame(f"a build after {at}", in_child(lambda: _read_all(trial.folder, trial.given + 1)))
        give(trial.folder, trial.given)
        _put_back(storage, whole)
    trial.settle("all was put back")
    return outcome.done()


def _read_all(folder: Path, version: int) -> list[str]:
    """Wrong rows, and failures that are no Problem; a Problem is a right answer here."""
    from weft.base.problem import Problem, Problems
    from weft.workspace.workspace import Workspace

    found = []
    for port in PORTS:
        try:
            rows = published_rows(Workspace.open(folder), port)
        except (Problem, Problems):
            continue
        except Exception as error:
            found.append(f"a reader of {port} met {type(error).__name__}: {error}")
            continue
        if version_of(port, rows, range(max(1, version - 1), version + 1)) is None:
            found.append(f"a reader of {port} got {rows.total()} wrong rows")
    return found


def _damage(content: bytes, chance: random.Random, *, cut: bool) -> tuple[str, bytes]:
    if cut:
        length = chance.randrange(len(content))
        return f"cut to {length} of {len(content)} bytes", content[:length]
    harmed = bytearray(content)
    places = sorted(chance.randrange(len(content)) for _ in range(_FLIPPED_BYTES))
    for place in places:
        harmed[place] ^= chance.randrange(1, 256)
    return f"with bytes {places} of {len(content)} flipped", bytes(harmed)


def _in_use(paths: list[Path], *, newest_only: bool) -> list[Path]:
    """Files that somebody may read: the newest of each folder, or else the newer half."""
    files = sorted((path for path in paths if path.is_file() and path.stat().st_size), key=_written_at)
    if newest_only:
        return list({path.parent: path for path in files}.values())
    return files[len(files) // 2 :]


def _written_at(path: Path) -> int:
    return path.stat().st_mtime_ns


def _close_databases(storage: Path) -> None:
    import sqlite3

    for name in ("ledger.db", "catalog.db"):
        connection = sqlite3.connect(storage / name)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()


def _contents(storage: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in storage.rglob("*") if path.is_file()}


def _put_back(storage: Path, whole: dict[Path, bytes]) -> None:
    for path in [path for path in storage.rglob("*") if path.is_file()]:
        if path not in whole:
            path.unlink()
    for path, content in whole.items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
