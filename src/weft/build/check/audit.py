"""Audit a candidate: check every promise, split good rows from broken ones, and say whether it may be published.

A promise speaks of what is published: rows that break a row-level promise are held back, and what is measured over the
table is measured over the rows that are left. Decision: docs/decisions/0001.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from weft.base.data_files import Field, WrittenFile
from weft.base.names import PortName
from weft.base.stored_file import beside
from weft.build.check.auditor import Auditor, Verdict
from weft.build.check.compile_checks import compile_checks
from weft.build.check.finding import Finding
from weft.build.check.promise import Promise, Promises
from weft.build.check.staged import STAGED, Staged, keep, stage
from weft.build.check.structure import structure
from weft.build.check.tolerance import tolerance_of
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text
from weft.spec.contract import Contract, Table


@dataclass(frozen=True)
class AuditTargets:
    """Where an audit writes."""

    fields: Sequence[Field]  # of the published table, from the lake
    good: Path  # file of the rows to publish; a name beside it is used where the first one has to be written again
    quarantine: Path  # file of the rows that are held back
    run: str  # noted with each of them
    files: tuple[str, ...] = ()  # Parquet files at rest that the candidate is a view of; else it is run once and kept


@dataclass(frozen=True)
class Audit:
    """What an audit found and wrote: rows_in = rows_published + rows_quarantined, unless it was refused."""

    findings: tuple[Finding, ...]
    rows_in: int
    rows_published: int  # 0 where refused
    rows_quarantined: int  # rows that broke a promise, also where refused
    good: tuple[WrittenFile, ...] = ()
    quarantined: tuple[WrittenFile, ...] = ()
    refused: bool = False
    refusals: tuple[str, ...] = ()  # a sentence each
    tolerance: str = ""
    held_by_rule: Mapping[str, int] = field(default_factory=dict)  # a row that breaks two rules counts in both


def audit(
    engine: Engine,
    candidate: str,
    table: Table,
    contract: Contract,
    *,
    port: PortName,
    references: Mapping[str, str | None],
    now: datetime,
    tolerance: str,
    write: AuditTargets | None,
    published: str | None = None,
    carried: tuple[str, ...] = (),
    refuses_for_rows: bool = True,
    reference_tables: Mapping[str, Table] | None = None,
) -> Audit:
    """Check a candidate against all of its contract.

    Args:
        engine: the session that knows the candidate and what it refers to.
        candidate: name of a relation with the columns of the contract. Its query is run once.
        table: the port's table of the contract.
        contract: the contract, for its tolerance, service levels and other tables.
        port: whose candidate it is.
        references: relation of each `Relationship.to_table`; None for one that is known and not published yet.
        now: the time of the build, which ages are measured against.
        tolerance: of the environment, for contracts that declare none.
        write: where to write; None to check only, which may read a relation more than once.
        published: relation of rows that are published already and stay, where the candidate is added to them.
        carried: columns of the candidate beside those of the contract; they are not published and go with held rows.
        reference_tables: the table of each reference to another contract, which says how its columns are stored.
        refuses_for_rows: False where any number of rows may be held back, as of rows that were held already.

    Raises:
        Problem: the candidate's query fails, or the tolerance cannot be read.
    """
    allowed = tolerance_of(contract, tolerance)
    shape = structure(table, engine.describe(f"SELECT * FROM {identifier(candidate)}"), carried)
    if shape.refuses:
        return _refused_unseen(engine, candidate, table, contract, now, shape)
    staged = stage(
        engine,
        candidate,
        table,
        fields=write.fields if write else None,
        path=write.good if write else None,
        files=write.files if write else (),
        carried=carried,
    )
    own_names = frozenset((str(port), port.port))
    promises = compile_checks(
        table, contract, now=now, casts=staged.casts, own_names=own_names, reference_tables=reference_tables
    )
    auditor = Auditor(engine, staged, promises, references, published, lambda s: keep(engine, s, table))
    try:
        verdict = auditor.check_rows(allowed if refuses_for_rows else None)
        good, held = _write(engine, verdict, write, now) if write else ((), ())
        verdict = auditor.check_values(verdict, good)
        refused = bool(verdict.refusals)
        _tidy(verdict.staged, good, write, refused)
    finally:
        auditor.forget()
        engine.drop(STAGED)
    return Audit(
        findings=(shape, *verdict.findings),
        rows_in=verdict.rows,
        rows_published=0 if refused else verdict.rows - verdict.held,
        rows_quarantined=verdict.held,
        good=() if refused else good,
        quarantined=held,
        refused=refused,
        refusals=verdict.refusals,
        tolerance=str(allowed),
        held_by_rule=verdict.held_by_rule,
    )


def _write(
    engine: Engine, verdict: Verdict, write: AuditTargets, now: datetime
) -> tuple[tuple[WrittenFile, ...], tuple[WrittenFile, ...]]:
    """Write the broken rows, and the good ones unless they are in their file already or are refused in any case."""
    staged, broken = verdict.staged, verdict.broken
    held: tuple[WrittenFile, ...] = ()
    if verdict.held:
        query = broken.held_rows(text(now.isoformat()), text(write.run))
        held = (engine.write_parquet(query, str(write.quarantine)),)
    if verdict.refusals:
        return (), held
    if not verdict.held and staged.files:
        return staged.files, held
    path = beside(write.good, "kept") if staged.files else write.good
    without = broken.without() if verdict.held else ""
    query = f"SELECT {staged.typed_columns} FROM {staged.source} AS s{without}"
    return (engine.write_parquet(query, str(path), write.fields),), held


def _tidy(staged: Staged, good: tuple[WrittenFile, ...], write: AuditTargets | None, refused: bool) -> None:
    """Remove what this audit wrote and nobody will publish; files of the caller are the caller's."""
    if write is None:
        return
    kept = set() if refused else {file.path for file in good}
    for file in {*staged.files, *good}:
        if file.path not in kept:
            Path(file.path).unlink(missing_ok=True)


def _refused_unseen(
    engine: Engine, candidate: str, table: Table, contract: Contract, now: datetime, shape: Finding
) -> Audit:
    """Without its columns nothing else can be said of a candidate; every other rule is not run and says so."""
    rows = int(engine.rows(f"SELECT count(*) FROM {identifier(candidate)}")[0][0])
    promises = compile_checks(table, contract, now=now)
    others = tuple(
        Finding(
            rule=promise.rule,
            kind=promise.kind,
            severity=promise.severity,
            status="not_run",
            place=promise.place,
            columns=promise.columns,
            threshold=str(promise.limit) or None,
            message="The columns of the candidate are not those of the contract.",
        )
        for promise in _all(promises)
    )
    return Audit(
        findings=(shape, *others),
        rows_in=rows,
        rows_published=0,
        rows_quarantined=0,
        refused=True,
        refusals=(f"The columns are not those of the contract ({shape.message}).",),
    )


def _all(promises: Promises) -> tuple[Promise, ...]:
    return (*promises.rows, *promises.keys, *promises.references, *promises.values, *promises.unchecked)
