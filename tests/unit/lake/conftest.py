"""A lake and an engine of their own for each test."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from weft.base.names import PortName
from weft.engine.duckdb_engine import DuckDBEngine
from weft.lake.iceberg_lake import Lake
from weft.lake.snapshot import Snapshot

ORDERS = PortName("sales", "orders", "orders")


@dataclass
class Workbench:
    """A lake with an engine beside it, and the steps that a build takes with both."""

    folder: Path
    lake: Lake
    engine: DuckDBEngine
    port: PortName = ORDERS
    written: list[Path] = field(default_factory=list)

    def publish(
        self,
        sql: str,
        mode: str = "replace",
        parent: int | str | None = "head",
        renames: dict[str, str] | None = None,
        port: PortName = ORDERS,
        properties: dict[str, str] | None = None,
    ) -> Snapshot:
        """Write a query's rows and publish them; `parent` is main's head unless it is given."""
        fields = self.lake.fields_for(port, self.engine.describe(sql), renames)
        path = self.lake.data_folder(port) / f"{uuid.uuid4()}.parquet"
        self.written.append(path)
        file = self.engine.write_parquet(sql, str(path), fields)
        head = self.lake.snapshot(port)
        wanted = (head.snapshot_id if head else None) if parent == "head" else parent
        assert wanted is None or isinstance(wanted, int)
        return self.lake.publish(port, fields, [file], mode=mode, parent=wanted, properties=properties or {})

    def rows(self, snapshot_id: int | None = None, port: PortName = ORDERS) -> list[tuple[Any, ...]]:
        """What a reader sees."""
        files = self.lake.files(port, snapshot_id)
        assert files is not None
        self.engine.add_files("read", files)
        return self.engine.rows("FROM read")

    def columns(self, snapshot_id: int | None = None) -> list[str]:
        """The columns that a reader sees."""
        files = self.lake.files(self.port, snapshot_id)
        assert files is not None
        return [field.name for field in files.fields]

    def reopened(self) -> Lake:
        """The same lake as another process sees it."""
        return open_lake(self.folder)


def open_lake(folder: Path) -> Lake:
    """The lake in a folder."""
    return Lake(f"sqlite:///{folder / 'catalog.db'}", str(folder / "tables"))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """A workbench on an empty lake."""
    with DuckDBEngine(memory="500MB", threads=1) as engine:
        workbench = Workbench(tmp_path, open_lake(tmp_path), engine)
        yield workbench
        workbench.lake.close()
