"""Replay a port's quarantine: check its rows again, corrected or as they are, and publish those that are good now.

Good rows are added to the published table, after a check that takes the published rows into account: a key that is
published already, or a reference that is still missing, keeps a row where it is. Where rows are merged by key, a good
row takes the place of the version before it; in a history it closes that one. Whatever is replayed leaves the
quarantine in the same step as it is published, so that a row is never counted twice and never in neither place.
"""

import uuid
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from weft.base.data_files import WrittenFile
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.base.stored_file import DIGEST
from weft.build.check.audit import Audit, AuditTargets, audit
from weft.build.context import BuildContext
from weft.build.publish.publication_note import Note, publication_key, relative
from weft.build.publish.publish_once import publish_once
from weft.build.quarantine.batch_changes import By, changed_batches, new_files, rows_by_batch
from weft.build.quarantine.batches import (
    DISMISSED,
    REPLAYED,
    STORED_COLUMNS,
    Batch,
    forget_closed,
    held_relation,
    open_batches,
    quarantine_folder,
    rules_of_rows,
)
from weft.build.quarantine.correct_rows import (
    AS_HELD,
    CANDIDATE,
    CHANGED,
    DROPPED,
    HELD,
    Change,
    assignments,
    correct_rows,
)
from weft.build.quarantine.corrections import keep_corrections
from weft.build.quarantine.dismissals import remember_dismissed
from weft.build.quarantine.pending_file import let_count, name_of
from weft.build.quarantine.replay_facts import decision_facts, publication_fact
from weft.build.quarantine.replay_request import Replayed, ReplayRequest
from weft.build.quarantine.replay_target import (
    PUBLISHED,
    ReplayTarget,
    published_beside,
    reference_tables,
    references,
    replay_target,
    whole_table,
)
from weft.engine.protocol import Engine
from weft.engine.quote import identifier
from weft.ledger.facts import Fact, Quarantined
from weft.spec.column_type import columns_of

if TYPE_CHECKING:
    from weft.lake.snapshot import Snapshot

COMMAND = "quarantine replay"
_GOOD, _LEFT, _DISMISSED = "weft good again", "weft left in quarantine", "weft dismissed rows"


def replay(context: BuildContext, request: ReplayRequest) -> Replayed:
    """Check the open rows of a port again and publish those that keep its contract.

    The caller holds the build lock.

    Raises:
        Problem: QUARANTINE001 nothing is held back, QUARANTINE002 the port is unknown or was never published,
            QUARANTINE003 to QUARANTINE007 and QUARANTINE010 the correction cannot be applied, QUARANTINE008 the
            published table as a whole would break its contract, LAKE002 somebody published meanwhile.
    """
    target = replay_target(context, request.port)
    batches = open_batches(context.ledger, context.storage, request.port)
    if not batches:
        raise Problem(
            "QUARANTINE001",
            f"Nothing of {request.port} is held back.",
            fix="`weft quarantine list` shows the ports with rows in quarantine.",
        )
    head = context.lake.snapshot(request.port)
    if head is None:
        raise Problem(
            "QUARANTINE002", f"{request.port} was never published.", fix=f"Build it first: weft build {request.port}"
        )
    at = context.clock.now()
    by = By(f"replay-{at:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}", at, context.actor, request.dismiss)
    with context.new_engine() as engine:
        return _Replay(context, request, target, batches, head, by, engine).run()


@dataclass
class _Replay:
    context: BuildContext
    request: ReplayRequest
    target: ReplayTarget
    batches: list[Batch]
    head: "Snapshot"
    by: By
    engine: Engine

    @property
    def folder(self) -> Path:
        return quarantine_folder(self.context.storage, self.request.port)

    def run(self) -> Replayed:
        change = self._correct()
        targets, checked = self._audit()
        try:
            if checked.refused:
                raise _refused(self.request.port, self.target, checked)
            self._add_left(checked)
            outcome = Replayed(
                self.request.port,
                self.by.run_id,
                checked.rows_in + change.dropped,
                change.rows,
                checked.rows_published,
                checked.rows_quarantined,
                rules_of_rows(self.engine, _LEFT) if checked.rows_quarantined else {},
                checked.findings,
                unmatched=change.unmatched,
                dismissed=change.dropped,
                dry_run=self.request.dry_run,
            )
            good = f"SELECT * FROM {identifier(CANDIDATE)}{_only_good(self.engine, checked)}"
            self.engine.add_table(_GOOD, f"{good} WHERE _row IN (SELECT _row FROM {identifier(CHANGED)})")
            if self.request.dry_run or (not checked.rows_published and not change.dropped):
                return outcome
            if self.request.is_next:
                return self._for_the_next_build(outcome)
            return self._publish(outcome, change, targets, checked)
        finally:
            _remove(checked.quarantined)
            if self.request.dry_run or self.request.is_next or not checked.rows_published:
                _remove(checked.good)

    def _correct(self) -> Change:
        request, engine = self.request, self.engine
        files = self.context.lake.files(request.port)
        assert files is not None, "a port with a head has files, if only none"
        engine.add_files(PUBLISHED, files)
        known = held_relation(engine, "weft quarantine", self.batches)
        sql = request.sql
        if request.assign:
            names = [column.stored_name for column in self.target.table.columns]
            sql = assignments(request.assign, request.where, names)
        change = correct_rows(
            engine, self.context.new_engine, "weft quarantine", known, self.target.table, self.folder, request.fix, sql
        )
        if change.dropped and request.dismiss is None:
            raise Problem(
                "QUARANTINE010",
                "The query leaves out rows, and does not say that they are dismissed.",
                found=f"{change.dropped} rows of {self.request.port} are not in its result",
                expected="every row of `quarantined`, changed or as it is",
                fix='Correct some rows by --set and --where, or by CASE. To drop the others for good: --dismiss "why".',
            )
        return change

    def _audit(self) -> tuple[AuditTargets, Audit]:
        context, target, port = self.context, self.target, self.request.port
        targets = AuditTargets(
            context.lake.fields_for(port, columns_of(target.table.columns)),
            context.lake.data_folder(port) / f"{self.by.run_id}-{DIGEST}.parquet",
            context.storage / "cache" / f"{self.by.run_id}.parquet",
            self.by.run_id,
        )
        checked = audit(
            self.engine,
            CANDIDATE,
            target.table,
            target.contract,
            port=port,
            references=references(context, self.engine, target),
            reference_tables=reference_tables(context, target),
            now=self.by.at,
            tolerance=context.environment.quarantine_tolerance,
            write=targets,
            published=published_beside(self.engine, target, CANDIDATE),
            carried=("_row",),
            refuses_for_rows=False,
        )
        return targets, checked

    def _add_left(self, checked: Audit) -> None:
        """Make the rows that stay readable, as they were held back: what was not enough as a correction is no change.

        A row that nobody touched carries the rules that it breaks under the present contract, one that was corrected
        in vain those that it broke before, for these are what it still breaks.
        """
        engine = self.engine
        columns = [
            name for name in engine.describe(f"FROM {identifier(HELD)}") if name not in ("_row", *STORED_COLUMNS)
        ]
        listed = ", ".join(f"h.{identifier(name)}" for name in columns)
        touched = f"h._row IN (SELECT _row FROM {identifier(CHANGED)})"
        none = "SELECT CAST(NULL AS BIGINT) AS _row, CAST(NULL AS VARCHAR[]) AS _broken_rules WHERE false"
        paths = [file.path for file in checked.quarantined]
        broken = f"SELECT _row, _broken_rules FROM {engine.scan([paths[0]])}" if paths else none
        engine.add_table(
            _LEFT,
            f"SELECT {listed}, h._quarantined_at, h._run,"
            f" CASE WHEN {touched} THEN h._broken_rules ELSE b._broken_rules END AS _broken_rules,"
            f" h._broken_rules AS weft_before, h._row AS weft_row"
            f" FROM {identifier(HELD)} AS h JOIN ({broken}) AS b USING (_row) ORDER BY h._row",
        )

    def _changed_batches(self) -> list[Quarantined]:
        """What of each batch was replayed or dismissed; what breaks other rules than before is written anew too."""
        left = rows_by_batch(self.engine, _LEFT)
        dropped = rows_by_batch(self.engine, HELD, f"_row IN (SELECT _row FROM {identifier(DROPPED)})")
        others = rows_by_batch(self.engine, _LEFT, "_broken_rules IS DISTINCT FROM weft_before")
        moved = {}
        for batch in self.batches:
            gone = batch.rows - left.get(batch.batch, 0)
            if gone or batch.batch in others:
                out = dropped.get(batch.batch, 0)
                moved[batch.batch] = {REPLAYED: gone - out, DISMISSED: out}
        rows = f"SELECT * EXCLUDE (weft_before, weft_row) FROM {identifier(_LEFT)} ORDER BY weft_row"
        self.engine.add_view("weft left as stored", rows)
        return changed_batches(self.engine, self.context.storage, self.batches, "weft left as stored", moved, self.by)

    def _keep_corrections(self) -> list[Path]:
        kept = keep_corrections(
            self.engine,
            self.target.table,
            AS_HELD,
            _GOOD,
            self.folder,
            run_id=self.by.run_id,
            actor=self.by.actor,
            at=self.by.at,
            is_next=self.request.is_next,
        )
        return [kept] if kept else []

    def _for_the_next_build(self, outcome: Replayed) -> Replayed:
        waiting = int(self.engine.rows(f"SELECT count(*) FROM {identifier(_GOOD)}")[0][0])
        outcome = replace(outcome, published=0, still_held=outcome.rows, waiting=waiting)
        corrections = self._keep_corrections()
        facts = decision_facts(self.context, COMMAND, self.request.port, self.by, (), {"next": waiting})
        self._record(facts, [], corrections)
        return outcome

    def _record(self, facts: tuple[Fact, ...], written: list[Path], pending: list[Path]) -> None:
        """Record a decision that publishes nothing."""
        try:
            self.context.ledger.record(*facts)
        except BaseException:
            _unlink([*written, *pending])
            raise
        let_count(pending)

    def _publish(self, outcome: Replayed, change: Change, targets: AuditTargets, checked: Audit) -> Replayed:
        """Publish what is good and close what is dismissed, in one step with the record of both."""
        context, port = self.context, self.request.port
        files, is_whole = checked.good, False
        written: list[Path] = []
        pending: list[Path] = []
        try:
            batches = self._changed_batches()
            written += new_files(batches, context.storage)
            pending += self._remember_dismissed() if change.dropped else []
            pending += [] if change.is_stored else self._keep_corrections()
            files, is_whole = whole_table(self.engine, self.target, checked, targets)
        except BaseException:
            _unlink([*written, *pending])
            raise
        facts = self._facts(outcome, batches)
        snapshot_id = None
        if checked.rows_published:
            mode: Literal["replace", "append"] = "replace" if is_whole else "append"
            snapshot_id = self._commit(outcome, targets, files, mode, facts, written, pending)
        else:
            self._record(facts, written, pending)
        if files is not checked.good:
            _remove(checked.good)
        forget_closed(context.ledger, context.storage, port)
        return replace(outcome, snapshot_id=snapshot_id)

    def _remember_dismissed(self) -> list[Path]:
        dropped = f"SELECT * FROM {identifier(HELD)} WHERE _row IN (SELECT _row FROM {identifier(DROPPED)})"
        self.engine.add_table(_DISMISSED, dropped)
        digests = remember_dismissed(self.engine, _DISMISSED, self.target.table, self.folder, self.by)
        return [digests] if digests else []

    def _facts(self, outcome: Replayed, batches: list[Quarantined]) -> tuple[Fact, ...]:
        return decision_facts(
            self.context,
            COMMAND,
            self.request.port,
            self.by,
            batches,
            {},
            rows_in=outcome.rows - outcome.dismissed,
            rows_published=outcome.published,
            rows_quarantined=outcome.still_held,
        )

    def _commit(
        self,
        outcome: Replayed,
        targets: AuditTargets,
        files: tuple[WrittenFile, ...],
        mode: Literal["replace", "append"],
        facts: tuple[Fact, ...],
        written: list[Path],
        pending: list[Path],
    ) -> int:
        context, port, known = self.context, self.request.port, self.head.properties
        published = publication_fact(context, self.target, self.by, outcome.still_held, self.head, mode)
        storage = context.storage
        note = Note(
            port=port,
            key=publication_key(self.by.run_id, port),
            run_id=self.by.run_id,
            facts=(facts[0], published, *facts[1:]),
            written=relative(storage, [*(file.path for file in files), *written]),
            renames=tuple(
                zip(relative(storage, pending), relative(storage, [name_of(path) for path in pending]), strict=True)
            ),
        )
        snapshot = publish_once(
            context.lake,
            context.ledger,
            storage,
            note,
            targets.fields,
            files,
            mode=mode,
            parent=self.head.snapshot_id,
            properties={
                **{key: known[key] for key in ("weft.fingerprint",) if key in known},
                "weft.run": self.by.run_id,
                "weft.contract": self.target.contract.id,
                "weft.contract-version": self.target.contract.version,
                "weft.quarantined": str(outcome.still_held),
                "weft.replayed": ",".join(batch.batch for batch in self.batches),
            },
        )
        return snapshot.snapshot_id


def _only_good(engine: Engine, checked: Audit) -> str:
    if not checked.quarantined:
        return ""
    return f" ANTI JOIN (SELECT _row FROM {engine.scan([checked.quarantined[0].path])}) USING (_row)"


def _refused(port: PortName, target: ReplayTarget, checked: Audit) -> Problem:
    return Problem(
        "QUARANTINE008",
        f"Nothing of {port} was replayed: with these rows the table as a whole would break its contract.",
        target.contract.place,
        found=" ".join(checked.refusals),
        fix="Correct the rows, or change the contract.",
    )


def _remove(files: "list[WrittenFile] | tuple[WrittenFile, ...]") -> None:
    for file in files:
        Path(file.path).unlink(missing_ok=True)


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
