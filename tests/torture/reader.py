"""A consumer who never stops asking while builds are killed, starved and raced.

Each answer must be one whole version of the port, and never an older one than the answer before.
"""

import mmap
import struct
import time
from pathlib import Path
from typing import Any

from child_process import Child, Ended
from invariants import published_rows, version_of
from small_mesh import PORTS

_PAUSE_SECONDS = 0.15  # the builds need the processor too
_ENDED = struct.Struct("<qq")  # newest version that was ever given; whether to stop


class Reader:
    """A reading process; `newest` follows what the sources were given."""

    def __init__(self, folder: Path, newest: int) -> None:
        self._shared = mmap.mmap(-1, _ENDED.size)
        self.newest = newest
        self._child = Child(lambda: self._read(folder)).release()

    @property
    def newest(self) -> int:
        """The newest version that an answer may show."""
        return int(_ENDED.unpack(self._shared[:])[0])

    @newest.setter
    def newest(self, version: int) -> None:
        self._shared[:] = _ENDED.pack(version, 0)

    def stop(self) -> tuple[int, list[str]]:
        """How many answers it got, and what was wrong with them."""
        self._shared[:] = _ENDED.pack(self.newest, 1)
        ended: Ended = self._child.wait()
        if ended.was_killed:
            return 0, [f"a reader ended by itself (signal {ended.signal})"]
        return ended.answer["answers"], ended.answer["violations"]

    def _read(self, folder: Path) -> dict[str, Any]:
        from weft.base.problem import Problem
        from weft.workspace.workspace import Workspace

        workspace = Workspace.open(folder)
        seen = dict.fromkeys(PORTS, 0)
        answers, violations = 0, []
        while not _ENDED.unpack(self._shared[:])[1]:
            for port in PORTS:
                try:
                    rows = published_rows(workspace, port)
                except Problem as problem:
                    violations.append(f"a reader of {port} was told {problem.code}: {problem.what} {problem.found}")
                    continue
                except Exception as error:
                    violations.append(f"a reader of {port} failed: {type(error).__name__}: {error}")
                    continue
                answers += 1
                version = version_of(port, rows, range(seen[port], self.newest + 1))
                if version is None:
                    violations.append(f"a reader of {port} saw {rows.total()} rows that are no whole version")
                else:
                    seen[port] = version
                time.sleep(_PAUSE_SECONDS)
        return {"answers": answers, "violations": violations}
