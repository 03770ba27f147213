"""Replay a port's quarantine: check its rows again, corrected or as they are, and publish those that are good now.

Good rows are added to the published table, after a check that takes the published rows into account: a key that is
published already, or a reference that is still missing, keeps a row where it is. Where rows are merged by key, a good
row takes the place of the version before it; in a history it closes that one. Whatever is replayed leaves the
quarantine in the same step as it is published, so that a row is never counted twice and never in neither place.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from weft.base.data_files import WrittenFile
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.base.stored_file import DIGEST
from weft.build.batch_changes import By, changed_batches, new_files, rows_by_batch
from weft.build.check.audit import Audit, AuditTargets, audit
from weft.build.check.finding import Finding
from weft.build.context import BuildContext
from weft.build.correct_rows import AS_HELD, CANDIDATE, CHANGED, DROPPED, HELD, Change, assignments, correct_rows
from weft.build.corrections import keep_corrections
from weft.build.dismissals import remember_dismissed
from weft.build.quarantine import (
    DISMISSED,
    REPLAYED,
    STORED_COLUMNS,
    Batch,
    held_relation,
    open_batches,
    quarantine_folder,
    rules_of_rows,
)
from weft.build.replay_facts import decision_facts, publication_fact
from weft.build.replay_target import PUBLISHED, ReplayTarget, published_beside, references, replay_target, whole_table
from weft.build.settle_replays import Note, finish, relative, settle_replays, write_note
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text
from weft.ledger.facts import Quarantined
from weft.spec.column_type import columns_of

if TYPE_CHECKING:
    from weft.lake.snapshot import Snapshot

COMMAND = "quarantine replay"
_GOOD, _LEFT, _DISMISSED = "weft good again", "weft left in quarantine", "weft dismissed rows"


@dataclass(frozen=True)
class ReplayRequest:
    """What to replay and how it is corrected: at most one of file, query and assignments."""

    port: PortName
    fix: Path | None = None  # key columns and corrected columns
    sql: str | None = None  # a SELECT over `quarantined` that keeps `_row`, or the key
    assign: tuple[str, ...] = ()  # "column = expression"
    where: str | None = None  # which rows are assigned to
    dismiss: str | None = None  # why rows that the query leaves out are never to be published
    is_next: bool = False  # keep the corrections for the next build; publish nothing now
    dry_run: bool = False


@dataclass(frozen=True)
class Replayed:
    """What became of the rows: rows = published + still_held + dismissed."""

    port: PortName
    run_id: str
    rows: int
    corrected: int  # rows that a correction made others
    published: int
    still_held: int
    rules: Mapping[str, int]  # what the rows that are still held break
    findings: tuple[Finding, ...]
    snapshot_id: int | None = None
    unmatched: int = 0  # lines of the correction file that fit no row
    dismissed: int = 0
    waiting: int = 0  # good rows that the next build is to take in; they are held until then
    dry_run: bool = False

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        return {
            "port": str(self.port),
            "run": self.run_id,
            "rows": self.rows,
            "corrected": self.corrected,
            "published": 0 if self.dry_run else self.published,
            "would_be_published": self.published if self.dry_run else 0,
            "still_held": self.still_held,
            "dismissed": self.dismissed,
            "waiting": self.waiting,
            "rules": dict(self.rules),
            "snapshot": self.snapshot_id,
            "unmatched_corrections": self.unmatched,
            "dry_run": self.dry_run,
        }


def replay(context: BuildContext, request: ReplayRequest) -> Replayed:
    """Check the open rows of a port again and publish those that keep its contract.

    The caller holds the build lock.

    Raises:
        Problem: QUARANTINE001 nothing is held back, QUARANTINE002 the port is unknown or was never published,
            QUARANTINE003 to QUARANTINE007 and QUARANTINE010 the correction cannot be applied, QUARANTINE008 the
            published table as a whole would break its contract, LAKE002 somebody published meanwhile.
    """
    target = replay_target(context, request.port)
    settle_replays(context.ledger, context.lake, context.storage, request.port)
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
            good = f"SELECT * FROM {identifier(CANDIDATE)}{_only_good(checked)}"
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
        broken = f"SELECT _row, _broken_rules FROM read_parquet({text(paths[0])})" if paths else none
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
        note = Note(self.by.run_id, facts, (), relative(self.context.storage, corrections))
        finish(self.context.ledger, self.context.storage, self.request.port, self._note(note), note)
        return outcome

    def _publish(self, outcome: Replayed, change: Change, targets: AuditTargets, checked: Audit) -> Replayed:
        context, port = self.context, self.request.port
        files: tuple[WrittenFile, ...] = checked.good
        written: list[Path] = [Path(file.path) for file in files]
        corrections: list[Path] = []
        note_path = None
        try:
            batches = self._changed_batches()
            written += new_files(batches, context.storage)
            if change.dropped:
                dropped = f"SELECT * FROM {identifier(HELD)} WHERE _row IN (SELECT _row FROM {identifier(DROPPED)})"
                self.engine.add_table(_DISMISSED, dropped)
                digests = remember_dismissed(self.engine, _DISMISSED, self.target.table, self.folder, self.by)
                written += [digests] if digests else []
            corrections = [] if change.is_stored else self._keep_corrections()
            facts = decision_facts(
                context,
                COMMAND,
                port,
                self.by,
                batches,
                {},
                rows_in=outcome.rows - outcome.dismissed,
                rows_published=outcome.published,
                rows_quarantined=outcome.still_held,
            )
            mode: Literal["replace", "append"] = "append"
            if checked.rows_published:
                files, is_whole = whole_table(self.engine, self.target, checked, targets)
                mode = "replace" if is_whole else "append"
                written += [Path(file.path) for file in files]
                before = publication_fact(context, self.target, self.by, outcome.still_held, self.head, mode)
                facts = (facts[0], before, *facts[1:])
            note = Note(
                self.by.run_id, facts, relative(context.storage, written), relative(context.storage, corrections)
            )
            note_path = self._note(note)
            if not checked.rows_published:
                finish(context.ledger, context.storage, port, note_path, note)
                return outcome
            snapshot = self._commit(outcome, targets, files, mode)
        except BaseException:
            if note_path is None:  # nothing was published: no trace of it stays
                for path in (*written, *corrections):
                    path.unlink(missing_ok=True)
            else:  # whether it was published, the lake knows
                settle_replays(context.ledger, context.lake, context.storage, port)
            raise
        if files is not checked.good:
            _remove(checked.good)
        settle_replays(context.ledger, context.lake, context.storage, port)
        return replace(outcome, snapshot_id=snapshot.snapshot_id)

    def _commit(
        self, outcome: Replayed, targets: AuditTargets, files: tuple[WrittenFile, ...], mode: str
    ) -> "Snapshot":
        known = self.head.properties
        return self.context.lake.publish(
            self.request.port,
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

    def _note(self, note: Note) -> Path:
        return write_note(self.context.storage, self.request.port, note)


def _only_good(checked: Audit) -> str:
    if not checked.quarantined:
        return ""
    return f" ANTI JOIN (SELECT _row FROM read_parquet({text(checked.quarantined[0].path)})) USING (_row)"


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
