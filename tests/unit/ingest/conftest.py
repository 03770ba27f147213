"""Land a source as a build does, and look at all of what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from weft.base.names import ProductName
from weft.base.problem import Place, Problem, Problems
from weft.engine.duckdb_engine import DuckDBEngine
from weft.ingest import Landing, changed, land
from weft.ingest.rejects import read_rejects
from weft.spec.making import Source

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
SOURCE_PLACE = Place("domains/operations/calls/build.yaml", 3)


@dataclass
class Lander:
    """A mesh with one source, landed again and again."""

    root: Path

    def source(
        self,
        kind: str,
        path: str | None = None,
        *,
        columns: Mapping[str, str] | None = None,
        load: str = "full",
        cursor: str | None = None,
        **options: Any,
    ) -> Source:
        return Source("calls", kind, SOURCE_PLACE, path, load, cursor, columns or {}, options)

    def land(self, source: Source, previous: Landing | None = None, now: datetime = NOW) -> Landing:
        return land(
            source,
            product=ProductName("operations", "calls"),
            mesh_root=self.root,
            folder=self.folder,
            previous=previous,
            now=now,
            scratch_engine=lambda: DuckDBEngine(threads=1),
        )

    def changed(self, source: Source, previous: Landing) -> bool:
        return changed(source, self.root, previous)

    def write(self, name: str, content: str | bytes) -> str:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    @property
    def folder(self) -> Path:
        return self.root / ".weft" / "landings" / "operations" / "calls" / "calls"

    def files(self) -> list[str]:
        """Everything in the landing folder."""
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def lander(tmp_path: Path) -> Lander:
    return Lander(tmp_path)


@pytest.fixture
def rows() -> Callable[[Landing], list[tuple[Any, ...]]]:
    def read(landing: Landing) -> list[tuple[Any, ...]]:
        if not landing.tables:
            return []
        with DuckDBEngine(threads=1) as engine:
            engine.add_parquet("calls", list(landing.tables), dict(landing.columns))
            return engine.rows("FROM calls")

    return read


@pytest.fixture
def rejected() -> Callable[[Landing], list[tuple[int | None, str]]]:
    """Line and reason of each rejected row."""

    def read(landing: Landing) -> list[tuple[int | None, str]]:
        return [(row["line"], row["reason"]) for row in read_rejects(landing.rejects)] if landing.rejects else []

    return read


@pytest.fixture
def codes() -> Callable[[Landing], list[str]]:
    def read(landing: Landing) -> list[str]:
        return [problem.code for problem in landing.problems]

    return read


@pytest.fixture
def refused() -> Callable[[Callable[[], Any]], list[Problem]]:
    """The problems that an action is refused with."""

    def run(action: Callable[[], Any]) -> list[Problem]:
        with pytest.raises((Problem, Problems)) as caught:
            action()
        error = caught.value
        return list(error.problems) if isinstance(error, Problems) else [error]

    return run


@pytest.fixture
def serve():
    """Start web servers that answer with what a function says."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("local_server", Path(__file__).with_name("local_server.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    started = []

    def start(answer):
        started.append(module.LocalServer(answer))
        return started[-1]

    yield start
    for server in started:
        server.close()
