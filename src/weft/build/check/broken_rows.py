"""The numbers of rows that break a promise, each with the rules that it breaks."""

from collections.abc import Sequence

from weft.build.check.promise import Promise, RowPromise
from weft.build.check.staged import Staged
from weft.engine.protocol import Engine
from weft.engine.quote import identifier, text_list

_PART = "weft broken rows"


class BrokenRows:
    """Grows rule by rule; rows are known by their number, so that the rest of them need not be kept."""

    def __init__(self, engine: Engine, staged: Staged) -> None:
        self.engine = engine
        self.staged = staged
        self.rules: list[str] = []
        self.count_by_rule: dict[str, int] = {}
        self._parts: dict[str, str] = {}  # relation -> the query that reads it as (rn, rule)
        self._made = 0
        self._of_rule: dict[str, str] = {}  # rule -> its relation

    def add_row_promises(self, promises: Sequence[RowPromise]) -> dict[str, int]:
        """All that break one of these, in one pass; returns how many break each that is broken."""
        if not promises:
            return {}
        first = len(self.rules)
        broken = [f"CASE WHEN {p.broken} THEN {first + i} END" for i, p in enumerate(promises)]
        where = " OR ".join(f"({promise.broken})" for promise in promises)
        name = self._new_name()
        found = self.engine.add_table(
            name,
            f"SELECT rn, unnest(list_filter(rules, lambda rule: rule IS NOT NULL)) AS rule FROM "
            f"(SELECT {self.staged.row_id} AS rn, [{', '.join(broken)}] AS rules"
            f" FROM {self.staged.source} AS s WHERE {where})",
        )
        if found == 0:
            self.engine.drop(name)
            return {}
        self.rules += [promise.rule for promise in promises]
        self._parts[name] = f"SELECT rn, rule FROM {identifier(name)}"
        counts = self.engine.rows(f"SELECT rule, count(*) FROM {identifier(name)} GROUP BY rule")
        return {self.rules[index]: count for index, count in counts}

    def set_rows(self, promise: Promise, query: str) -> int:
        """The numbers of rows that break one promise; replaces what was set for it before."""
        if promise.rule not in self.rules:
            self.rules.append(promise.rule)
        index = self.rules.index(promise.rule)
        former = self._of_rule.get(promise.rule)
        name = self._new_name()
        count = self.engine.add_table(name, f"SELECT DISTINCT rn FROM ({query})")  # which may read the former rows
        if former is not None:
            del self._parts[former]
            self.engine.drop(former)
        self._of_rule[promise.rule] = name
        self._parts[name] = f"SELECT rn, {index} AS rule FROM {identifier(name)}"
        return count

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found broken so far."""
        return not self._parts

    @property
    def pairs(self) -> str:
        """The query for (rn, rule), rule as its position in `rules`."""
        return " UNION ALL ".join(self._parts.values()) or "SELECT 0 AS rn, 0 AS rule WHERE false"

    def without(self) -> str:
        """What follows the source in FROM, so that only rows that break nothing are left."""
        return f" ANTI JOIN {self._numbers} ON {self.staged.row_id} = broken.weft_row"

    def among(self) -> str:
        """What follows the source in FROM, so that only rows that break something are left."""
        return f" SEMI JOIN {self._numbers} ON {self.staged.row_id} = broken.weft_row"

    def counts(self, tolerated: Sequence[str]) -> tuple[int, int, dict[str, int]]:
        """Rows that break something; those that break a rule without a tolerance of its own; rows by rule."""
        if self.is_empty:
            return 0, 0, {}
        own = ", ".join(str(self.rules.index(rule)) for rule in tolerated if rule in self.rules) or "-1"
        rows, strict = self.engine.rows(
            f"SELECT count(DISTINCT rn), count(DISTINCT rn) FILTER (WHERE rule NOT IN ({own})) FROM ({self.pairs})"
        )[0]
        by_rule = self.engine.rows(f"SELECT rule, count(*) FROM ({self.pairs}) GROUP BY rule ORDER BY rule")
        return rows, strict, {self.rules[index]: count for index, count in by_rule}

    def held_rows(self, at: str, run: str) -> str:
        """The query for what the quarantine keeps: the original rows, the rules they broke, when and in which run."""
        names = f"list({text_list(self.rules)}[rule + 1] ORDER BY rule)"
        return (
            f"SELECT {self.staged.all_columns}, broken.weft_rules AS _broken_rules,"
            f" CAST({at} AS TIMESTAMP WITH TIME ZONE) AS _quarantined_at, {run} AS _run"
            f" FROM {self.staged.source} AS s JOIN (SELECT rn AS weft_row, {names} AS weft_rules"
            f" FROM ({self.pairs}) GROUP BY rn) AS broken ON {self.staged.row_id} = broken.weft_row"
            f" ORDER BY broken.weft_row"
        )

    @property
    def _numbers(self) -> str:
        return f"(SELECT rn AS weft_row FROM ({self.pairs})) AS broken"

    def _new_name(self) -> str:
        self._made += 1
        return f"{_PART} {self._made}"

    def drop(self) -> None:
        """Forget all of it."""
        for name in self._parts:
            self.engine.drop(name)
