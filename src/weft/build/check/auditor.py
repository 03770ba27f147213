"""Measure compiled promises on staged rows: counts first, the rows that broke something only where there are any."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from weft.base.data_files import WrittenFile
from weft.build.check.broken_rows import BrokenRows
from weft.build.check.finding import Finding
from weft.build.check.finding_of_promise import measured_finding, not_applicable, not_run, refusal
from weft.build.check.orphans import orphans
from weft.build.check.promise import KeyPromise, Promise, Promises, ReferencePromise, RowPromise, ValuePromise
from weft.build.check.repeats import count_repeats, find_repeats
from weft.build.check.row_count import PUBLISHED
from weft.build.check.row_scan import NEVER, RowCounts, count_broken
from weft.build.check.rule_failure import RuleFailed, failing_alone
from weft.build.check.staged import Staged
from weft.build.check.threshold import measured_in
from weft.build.check.tolerance import Tolerance
from weft.build.check.value_check import measure
from weft.engine.protocol import Engine
from weft.engine.quote import identifier
from weft.spec.contract import ExpectedWord, Operator
from weft.spec.relationship_target import named_version, without_version

_PUBLISHED_RELATION = PUBLISHED.strip('"')


@dataclass(frozen=True)
class Verdict:
    """What is known of the candidate so far."""

    staged: Staged
    broken: BrokenRows
    rows: int
    held: int = 0  # rows that the quarantine keeps
    findings: tuple[Finding, ...] = ()
    refusals: tuple[str, ...] = ()
    held_by_rule: Mapping[str, int] = field(default_factory=dict)


class Auditor:
    """One audit of one candidate.

    Args:
        engine: the session.
        staged: the rows.
        promises: of the contract.
        references: relation of each table that is referred to; None where it is not published yet.
        published: relation of rows that stay beside these.
        keep: brings rows to rest that have no numbers yet.
    """

    def __init__(
        self,
        engine: Engine,
        staged: Staged,
        promises: Promises,
        references: Mapping[str, str | None],
        published: str | None,
        keep: Callable[[Staged], Staged],
    ) -> None:
        self.engine = engine
        self.staged = staged
        self.promises = promises
        self.references = references
        self.published = published
        self.keep = keep
        self.broken = BrokenRows(engine, staged)
        self._repeats: dict[str, int] = {}
        self._failed: dict[str, str] = {}  # rule -> why it could not be computed
        self._held: dict[str, int] = {}
        self._refuses_for_rows = True
        self._stay = RowCounts(0, {}, {})

    def check_rows(self, tolerance: Tolerance | None) -> Verdict:
        """Check rows, keys and references, and find the rows to hold back; without a tolerance, any number of them."""
        self._refuses_for_rows = tolerance is not None
        counts = self._find_broken_rows()
        self._stay = self._count_what_stays()
        failed = (*counts.failed, *self._stay.failed)
        self._failed |= {p.rule: p.if_it_fails for p in self.promises.rows if p.rule in failed}
        for key in self.promises.keys:
            if key.holds_back:
                with self._noting_failure(key):
                    self._check_key(key)
        for reference in self.promises.references:
            if reference.holds_back and not reference.is_to_itself:
                with self._noting_failure(reference):
                    self._check_reference(reference)
        self._check_own_references([p for p in self.promises.references if p.holds_back and p.is_to_itself])
        tolerated = [p.rule for p in self._holding() if not p.limit.allows_none]
        held, strict, self._held = self.broken.counts(tolerated)
        refusals: tuple[str, ...] = ()
        if tolerance is not None and not tolerance.allows(strict, counts.rows):
            refusals = (f"{strict} of {counts.rows} rows break the contract; the tolerance is {tolerance}.",)
        verdict = Verdict(self.staged, self.broken, counts.rows, held, (), refusals, self._held)
        findings = (
            *self._row_findings(counts, held),
            *(self._key_finding(key) for key in self.promises.keys),
            *(self._reference_finding(reference, counts) for reference in self.promises.references),
        )
        return _with_findings(verdict, findings)

    def check_values(self, verdict: Verdict, good: tuple[WrittenFile, ...]) -> Verdict:
        """Measure what is promised of the published rows as a whole.

        Args:
            verdict: of the rows.
            good: the files to publish; where none were written, the rows are read without the broken ones.
        """
        rows = verdict.rows - verdict.held
        if self.promises.values:
            self.engine.add_view(_PUBLISHED_RELATION, self._published_rows(verdict, good))
            if self.published is not None:
                rows += int(self.engine.rows(f"SELECT count(*) FROM {identifier(self.published)}")[0][0])
        findings = []
        for promise in self.promises.values:
            found = measure(self.engine, promise, rows)
            if found.reason is not None:
                unmeasured = not_run(promise, found.reason, found.blocks, found.value)
                findings.append(unmeasured if found.applies else not_applicable(promise, found.reason))
                continue
            unit = None if promise.kind == "sql" or promise.limit.unit == "value" else promise.limit.unit
            threshold = _threshold_text(promise)
            findings.append(measured_finding(promise, found.is_kept, found.value, unit, threshold=threshold))
        for unchecked in self.promises.unchecked:
            findings.append(
                not_run(unchecked, unchecked.reason, unchecked.blocks)
                if unchecked.applies
                else not_applicable(unchecked, unchecked.reason)
            )
        return _with_findings(verdict, tuple(findings))

    def forget(self) -> None:
        """Let go of the relations of this audit."""
        self.engine.drop(_PUBLISHED_RELATION)
        self.broken.drop()

    def _holding(self) -> list[Promise]:
        shapes = (self.promises.rows, self.promises.keys, self.promises.references)
        return [promise for shape in shapes for promise in shape if promise.holds_back]

    @contextmanager
    def _noting_failure(self, promise: Promise) -> Iterator[None]:
        try:
            with failing_alone():
                yield
        except RuleFailed as failure:
            self._failed[promise.rule] = str(failure)

    def _rest(self) -> None:
        """Give the rows numbers, now that some have to be named."""
        if self.staged.row_id is None:
            self.staged = self.keep(self.staged)
            self.broken.staged = self.staged

    def _find_broken_rows(self) -> RowCounts:
        """Count what each row-level promise is broken by, and note the rows to hold back.

        Of rows that have numbers both come of one pass. Of others only the counts: mostly nothing is broken, and then
        nothing has to be brought to rest. A promise of some rows only is counted apart, for the rows it speaks of.
        """
        at_once = []
        if self.staged.row_id is not None:
            at_once = [p for p in self.promises.rows if p.holds_back and not p.among and p.broken != NEVER]
        found = dict.fromkeys((promise.rule for promise in at_once), 0)
        try:
            with failing_alone():
                found |= self.broken.add_row_promises(at_once)
        except RuleFailed:  # which of them cannot be computed is found out below
            found = {}
        others = [promise for promise in self.promises.rows if promise.rule not in found]
        counts = count_broken(self.engine, self.staged, others)
        holding = [promise for promise in others if promise.holds_back and counts.broken_by_rule.get(promise.rule)]
        if holding:
            self._rest()
            self.broken.add_row_promises(holding)
        return replace(
            counts,
            broken_by_rule={**counts.broken_by_rule, **found},
            among_by_rule={**counts.among_by_rule, **dict.fromkeys(found, counts.rows)},
        )

    def _check_key(self, key: KeyPromise) -> None:
        repeats = find_repeats(self.engine, self.staged, key, published=self.published)
        self._repeats[key.rule] = repeats.count
        if repeats.held is None:
            return
        if self.staged.row_id is None:
            self._rest()
            repeats = find_repeats(self.engine, self.staged, key, published=self.published)
        assert repeats.held is not None
        self.broken.set_rows(key, repeats.held)

    def _check_reference(self, reference: ReferencePromise) -> None:
        target = self.references.get(reference.to_table)
        if target is None:
            return  # the finding says why
        query = orphans(self.staged, reference, identifier(target))
        if self.staged.row_id is None:
            if self.engine.rows(f"SELECT count(*) FROM ({query})")[0][0] == 0:
                return
            self._rest()
            query = orphans(self.staged, reference, identifier(target))
        self.broken.set_rows(reference, query)

    def _check_own_references(self, references: list[ReferencePromise]) -> None:
        """Rows that refer to a row of the same table that is held back are held back too, and so on."""
        if not references:
            return
        self._rest()
        counts: dict[str, int] = {}
        while True:
            before = dict(counts)
            for reference in references:
                query = orphans(self.staged, reference, f"({self._own_rows()})")
                with self._noting_failure(reference):
                    counts[reference.rule] = self.broken.set_rows(reference, query)
            if counts == before:
                return

    def _count_what_stays(self) -> RowCounts:
        """Count the published rows for those promises that new rows alone do not decide.

        What holds back every row that breaks it held back the published ones too; that is all that is known of them.
        A share of rows, a limit above none, and a warning speak of the table as readers will see it. So does a filter,
        which may speak of today.
        """
        if self.published is None:
            return RowCounts(0, {}, {})
        undecided = [p for p in self.promises.rows if not p.holds_back or p.among or not p.limit.allows_none]
        if not undecided:
            return RowCounts(0, {}, {})
        return count_broken(self.engine, self._published_staged(), undecided)

    def _published_staged(self) -> Staged:
        return replace(self.staged, source=identifier(str(self.published)), row_id=None)

    def _own_rows(self) -> str:
        without = "" if self.broken.is_empty else self.broken.without()
        rows = f"SELECT {self.staged.typed_columns} FROM {self.staged.source} AS s{without}"
        return f"{rows} UNION ALL BY NAME SELECT * FROM {identifier(self.published)}" if self.published else rows

    def _published_rows(self, verdict: Verdict, good: tuple[WrittenFile, ...]) -> str:
        if good:
            rows = f"SELECT * FROM {self.engine.scan([file.path for file in good])}"
        else:
            without = self.broken.without() if verdict.held else ""
            rows = f"SELECT {self.staged.typed_columns} FROM {self.staged.source} AS s{without}"
        return f"{rows} UNION ALL BY NAME SELECT * FROM {identifier(self.published)}" if self.published else rows

    def _row_findings(self, counts: RowCounts, held: int) -> list[Finding]:
        measured_only = [
            p for p in self.promises.rows if not p.holds_back and p.rule not in self._failed and counts.rows
        ]
        left = counts  # of what is left to publish, where a promise holds nothing back
        if held and any(counts.broken_by_rule[p.rule] or p.among for p in measured_only):
            left = count_broken(self.engine, self.staged, measured_only, self.broken.without())
        findings = []
        for promise in self.promises.rows:
            if promise.rule in self._failed:
                findings.append(not_run(promise, self._failed[promise.rule], blocks=True))
                continue
            seen = counts if promise.holds_back else left
            broken = seen.broken_by_rule.get(promise.rule, 0)
            among = seen.among_by_rule.get(promise.rule, counts.rows - held)
            if not promise.among and seen is counts and not promise.holds_back:
                among = counts.rows - held
            stay = self._stay.broken_by_rule.get(promise.rule, 0)
            among += self._stay.among_by_rule.get(promise.rule, 0)
            findings.append(self._counted(promise, broken + stay, among, broken + stay, stay))
        return findings

    def _key_finding(self, key: KeyPromise) -> Finding:
        if key.rule in self._failed:
            return not_run(key, self._failed[key.rule], blocks=True)
        without = "" if key.holds_back or self.broken.is_empty else self.broken.without()
        with self._noting_failure(key):
            if not key.holds_back:
                repeats = find_repeats(self.engine, self.staged, key, published=self.published, only=without)
                self._repeats[key.rule] = repeats.count
            repeated = self._repeats.get(key.rule, 0)
            held = self._held.get(key.rule, repeated)
            if repeated == 0 and not self._any_has(key.keys, key.among, without):
                return not_applicable(key, "No row has a value in every column of the key.")
            if self.published is not None and not (key.holds_back and key.limit.allows_none):
                repeated += count_repeats(self.engine, self._published_staged(), key)
            among = self._count_among(key, without) if key.limit.unit == "percent" else 0
            return self._counted(key, repeated, among, held)
        return not_run(key, self._failed[key.rule], blocks=True)

    def _any_has(self, keys: tuple[str, ...], among: str | None, without: str = "") -> bool:
        """Whether any row, new or published, has a value in all of these."""
        there = " AND ".join([f"{key} IS NOT NULL" for key in keys] + ([among] if among else []))
        queries = [f"SELECT 1 FROM {self.staged.source} AS s{without} WHERE {there} LIMIT 1"]
        if self.published is not None:
            queries.append(f"SELECT 1 FROM {identifier(self.published)} WHERE {there} LIMIT 1")
        return any(self.engine.rows(query) for query in queries)

    def _count_among(self, key: KeyPromise, without: str) -> int:
        """How many rows, new and published, a promise speaks of."""
        where = f" WHERE {key.among}" if key.among else ""
        queries = [f"SELECT count(*) FROM {self.staged.source} AS s{without}{where}"]
        if self.published is not None:
            queries.append(f"SELECT count(*) FROM {identifier(self.published)}{where}")
        return sum(int(self.engine.rows(query)[0][0]) for query in queries)

    def _reference_finding(self, reference: ReferencePromise, counts: RowCounts) -> Finding:
        target = self.references.get(reference.to_table)
        if reference.rule in self._failed:
            return not_run(reference, self._failed[reference.rule], blocks=True)
        if target is None and not reference.is_to_itself:
            reason, blocks = f'"{reference.to_table}" is not known here.', reference.kind != "custom"
            if reference.is_outside_mesh:
                reason, blocks = "It leads out of the mesh, where nothing can be looked up.", False
            elif reference.to_table in self.references:
                reason, blocks = f'"{reference.to_table}" is not published yet.', False
                if version := named_version(reference.to_table):
                    table = without_version(reference.to_table)
                    reason = f'No snapshot of "{table}" was published under version {version}.'
            return not_run(reference, reason, blocks)
        broken = self._held.get(reference.rule, 0)
        with self._noting_failure(reference):
            if not reference.holds_back:
                without = "" if self.broken.is_empty else self.broken.without()
                looked_up = f"({self._own_rows()})" if reference.is_to_itself else identifier(str(target))
                queries = [orphans(self.staged, reference, looked_up, without)]
                if self.published is not None:
                    queries.append(orphans(self._published_staged(), reference, looked_up))
                broken = sum(int(self.engine.rows(f"SELECT count(*) FROM ({query})")[0][0]) for query in queries)
            if broken == 0 and not self._any_has(reference.keys, None):
                return not_applicable(reference, "No row has a value in every column that refers.")
            return self._counted(reference, broken, counts.rows, broken)
        return not_run(reference, self._failed[reference.rule], blocks=True)

    def _counted(
        self,
        promise: RowPromise | KeyPromise | ReferencePromise,
        broken: int,
        among: int,
        broken_rows: int,
        published_broken: int = 0,
    ) -> Finding:
        """The finding of a promise that counts rows.

        Args:
            promise: what was promised.
            broken: what its limit is compared with.
            among: of how many rows.
            broken_rows: rows that the owner has to look at.
            published_broken: those of them that are published already, which no quarantine can hold back.
        """
        if promise.limit.unit == "percent" and among == 0:
            return not_applicable(promise, "There are no rows to take a share of.")
        measured = measured_in(promise.limit.unit, broken, among)
        is_kept = promise.limit.allows(measured)
        held = self._held.get(promise.rule, 0)
        # Held-back rows are no longer part of what is published: only a limit of the rule's own can still be broken.
        refuses = not promise.holds_back
        if self._refuses_for_rows:
            refuses = refuses or not promise.limit.allows_none or published_broken > 0
        return replace(
            measured_finding(promise, is_kept, measured, promise.limit.unit, refuses=refuses),
            broken_rows=broken_rows,
            held_rows=held,
            message=f"Rows published earlier that break it: {published_broken}." if published_broken else None,
        )


def _threshold_text(promise: ValuePromise) -> str:
    def words(word: ExpectedWord) -> str:
        must = "must be" if word.operator is Operator.MUST_BE else "must not be"
        return f"{must} {str(word.value).lower()}" if isinstance(word.value, bool) else f'{must} "{word.value}"'

    if promise.words:  # words of the contract, no values of the data
        return " and ".join(words(word) for word in promise.words)
    return "must be true" if promise.expects_truth else str(promise.limit)


def _with_findings(verdict: Verdict, findings: tuple[Finding, ...]) -> Verdict:
    refusals = tuple(refusal(finding) for finding in findings if finding.refuses)
    return replace(verdict, findings=(*verdict.findings, *findings), refusals=(*verdict.refusals, *refusals))
