"""The rows of a step that are about to be checked: what its model makes, merged with what is there."""

from collections.abc import Mapping
from dataclasses import dataclass

from weft.base.data_files import DataFiles
from weft.base.names import PortName
from weft.build.decide import Decision
from weft.build.materialize.merge import MergeInput
from weft.build.materialize.ways import WAYS
from weft.build.new_rows import add_new_rows, snapshot_key
from weft.build.quarantine.batches import quarantine_folder
from weft.build.quarantine.corrections import apply_corrections
from weft.build.relations import Relations
from weft.build.run_model.relation import add_model
from weft.build.run_state import RunState
from weft.build.steps import Step
from weft.engine.quote import identifier
from weft.spec.making import SNAPSHOT_COLUMNS, Materialization

MADE, CURRENT, ALIGNED, NEW = "weft made", "weft current", "weft current aligned", "weft new"
CANDIDATE, WHOLE = "weft candidate", "weft whole"

# What --full makes of nothing but its inputs, and what it does not: rows of these may be nowhere else any more.
_MADE_FROM_SCRATCH = (Materialization.UPSERT, Materialization.INCREMENTAL)
_MEMORIES = (Materialization.APPEND, Materialization.SNAPSHOT)


@dataclass(frozen=True)
class Candidate:
    """Rows that are about to be checked."""

    relation: str
    published: str | None  # relation of rows that stay beside them; None: these are all


def reads_itself(run: RunState, step: Step) -> bool:
    """Whether the table as it is goes into the table as it shall be."""
    kind = step.settings.materialization
    return kind in _MEMORIES or (kind in _MADE_FROM_SCRATCH and not run.forced)


def candidate_of(run: RunState, relations: Relations, step: Step, current: str | None) -> Candidate:
    """The rows to check, by the step's materialization; nothing is computed yet."""
    engine, settings = relations.engine, step.settings
    relations.bind(step)
    if step.model is None:
        engine.add_view(MADE, f"FROM {identifier(step.inputs[0].name)}")
    else:
        relations.cleansing[step.name] = add_model(engine, step.model, MADE, run.context.mesh.root)
    current = _with_columns_of_model(relations, step, current)
    made = MADE
    if step.port is not None and step.port.table is not None:
        # Before anything is merged: a correction stands for the row that the model makes.
        made = apply_corrections(engine, MADE, step.port.table, quarantine_folder(run.context.storage, step.port.name))
    add_new_rows(engine, step, made, current, NEW)
    merge = WAYS[settings.materialization](
        MergeInput(
            new=NEW,
            current=current,
            columns=tuple(engine.describe(f"FROM {identifier(NEW)}")),
            key=snapshot_key(step) if settings.materialization is Materialization.SNAPSHOT else step.key,
            settings=settings,
            now=run.context.clock.now(),
        )
    )
    engine.add_view(CANDIDATE, merge.sql)
    return Candidate(CANDIDATE, current if merge.mode == "append" else None)


def _with_columns_of_model(relations: Relations, step: Step, current: str | None) -> str | None:
    """The table as it is with the columns that the model's rows have now, and those that a history adds."""
    if current is None:
        return None
    wanted = relations.engine.describe(f"FROM {identifier(MADE)}")
    known = relations.engine.describe(f"FROM {identifier(current)}")
    if step.settings.materialization is Materialization.SNAPSHOT:
        wanted = {**wanted, **SNAPSHOT_COLUMNS}
    relations.engine.add_view(ALIGNED, _aligned(wanted, known, current))
    return ALIGNED


def _aligned(wanted: Mapping[str, str], known: Mapping[str, str], relation: str) -> str:
    """A table with the columns that are wanted now: new ones are NULL in its older rows, dropped ones go."""
    by_folded = {name.casefold(): name for name in known}
    columns = []
    for name, kind in wanted.items():
        source = by_folded.get(name.casefold())
        value = f"CAST(NULL AS {kind})" if source is None else identifier(source)
        columns.append(f"{value} AS {identifier(name)}")
    return f"SELECT {', '.join(columns)} FROM {identifier(relation)}"


def whole_of(candidate: Candidate) -> str:
    """The query of all rows that the table shall have."""
    if candidate.published is None:
        return f"FROM {identifier(candidate.relation)}"
    return f"FROM {identifier(candidate.published)} UNION ALL BY NAME FROM {identifier(candidate.relation)}"


def can_append(
    run: RunState, port: PortName, decision: Decision, current: DataFiles | None, columns: Mapping[str, str]
) -> bool:
    """Whether the rows that are there need not be looked at: they were checked under this very contract."""
    if run.forced or decision.before is None or current is None:
        return False
    same_promise = all(
        decision.before.parts.get(part) == decision.parts.get(part) for part in ("contract", "tolerance")
    )
    same_references = not any(reason.kind == "reference" for reason in decision.reasons)
    same_columns = {field.name: field.type for field in current.fields} == dict(columns)
    # After a rollback the rows are those of an earlier making, which may have promised less.
    head = run.before.heads.get(port)
    same_making = head is not None and head.properties.get("weft.fingerprint") == decision.before.fingerprint
    return same_promise and same_references and same_columns and same_making
