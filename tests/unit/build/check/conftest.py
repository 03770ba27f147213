"""Audit rows that stand in the test against a contract that stands in the test."""

import itertools
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from weft.base.data_files import Field
from weft.base.names import PortName
from weft.base.yaml_source import read_yaml_text
from weft.build.check.audit import Audit, AuditTargets, audit
from weft.build.check.finding import Finding
from weft.engine.duckdb_engine import DuckDBEngine
from weft.spec.column_type import columns_of
from weft.spec.contract import Contract
from weft.spec.odcs.normalise import contract_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Checked:
    """What an audit made of some rows."""

    audit: Audit
    published: list[tuple[Any, ...]]
    held: list[tuple[Any, ...]]  # the original row, and the names of the rules that it broke
    folder: Path

    def finding(self, rule: str) -> Finding:
        return next(found for found in self.audit.findings if found.rule == rule)

    def said(self, rule: str) -> tuple[Any, ...]:
        found = self.finding(rule)
        return found.status, found.measured, found.broken_rows, found.refuses


def contract(
    properties: str, *, quality: str = "", more: str = "", tolerance: str = "100%", relationships: str = ""
) -> Contract:
    body = textwrap.indent(textwrap.dedent(properties).strip(), " " * 6)
    rules = f"    quality:\n{textwrap.indent(textwrap.dedent(quality).strip(), ' ' * 6)}\n" if quality else ""
    rules += f"    relationships: {relationships}\n" if relationships else ""
    text = (
        "apiVersion: v3.2.0\nkind: DataContract\nid: sales/orders\nversion: 1.0.0\n"
        f"schema:\n  - name: orders\n    properties:\n{body}\n{rules}"
        f"{textwrap.dedent(more)}\n"
        f'customProperties: [{{property: quarantineTolerance, value: "{tolerance}"}}]\n'
    )
    file, problems = read_yaml_text(text, "orders.yaml")
    assert not problems, problems
    return contract_of(file)[0]


@pytest.fixture
def engine():
    with DuckDBEngine() as session:
        yield session


@pytest.fixture
def check(engine: DuckDBEngine, tmp_path: Path) -> Callable[..., Checked]:
    numbers = itertools.count()

    def run(
        rows: str,
        properties: str,
        *,
        quality: str = "",
        more: str = "",
        relationships: str = "",
        tolerance: str = "100%",
        references: dict[str, str | None] | None = None,
        published: str | None = None,
        write: bool = True,
        **options: Any,
    ) -> Checked:
        promise = contract(properties, quality=quality, more=more, tolerance=tolerance, relationships=relationships)
        table = promise.tables[0]
        engine.add_view("candidate", rows)
        known: dict[str, str | None] = {}
        for name, sql in (references or {}).items():
            known[name] = None if sql is None else f"reference {name}"
            if sql is not None:
                engine.add_view(f"reference {name}", sql)
        if published is not None:
            engine.add_view("published", published)
        kinds = columns_of(table.columns)
        fields = [Field(name, kind, number) for number, (name, kind) in enumerate(kinds.items(), start=1)]
        folder = tmp_path / str(next(numbers))  # no path is written twice in one session
        targets = AuditTargets(fields, folder / "good.parquet", folder / "held.parquet", "run 1")
        found = audit(
            engine,
            "candidate",
            table,
            promise,
            port=PortName("sales", "orders", "orders"),
            references=known,
            now=NOW,
            tolerance="5%",
            write=targets if write else None,
            published="published" if published is not None else None,
            **options,
        )
        good = [row for file in found.good for row in engine.rows(f"FROM read_parquet('{file.path}')")]
        held = [row[:-2] for file in found.quarantined for row in engine.rows(f"FROM read_parquet('{file.path}')")]
        return Checked(found, good, held, folder)

    return run
