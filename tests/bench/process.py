"""Measure processes from outside: CPU seconds and peak memory of the process and of all that it started and awaited."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ProcessCost:
    """What one run of a command took."""

    cpu_seconds: float
    wall_seconds: float
    peak_mib: float  # of the largest process


def cost_of_process(command: Sequence[str], log: Path, environ: dict[str, str] | None = None) -> ProcessCost:
    """Run a command once; its output goes into a file.

    The caller must be small: what a process holds before it becomes the command counts as its memory.

    Raises:
        RuntimeError: it failed; the end of its output is in the message.
    """
    started = time.perf_counter()
    with log.open("wb") as output:
        process = os.posix_spawn(
            command[0],
            command,
            {**os.environ, **(environ or {})},
            file_actions=[(os.POSIX_SPAWN_DUP2, output.fileno(), 1), (os.POSIX_SPAWN_DUP2, output.fileno(), 2)],
        )
        _, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - started
    if status != 0:
        raise RuntimeError(f"{' '.join(command)} ended with {status}:\n{log.read_text(errors='replace')[-3000:]}")
    return ProcessCost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)
