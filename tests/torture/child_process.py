"""Run weft commands in processes that are forked off this one, which has imported everything and opened nothing.

Starting Python and importing the libraries takes most of the time of a small build; a fork takes a hundredth. A child
still is a process of its own: it opens its databases and engines itself, and `kill -9` ends it like any other. This
process must stay single-threaded and must never open DuckDB, a ledger or a catalogue: `preload` sees to the first,
the other modules here to the second.
"""

import contextlib
import importlib
import io
import json
import mmap
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ANSWER_BYTES = 1 << 20
_RELEASED = b"\x01"


@dataclass(frozen=True)
class Ended:
    """How a child ended."""

    answer: Any  # what its function returned; None where it was killed before
    signal: int | None
    seconds: float

    @property
    def was_killed(self) -> bool:
        """Whether it came to no end of its own."""
        return self.answer is None


class Child:
    """A function that runs in a forked process; it begins when it is released."""

    def __init__(self, function: Callable[[], Any]) -> None:
        # Shared memory, not a pipe or file: a fault that is injected into system calls cannot reach the answer.
        self._shared = mmap.mmap(-1, _ANSWER_BYTES)
        gate, self._gate = os.pipe()
        self._started = time.perf_counter()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._gate)
            _be_child(function, self._shared, gate)
        os.close(gate)

    def release(self) -> "Child":
        """Let it begin."""
        self._started = time.perf_counter()
        os.write(self._gate, _RELEASED)
        os.close(self._gate)
        return self

    def send(self, number: int) -> None:
        """Send it a signal; it may have ended already."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, limit_seconds: float = 120.0) -> Ended:
        """Wait for its end.

        Raises:
            TimeoutError: it hangs; it was killed.
        """
        deadline = time.perf_counter() + limit_seconds
        pause = 0.001
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                break
            if time.perf_counter() > deadline:
                self.send(signal.SIGKILL)
                os.waitpid(self.pid, 0)
                raise TimeoutError(f"a child hung for {limit_seconds:g} s")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.02)
        seconds = time.perf_counter() - self._started
        size = int.from_bytes(self._shared[:8], "little")
        answer = json.loads(self._shared[8 : 8 + size]) if size else None
        self._shared.close()
        return Ended(answer, os.WTERMSIG(status) if os.WIFSIGNALED(status) else None, seconds)


def _be_child(function: Callable[[], Any], shared: mmap.mmap, gate: int) -> None:
    try:
        if os.read(gate, 1) != _RELEASED:
            os._exit(3)
        answer = function()
        content = json.dumps(answer, default=str).encode()
        shared[8 : 8 + len(content)] = content
        shared[:8] = len(content).to_bytes(8, "little")  # last: an answer is whole or not there
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(0)


def in_child(function: Callable[[], Any], limit_seconds: float = 120.0) -> Any:
    """What a function returns in a process of its own.

    Raises:
        RuntimeError: it did not come to an end.
    """
    ended = Child(function).release().wait(limit_seconds)
    if ended.was_killed:
        raise RuntimeError(f"a child that nobody disturbed ended without an answer (signal {ended.signal})")
    return ended.answer


@dataclass(frozen=True)
class Command:
    """One call of the command line."""

    exit_code: int
    output: str
    errors: str

    @property
    def codes(self) -> list[str]:
        """The codes of the problems that it told, such as LAKE001."""
        first_words = (line.split(" ", 1)[0] for line in (self.errors + self.output).splitlines())
        return [word for word in first_words if word.isalnum() and word[:2].isupper() and word[-3:].isdigit()]


def weft(folder: Path, *arguments: str) -> Callable[[], dict[str, Any]]:
    """A function for a child: run a weft command; the answer is a Command's fields."""

    def run() -> dict[str, Any]:
        from weft.cli.main import run as run_command

        out, err = io.StringIO(), io.StringIO()
        sys.stdout, sys.stderr = out, err
        code = run_command(["-C", str(folder), *arguments])
        return {"exit_code": int(code), "output": out.getvalue(), "errors": err.getvalue()}

    return run


def run_weft(folder: Path, *arguments: str) -> Command:
    """Run a weft command that nobody disturbs."""
    return Command(**in_child(weft(folder, *arguments)))


def preload(first_commands: Sequence[Callable[[], Any]]) -> None:
    """Import here what these commands import, as told by children that run them."""

    def modules_after(command: Callable[[], Any]) -> list[str]:
        answer = command()
        assert not answer.get("exit_code"), f"weft does not even work undisturbed: {answer}"
        return list(sys.modules)

    for command in first_commands:
        for name in in_child(lambda command=command: modules_after(command)):  # type: ignore[misc]
            if name not in sys.modules and not name.startswith(("weft_model_", "__")):
                with contextlib.suppress(Exception):  # made at run time, not importable
                    importlib.import_module(name)
    assert threading.active_count() == 1, "this process has threads of its own; a fork of it may hang"


def use_quiet_libraries() -> None:
    """Keep libraries from starting threads when they are imported; call it before anything else is imported.

    One is left: the workers of DuckDB's default connection, which nobody uses and which sleeps.
    """
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_IO_THREADS"):
        os.environ[name] = "1"
    os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"
    os.environ.setdefault("HOME", tempfile.gettempdir())
    os.environ["NO_COLOR"] = "1"
