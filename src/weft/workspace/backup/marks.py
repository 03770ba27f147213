"""Backups and prunes that meet: no object goes while a backup may be relying on it.

Both first leave a mark, then look for the other's. Of two that begin together at least one sees the other: a prune
leaves objects alone, a backup waits. A mark that nobody renewed for an hour is of a process that is dead.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from weft.base.problem import Problem
from weft.workspace.backup.store import PRUNING, WORKING, Store

_DEAD_AFTER = timedelta(hours=1)
_RENEW_SECONDS = 600.0
_POLL_SECONDS = 0.5
_MOST_SECONDS = 1800.0


@contextmanager
def backing_up(store: Store, mark_id: str) -> Iterator[None]:
    """Hold prunes off while the block runs.

    Raises:
        Problem: BACKUP013, a prune has been removing objects for half an hour.
    """
    with _marked(store, WORKING, mark_id):
        until = time.monotonic() + _MOST_SECONDS
        while store.marks(PRUNING, _living()):
            if time.monotonic() >= until:
                raise Problem(
                    "BACKUP013",
                    "Objects are being removed from this place of backups.",
                    found=", ".join(store.marks(PRUNING, _living())),
                    fix="Wait for that `weft backup prune`. If it was killed, its mark counts for an hour.",
                )
            time.sleep(_POLL_SECONDS)
        yield


@contextmanager
def pruning(store: Store, mark_id: str) -> Iterator[bool]:
    """Say that objects go; yields whether they may: no backup is running."""
    with _marked(store, PRUNING, mark_id):
        yield not store.marks(WORKING, _living())


def _living() -> datetime:
    return datetime.now(UTC) - _DEAD_AFTER  # the machine's own time: the place sets the times of marks


@contextmanager
def _marked(store: Store, kind: str, mark_id: str) -> Iterator[None]:
    store.mark(kind, mark_id)
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(_RENEW_SECONDS):
            try:
                store.mark(kind, mark_id)
            except Problem:  # the place does not answer; whoever writes next says so
                continue

    renewal = threading.Thread(target=renew, daemon=True)
    renewal.start()
    try:
        yield
    finally:
        ended.set()
        renewal.join()
        store.unmark(kind, mark_id)
