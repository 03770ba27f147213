"""Bring what is stored under the newest version of the master key."""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from weft.base.counted import counted
from weft.base.keys.vault import Vault
from weft.base.stored_file import sync_folder, told_as_problem
from weft.ingest.sealed_files import plain_chunks, sealed
from weft.workspace.key_status import data_key_of, files_with_rows, is_stream, vault_of
from weft.workspace.workspace import Workspace


@dataclass(frozen=True)
class Rotated:
    """What was done."""

    version: str  # of the master key that opens everything now
    keys_rewrapped: int
    files_rewritten: int
    files_in_clear: int  # what is still in clear, and why is told by `weft keys status`

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return asdict(self)


def rotate_keys(
    workspace: Workspace,
    *,
    rewrite: bool,
    wait_seconds: float = 0.0,
    say: Callable[[str], None] = lambda line: None,
) -> Rotated:
    """Wrap every data key under the newest version of the master key; with `rewrite`, write files anew too.

    Wrapping alone lets the former version be retired: what opens a data key is the newest version from then on. What
    is rewritten is the newest snapshot of each port, and raw files and rejects: whatever of them is in clear, or under
    a data key that is not the newest.

    Args:
        workspace: the mesh.
        rewrite: whether files are written anew.
        wait_seconds: how long to wait for a build that runs.
        say: hears a line for a person.

    Raises:
        Problem: BUILD001, somebody builds; KEY001 to KEY007.
    """
    from weft.build.lock import build_lock

    vault = vault_of(workspace)
    with build_lock(
        workspace.storage,
        command="keys rotate",
        actor=workspace.actor,
        now=workspace.clock.now(),
        wait_seconds=wait_seconds,
    ):
        rewrapped = vault.rewrap()
        vault.current()  # so that there is a key of this version, though nothing may be written now
        say(f"{counted(rewrapped, 'data key')} wrapped anew")
        rewritten = _rewritten(workspace, vault, say) if rewrite else 0
    in_clear = sum(data_key_of(path) is None for _, path in files_with_rows(workspace.storage))
    return Rotated(vault.current_version(), rewrapped, rewritten, in_clear)


def _rewritten(workspace: Workspace, vault: Vault, say: Callable[[str], None]) -> int:
    def is_old(path: str) -> bool:
        told = data_key_of(Path(path.removeprefix("file://")))
        return told is None or told[0] != vault.current().id

    done = _rewritten_tables(workspace, is_old, say)
    for _, path in files_with_rows(workspace.storage):
        if is_stream(path) and is_old(str(path)):
            _seal_in_place(path, vault)
            done += 1
    return done


def _rewritten_tables(workspace: Workspace, is_old: Callable[[str], bool], say: Callable[[str], None]) -> int:
    from weft.ledger.facts import Maintained

    done = 0
    for port in workspace.lake.ports():
        with workspace.new_engine() as engine:
            report = workspace.lake.compact(port, engine, rewrite=is_old)
        if report.snapshot_id is None:
            continue
        done += report.files_after
        say(f"{port}: {counted(report.files_after, 'file')} rewritten")
        told = {**asdict(report), "port": str(port), "action": "compact", "why": "keys"}
        at, actor = workspace.clock.now(), workspace.actor
        workspace.ledger.record(Maintained(at=at, actor=actor, port=str(port), action="compact", report=told))
    return done


def _seal_in_place(path: Path, vault: Vault) -> None:
    """Encrypt a file under the name that the ledger knows it by; a reader has the former one or the new one, whole."""
    part = path.with_name(f".part-{path.name}")
    with told_as_problem():
        try:
            with part.open("wb") as file:
                for chunk in sealed(plain_chunks(path, vault), vault):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            sync_folder(path.parent)
        finally:
            part.unlink(missing_ok=True)
