"""Attach strace to a child: count the system calls that touch its files, and harm one of them.

strace counts for each thread and each kind of call apart, so a point is named by all three. A build with `--jobs 1`
does its work in two threads: the main one takes the lock, records the beginning and the end; a worker makes and
publishes. `main_only` attaches to the first alone.
"""

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from child_process import Child, Ended

# What changes a file or a folder, or makes the change last.
CHANGING = (
    "openat", "write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "fallocate",
    "rename", "renameat", "renameat2", "link", "unlink", "unlinkat", "mkdir", "rmdir",
)  # fmt: skip
# What a full disk or a broken one refuses.
WRITING = ("write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "fallocate", "rename", "mkdir")
READING = ("pread64",)
_ATTACHED = re.compile(rb"[Aa]ttached")
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(")


@dataclass(frozen=True)
class Traced:
    """A child that ran under strace."""

    ended: Ended
    calls: Counter[str]  # system call -> how often, over all threads
    busiest: Counter[str]  # the same of the thread that made most of them
    harmed: tuple[str, ...]  # lines of the calls that were harmed, with the paths they touched


def why_not() -> str | None:
    """Why strace cannot be used here; None where it can."""
    if shutil.which("strace") is None:
        return "no strace on this machine"
    tried = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], check=False, capture_output=True)
    return None if tried.returncode == 0 else f"strace may not trace here: {tried.stderr.decode()[:100]}"


def traced(
    function: Callable[[], Any],
    log: Path,
    calls: tuple[str, ...],
    inject: str | None = None,
    *,
    main_only: bool = False,
) -> Traced:
    """Run a function in a child under strace.

    Args:
        function: what the child does.
        log: file for strace's lines.
        calls: the system calls to look at; the one to harm.
        inject: such as `signal=KILL:when=7` or `error=ENOSPC:when=3+`; default: nothing, they are counted.
        main_only: look at the child's first thread only.
    """
    child = Child(function)
    names = ",".join(f"?{name}" for name in calls)  # "?": not every machine has all of them
    command = ["strace", "-y", "-s", "0", "-o", str(log), "-e", f"trace={names}", "-e", "signal=none"]
    if not main_only:
        command.append("-f")
    if inject:
        command += ["-e", f"inject={names}:{inject}"]
    tracer = subprocess.Popen([*command, "-p", str(child.pid)], stderr=subprocess.PIPE)
    assert tracer.stderr is not None
    line = tracer.stderr.readline()
    assert _ATTACHED.search(line), f"strace did not attach: {line!r}"
    try:
        ended = child.release().wait()
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.communicate()
    return _read(ended, log)


def _read(ended: Ended, log: Path) -> Traced:
    by_thread: dict[str, Counter[str]] = {}
    harmed = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if (found := _CALL.match(line)) is None:
            continue
        thread = line.split(" ", 1)[0] if line[0].isdigit() else ""
        by_thread.setdefault(thread, Counter())[found[1]] += 1
        if "(INJECTED)" in line:
            harmed.append(line)
    log.unlink()
    calls = sum(by_thread.values(), Counter[str]())
    return Traced(ended, calls, max(by_thread.values(), key=Counter.total, default=Counter()), tuple(harmed))


def spread(points: list[Any], count: int) -> list[Any]:
    """So many of the points, evenly over all of them; all where there are no more.

    >>> spread(list("abcdefgh"), 3)
    ['a', 'c', 'f']
    """
    return [points[number * len(points) // count] for number in range(count)] if count < len(points) else points
