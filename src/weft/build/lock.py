"""One writer at a time: a lock on the storage folder that names who holds it.

The lock is the operating system's, so it goes when its process does, however that ends; the owner's note beside it is
only there to be read out. A ledger on Postgres has a lock of its own besides, for machines that share no disk.
"""

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from weft.base.problem import Problem


@contextlib.contextmanager
def build_lock(storage: Path, *, command: str, actor: str, now: datetime, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock of a storage folder.

    Args:
        storage: the environment's folder; made if it is not there.
        command: what the owner does, such as "build".
        actor: who does it.
        now: the instant to write into the note.
        wait_seconds: how long to wait for another owner; 0 does not wait.

    Raises:
        Problem: BUILD001, somebody else holds it (after waiting).
    """
    from filelock import FileLock, Timeout

    storage.mkdir(parents=True, exist_ok=True)
    note = storage / "lock.owner"
    lock = FileLock(storage / "lock", timeout=wait_seconds, poll_interval=0.1)
    try:
        lock.acquire()
    except Timeout:
        raise _held(note, wait_seconds) from None
    try:
        owner = {"command": command, "actor": actor, "host": socket.gethostname(), "pid": os.getpid()}
        note.write_text(json.dumps({**owner, "since": now.isoformat(timespec="seconds")}), encoding="utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def _held(note: Path, waited_seconds: float) -> Problem:
    try:
        owner = json.loads(note.read_text(encoding="utf-8"))
        who = (
            f"`weft {owner['command']}` by {owner['actor']} (process {owner['pid']} on {owner['host']}), "
            f"since {owner['since']}"
        )
    except (OSError, ValueError, KeyError):  # between taking the lock and writing the note
        who = "another weft that has just begun"
    waited = f" after {waited_seconds:g} s" if waited_seconds else ""
    return Problem(
        "BUILD001",
        f"Something else is changing the tables of this environment{waited}.",
        found=who,
        fix="Wait for it, or let this one wait: --wait SECONDS.",
    )
