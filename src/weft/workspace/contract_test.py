"""Check any contract on any data, in no mesh: the same audit as a build's, and nothing is published."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weft.base.data_files import Field
from weft.base.names import PortName, did_you_mean
from weft.base.problem import Problem
from weft.build.check.audit import AuditTargets, audit
from weft.build.check.finding import Finding
from weft.engine.quote import identifier
from weft.spec.column_type import column_type, columns_of
from weft.spec.contract import Contract, Table
from weft.spec.contract_walk import relationships_of
from weft.spec.sql_type import SqlType
from weft.workspace.given_data import GivenData, OpenedData, open_data

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

_RUN = "weft contract test"


@dataclass(frozen=True)
class TableTest:
    """One table of a contract, held against its data."""

    table: str
    data: str | None  # where it lies; None: no data was given, nothing was computed
    rows: int = 0
    rejected: int = 0  # lines that could not be read
    broken_rows: int = 0  # rows that break a rule of rows
    findings: tuple[Finding, ...] = ()
    bad_rows: Path | None = None  # where they were written

    def is_kept(self, *, strict: bool = False) -> bool:
        """Whether the data keeps every promise of severity error.

        Args:
            strict: whether a promise that was not computed counts as broken, even where a build would go on.
        """
        if self.data is None:
            return not strict
        return not self.rejected and not any(_fails(finding, strict) for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "table": self.table,
            "data": self.data,
            "kept": self.is_kept() if self.data is not None else None,
            "rows": self.rows,
            "rejected": self.rejected,
            "broken_rows": self.broken_rows,
            "bad_rows": str(self.bad_rows) if self.bad_rows else None,
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True)
class ContractTest:
    """A contract held against data."""

    contract: str
    version: str
    tables: tuple[TableTest, ...]

    def is_kept(self, *, strict: bool = False) -> bool:
        """Whether every table keeps its promises and at least one was looked at."""
        looked_at = any(table.data is not None for table in self.tables)
        return looked_at and all(table.is_kept(strict=strict) for table in self.tables)

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "contract": self.contract,
            "version": self.version,
            "kept": self.is_kept(),
            "tables": [table.as_json() for table in self.tables],
        }


def contract_test(
    contract: Contract,
    data: Sequence[GivenData],
    *,
    root: Path,
    now: datetime,
    new_engine: "Callable[[], Engine]",
    bad_rows: Path | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> ContractTest:
    """Check every table of a contract that data was given for.

    Args:
        contract: the contract.
        data: by name of table, or the only one for the only table.
        root: what paths of the data are relative to.
        now: what ages are measured against.
        new_engine: opens an engine session.
        bad_rows: folder for the rows that break a rule, one Parquet file a table.
        progress: hears a line a table.

    Raises:
        Problem: GIVEN004 data belongs to no table; SOURCE0xx it cannot be read.
    """
    data_by_table = match_tables(contract, data)
    with tempfile.TemporaryDirectory(prefix="weft-test-") as name, new_engine() as engine:
        folder = Path(name)
        opened: dict[str, OpenedData] = {}
        for table in contract.tables:
            if table.name in data_by_table:
                texts = [column for column, kind in columns_of(table.columns).items() if kind == "VARCHAR"]
                opened[table.name] = open_data(
                    engine,
                    data_by_table[table.name],
                    folder=folder,
                    root=root,
                    now=now,
                    new_engine=new_engine,
                    texts=texts,
                )
                _add_candidate(engine, table, opened[table.name])
        references = _references(engine, contract, opened)
        tested = []
        for table in contract.tables:
            if table.name not in opened:
                tested.append(TableTest(table.name, None))
                continue
            progress(f"{table.name}: {opened[table.name].given.label}")
            tested.append(_test(engine, contract, table, opened[table.name], references, now, folder, bad_rows))
    return ContractTest(contract.id, contract.version, tuple(tested))


def match_tables(contract: Contract, data: Sequence[GivenData]) -> dict[str, GivenData]:
    """The data of each table, by the table's name.

    Raises:
        Problem: GIVEN004, data belongs to no table.
    """
    by_name = {
        name.casefold(): table for table in contract.tables for name in (table.physical_name, table.name) if name
    }
    found: dict[str, GivenData] = {}
    left = []
    for given in data:
        table = by_name.get(given.name.casefold())
        if table is None:
            left.append(given)
        else:
            found[table.name] = given
    rest = [table.name for table in contract.tables if table.name not in found]
    if len(left) == len(rest) == 1 and len(contract.tables) == 1:
        found[rest[0]] = left.pop()
    if left:
        names = [table.name for table in contract.tables]
        raise Problem(
            "GIVEN004",
            f'The contract has no table "{left[0].name}".',
            contract.place,
            expected=f"one of {', '.join(names)}" if names else "a table: this contract has none",
            fix=did_you_mean(left[0].name, names) or f"Say whose data it is, TABLE={left[0].label}, or leave it out.",
        )
    return found


def _fails(finding: Finding, strict: bool) -> bool:
    if finding.status == "failed":
        return finding.severity == "error"
    return finding.status == "not_run" and (strict or finding.refuses)


def _add_candidate(engine: "Engine", table: Table, opened: OpenedData) -> None:
    """The rows as they were landed; in a file of text, a field of blanks is a number or a day that is not there."""
    made = engine.describe(f"FROM {identifier(opened.relation)}")
    promised = {name.casefold(): kind for name, kind in columns_of(table.columns).items()}
    selected = [
        f"nullif(trim({identifier(name)}), '') AS {identifier(name)}"
        if opened.is_text and kind == "VARCHAR" and promised.get(name.casefold(), "VARCHAR") != "VARCHAR"
        else identifier(name)
        for name, kind in made.items()
    ]
    engine.add_view(_candidate(table), f"SELECT {', '.join(selected)} FROM {identifier(opened.relation)}")


def _candidate(table: Table) -> str:
    return f"tested {table.name}"


def _references(engine: "Engine", contract: Contract, opened: Mapping[str, OpenedData]) -> dict[str, str | None]:
    """A relation of promised types for each table of the contract; None for one that no data was given for."""
    found: dict[str, str | None] = {}
    for table in contract.tables:
        relation = None
        if table.name in opened:
            relation = f"referred {table.name}"
            made = {name.casefold(): name for name in engine.describe(f"FROM {identifier(_candidate(table))}")}
            casts = [
                f"TRY_CAST({identifier(made[name.casefold()])} AS {kind}) AS {identifier(name)}"
                for name, kind in columns_of(table.columns).items()
                if name.casefold() in made
            ]
            engine.add_view(relation, f"SELECT {', '.join(casts) or '1 AS none'} FROM {identifier(_candidate(table))}")
        found |= {name: relation for name in (table.name, table.physical_name) if name}
    return found


def _test(
    engine: "Engine",
    contract: Contract,
    table: Table,
    opened: OpenedData,
    references: Mapping[str, str | None],
    now: datetime,
    folder: Path,
    bad_rows: Path | None,
) -> TableTest:
    target = bad_rows / f"{table.name}.parquet" if bad_rows is not None else None
    write = None
    if target is not None:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)  # rows of an earlier test say nothing of this one
        write = AuditTargets(_fields(table), folder / f"good {table.name}.parquet", target, _RUN)
    found = audit(
        engine,
        _candidate(table),
        table,
        contract,
        port=PortName("outside", "data", table.name),
        references=references,
        now=now,
        tolerance="0",
        write=write,
        refuses_for_rows=False,
    )
    return TableTest(
        table=table.name,
        data=opened.given.label,
        rows=found.rows_in,
        rejected=opened.landing.rows_rejected if opened.landing is not None else 0,
        broken_rows=found.rows_quarantined,
        findings=_told(found.findings, table, references),
        bad_rows=target if found.quarantined else None,
    )


def _told(findings: tuple[Finding, ...], table: Table, references: Mapping[str, str | None]) -> tuple[Finding, ...]:
    """Findings in the words of this command: what is not published in a build has no data here."""
    absent = {
        f"{', '.join(one.from_columns)}.relationship": one.to_table
        for one in relationships_of(table)
        if one.to_table in references and references[one.to_table] is None
    }
    return tuple(
        replace(f, message=f'No data was given for "{absent[f.rule]}".')
        if f.status == "not_run" and f.rule in absent
        else f
        for f in findings
    )


def _fields(table: Table) -> tuple[Field, ...]:
    """Columns of the file of good rows, which this test throws away."""
    ids = count(1)

    def field(name: str, kind: SqlType) -> Field:
        return Field(name, str(kind), next(ids), tuple(field(n, k) for n, k in kind.fields))

    return tuple(field(column.stored_name, column_type(column)) for column in table.columns)
