"""What all products of one run share: the snapshots that it reads, what failed, and whether to stop."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from weft.base.data_files import DataFiles
from weft.base.names import PortName, ProductName
from weft.build.context import BuildContext, BuildRequest
from weft.build.events import Event, OnEvent
from weft.build.made_before import MadeBefore

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

# (product, step or source): what a later step can wait for in vain.
Maker = tuple[ProductName, str]


@dataclass
class RunState:
    """One run. Every reader of a port sees the snapshot that the port had when the run began or that it then made."""

    run_id: str
    context: BuildContext
    request: BuildRequest
    before: MadeBefore
    on_event: OnEvent
    memory: str
    threads: int
    forced: str | None = None  # why everything is made, such as "--full"
    kept: frozenset[tuple[str, str]] = frozenset()  # product and step: made by the run that is resumed
    snapshot_ids: dict[PortName, int] = field(default_factory=dict)
    port_ids: dict[PortName, str] = field(default_factory=dict)
    candidates: dict[PortName, DataFiles] = field(default_factory=dict)  # of a dry run: checked, not published
    broken: dict[Maker, str] = field(default_factory=dict)  # why what lies behind is left out
    stopped_because: str | None = None
    publishing: threading.Lock = field(default_factory=threading.Lock)
    _engines: "list[Engine]" = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        for port, head in self.before.heads.items():
            self.snapshot_ids[port] = head.snapshot_id
            self.port_ids[port] = str(head.content_id)

    def files(self, port: PortName) -> DataFiles | None:
        """The files of a port as this run sees it; None where it was never published."""
        if port in self.candidates:
            return self.candidates[port]
        snapshot_id = self.snapshot_ids.get(port)
        return None if snapshot_id is None else self.context.lake.files(port, snapshot_id)

    def say(self, event: Event) -> None:
        """Tell whoever listens."""
        self.on_event(event)

    def fails(self, product: ProductName, name: str, what: str) -> None:
        """Remember what failed, for what lies behind it."""
        self.broken[product, name] = what
        if self.request.fail_fast:
            self.stop(f"--fail-fast: {what}")

    def stop(self, why: str) -> None:
        """Begin nothing new."""
        with self._lock:
            self.stopped_because = self.stopped_because or why

    def interrupt(self) -> None:
        """End what engines do right now."""
        with self._lock:
            for engine in self._engines:
                engine.interrupt()

    @contextmanager
    def engine(self) -> "Iterator[Engine]":
        """An engine session that an interrupt of the run reaches."""
        with self.context.new_engine(self.memory, self.threads) as engine:
            with self._lock:
                self._engines.append(engine)
            try:
                yield engine
            finally:
                with self._lock:
                    self._engines.remove(engine)
