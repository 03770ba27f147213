"""One build at a time over all machines that share a ledger on a database server; a file lock reaches one disk."""

import contextlib
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from weft.base.problem import Problem
from weft.ledger.facts import RunEnded, RunStarted

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger

_KEY = 7_137_501  # any number; the same in every weft
_POLL_SECONDS = 0.5


@contextlib.contextmanager
def shared_lock(ledger: "Ledger", *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the ledger's lock for as long as the block runs; a ledger on SQLite has none and needs none.

    Args:
        ledger: the ledger.
        wait_seconds: how long to wait for another machine; 0 does not wait.

    Raises:
        Problem: BUILD001, another machine holds it (after waiting).
    """
    until = time.monotonic() + wait_seconds
    while True:
        with ledger.advisory_lock(_KEY) as is_mine:
            if is_mine:
                yield
                return
        if time.monotonic() >= until:
            raise _held(ledger, wait_seconds)
        time.sleep(min(_POLL_SECONDS, max(until - time.monotonic(), 0)))


def _held(ledger: "Ledger", waited_seconds: float) -> Problem:
    started = ledger.latest(RunStarted)
    is_it = started is not None and ledger.latest(RunEnded, run_id=started.run_id) is None
    who = "another weft that has just begun"
    if started is not None and is_it:
        who = (
            f"`weft {started.command}` by {started.actor} (process {started.pid} on {started.host}), "
            f"since {started.at.isoformat(timespec='seconds')}"
        )
    waited = f" after {waited_seconds:g} s" if waited_seconds else ""
    return Problem(
        "BUILD001",
        f"Another machine is changing the tables of this environment{waited}.",
        found=who,
        fix="Wait for it, or let this one wait: --wait SECONDS.",
    )
