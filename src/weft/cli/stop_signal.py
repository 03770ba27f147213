"""SIGTERM, as a service manager or a container's host sends it: stop like for Ctrl-C, and tell apart which it was."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class ToldToStop(KeyboardInterrupt):
    """The process was asked to end; what runs is given up and recorded, as for Ctrl-C."""


@contextmanager
def heard_as_interrupt() -> Iterator[None]:
    """Raise ToldToStop in this thread when SIGTERM comes; a second one, while the first is obeyed, is ignored."""
    if threading.current_thread() is not threading.main_thread():  # Python hears signals in its main thread only
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise ToldToStop
