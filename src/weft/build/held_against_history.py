"""Hold a candidate against what was published before it, where its contract has rules about drift."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from weft.build.check.audit import Audit
from weft.build.check.finding_of_promise import refusal
from weft.build.drift.contract_rules import with_drift
from weft.build.drift.look import look
from weft.build.drift.publication import Publication, publications_of
from weft.build.run_state import RunState
from weft.engine.quote import identifier
from weft.spec.column_type import columns_of
from weft.spec.contract import Table
from weft.spec.product import OutputPort

if TYPE_CHECKING:
    from weft.engine.protocol import Engine

_GOOD, _TO_BE = "weft good", "weft to be"


def held_against_history(
    run: RunState, engine: "Engine", port: OutputPort, table: Table, checked: Audit, published: str | None
) -> tuple[Audit, Publication]:
    """The same audit with its rules about drift measured; one that a contract lets refuse refuses like any other.

    Args:
        run: the run.
        engine: the session that knows `published`.
        port: whose candidate it is.
        table: of its contract.
        checked: the audit, which wrote the rows to publish.
        published: relation of rows that stay beside them; None: they are all.

    Returns:
        The audit, and what the candidate looks like.
    """
    history = publications_of(run.context.ledger, port.name)
    try:
        engine.add_parquet(_GOOD, [file.path for file in checked.good], columns_of(table.columns))
        if published is not None:
            engine.add_view(_TO_BE, f"FROM {identifier(published)} UNION ALL BY NAME FROM {identifier(_GOOD)}")
        relation = _GOOD if published is None else _TO_BE
        seen = look(engine, relation, table, history, run.context.clock.now())
    finally:
        engine.drop(_TO_BE)
        engine.drop(_GOOD)
    findings = with_drift(checked.findings, table, history, seen)
    refusals = tuple(refusal(finding) for finding in findings if finding.refuses)
    if refusals:
        for file in checked.good:
            Path(file.path).unlink(missing_ok=True)
        checked = replace(checked, good=(), rows_published=0, refused=True, refusals=refusals)
    return replace(checked, findings=findings), seen
