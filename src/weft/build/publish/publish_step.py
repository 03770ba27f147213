"""Commit a checked table and remember that: the one place where a build changes what readers see."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from weft.base.data_files import Field, WrittenFile
from weft.build.contract_digest import document_digest, promise_digest
from weft.build.publish.publication_note import Note, publication_key, relative
from weft.build.publish.publish_once import publish_once
from weft.build.run_state import RunState
from weft.build.steps import Step
from weft.ledger.facts import ContractPublished, Fact, Published

if TYPE_CHECKING:
    from weft.lake.snapshot import Snapshot


def publish(
    run: RunState,
    step: Step,
    fields: Sequence[Field],
    files: Sequence[WrittenFile],
    *,
    mode: Literal["replace", "append"],
    fingerprint: str,
    rows_quarantined: int,
    facts: Sequence[Fact],
    written: Iterable[Path],
) -> "Snapshot":
    """Make files the table that readers see, unless somebody published since the run began, and record it.

    Args:
        run: the run.
        step: what is published.
        fields: of the table.
        files: of its rows.
        mode: "replace" or "append".
        fingerprint: of what it was made of.
        rows_quarantined: rows that were held back.
        facts: to be recorded with it; they need not know the snapshot.
        written: files that are of no use if nothing is published.

    Raises:
        Problem: LAKE002.
    """
    port = step.port
    assert port is not None, step
    assert port.contract is not None, step
    context = run.context
    properties = {
        "weft.run": run.run_id,
        "weft.fingerprint": fingerprint,
        "weft.contract": port.contract.id,
        "weft.contract-version": port.contract.version,
        "weft.quarantined": str(rows_quarantined),
    }
    note = Note(
        port=port.name,
        key=publication_key(run.run_id, port.name),
        run_id=run.run_id,
        facts=tuple(facts),
        written=relative(context.storage, written),
    )
    with run.publishing:  # commits of one process go one by one; the making beside them does not wait
        snapshot = publish_once(
            context.lake,
            context.ledger,
            context.storage,
            note,
            fields,
            files,
            mode=mode,
            parent=run.snapshot_ids.get(port.name),
            properties=properties,
        )
    run.snapshot_ids[port.name] = snapshot.snapshot_id
    run.port_ids[port.name] = str(snapshot.content_id)
    return snapshot


def publication_facts(
    run: RunState,
    step: Step,
    *,
    at: datetime,
    mode: Literal["replace", "append"],
    inputs: Mapping[str, Any],
    rows_quarantined: int,
    rows_rejected: int,
) -> list[Fact]:
    """What the ledger remembers of a publication; its snapshot and rows are filled in when it has happened."""
    port = step.port
    assert port is not None, step
    assert port.contract is not None, step
    assert port.table is not None, step
    published = Published(
        at=at,
        run_id=run.run_id,
        port=str(port.name),
        snapshot_id=0,
        rows=0,
        quarantined=rows_quarantined,
        rejected=rows_rejected,
        contract_id=port.contract.id,
        contract_version=port.contract.version,
        contract_digest=promise_digest(port.contract, port.table),
        mode=mode,
        materialization=str(step.settings.materialization),
        inputs=inputs,
    )
    return [published, *contract_facts(run, step, at)]


def contract_facts(run: RunState, step: Step, at: datetime) -> list[Fact]:
    """The contract itself, where it is not the one that is remembered already."""
    port = step.port
    if port is None or port.contract is None:
        return []
    contract, digest = port.contract, document_digest(port.contract)
    known = run.before.contracts.get(str(port.name))
    if known is not None and known.digest == digest:
        return []
    return [
        ContractPublished(
            at=at,
            run_id=run.run_id,
            port=str(port.name),
            contract_id=contract.id,
            contract_version=contract.version,
            digest=digest,
            document=contract.document,
            path=contract.path,
            standard_version=contract.standard_version,
        )
    ]
