"""What changed between the quality rules and the relationships of two tables."""

from collections.abc import Iterator

from weft.spec.contract import Operator, QualityRule, RuleKind, Table, Threshold
from weft.spec.contract_change import ContractChange, breaking, harmless, wording
from weft.spec.contract_walk import relationships_of, rules_of

_WEIGHT = {"info": 0, "warning": 1, "error": 2}
_UPPER_BOUNDS = {Operator.MUST_BE_LESS_THAN, Operator.MUST_BE_LESS_OR_EQUAL_TO}
_LOWER_BOUNDS = {Operator.MUST_BE_GREATER_THAN, Operator.MUST_BE_GREATER_OR_EQUAL_TO}


def rule_changes(old: Table, new: Table) -> Iterator[ContractChange]:
    """Differences between the computed rules of two tables, matched by name."""
    computed = (RuleKind.LIBRARY, RuleKind.SQL)
    before_by_name = {rule.name: rule for rule in rules_of(old) if rule.kind in computed}
    now_by_name = {rule.name: rule for rule in rules_of(new) if rule.kind in computed}
    for name, before in before_by_name.items():
        now = now_by_name.get(name)
        if now is not None:
            yield from _one_rule(before, now, new)
        elif before.severity == "error":
            what = f'The rule "{name}" is gone.'
            yield breaking("rule_removed", what, "it promises less", new.place, new.name, before.column)
        else:
            what = f'The rule "{name}" is gone; it only gave a {before.severity}.'
            yield harmless("rule_removed", what, "it held nothing back", new.place, new.name, before.column)
    for name, now in now_by_name.items():
        if name not in before_by_name:
            yield harmless(
                "rule_added", f'The rule "{name}" is new.', "it promises more", now.place, new.name, now.column
            )


def _one_rule(old: QualityRule, new: QualityRule, table: Table) -> Iterator[ContractChange]:
    name = new.name
    if old.severity != new.severity:
        what = f'The rule "{name}" has the severity {new.severity} instead of {old.severity}.'
        if old.severity == "error":
            yield breaking("rule_loosened", what, "it holds nothing back any more", new.place, table.name, new.column)
        else:
            is_heavier = _WEIGHT.get(new.severity, 2) > _WEIGHT.get(old.severity, 2)
            reason = "it promises more" if is_heavier else "it held nothing back"
            yield harmless("rule_severity_changed", what, reason, new.place, table.name, new.column)
    measured_before = (old.kind, old.metric, dict(old.arguments), old.query, old.unit, old.words)
    if measured_before != (new.kind, new.metric, dict(new.arguments), new.query, new.unit, new.words):
        what = f'The rule "{name}" measures something else.'
        yield breaking("rule_changed", what, "the two cannot be compared", new.place, table.name, new.column)
    elif old.thresholds != new.thresholds:
        what = f'The threshold of the rule "{name}" changed.'
        if _is_tighter(old.thresholds, new.thresholds):
            yield harmless("rule_tightened", what, "it promises more", new.place, table.name, new.column)
        else:
            yield breaking("rule_loosened", what, "it may promise less", new.place, table.name, new.column)
    if old.description != new.description:
        yield wording("words_changed", f'The words about the rule "{name}" changed.', new.place, table.name, new.column)


def _is_tighter(old: tuple[Threshold, ...], new: tuple[Threshold, ...]) -> bool:
    """Whether everything that passes the new thresholds passed the old ones."""
    if len(old) != 1 or len(new) != 1:
        return False
    before, now = old[0], new[0]
    if now.operator is Operator.MUST_BE:  # one value: did it pass before?
        return _passes(before, now.bounds[0])
    if before.operator is not now.operator:
        return False
    if now.operator in _UPPER_BOUNDS:
        return now.bounds[0] <= before.bounds[0]
    if now.operator in _LOWER_BOUNDS:
        return now.bounds[0] >= before.bounds[0]
    if now.operator is Operator.MUST_BE_BETWEEN:
        return now.bounds[0] >= before.bounds[0] and now.bounds[1] <= before.bounds[1]
    return False


def _passes(threshold: Threshold, value: float) -> bool:
    low = threshold.bounds[0]
    match threshold.operator:
        case Operator.MUST_BE:
            return value == low
        case Operator.MUST_NOT_BE:
            return value != low
        case Operator.MUST_BE_GREATER_THAN:
            return value > low
        case Operator.MUST_BE_GREATER_OR_EQUAL_TO:
            return value >= low
        case Operator.MUST_BE_LESS_THAN:
            return value < low
        case Operator.MUST_BE_LESS_OR_EQUAL_TO:
            return value <= low
        case Operator.MUST_BE_BETWEEN:
            return low <= value <= threshold.bounds[1]
        case Operator.MUST_NOT_BE_BETWEEN:
            return not low <= value <= threshold.bounds[1]


def relationship_changes(old: Table, new: Table) -> Iterator[ContractChange]:
    """Relationships taken back or added."""
    before = {(r.from_columns, r.to_table, r.to_columns): r for r in relationships_of(old)}
    now = {(r.from_columns, r.to_table, r.to_columns): r for r in relationships_of(new)}
    for key in before.keys() - now.keys():
        what = f'The relationship from "{", ".join(key[0])}" to "{key[1]}" is gone.'
        yield breaking("relationship_removed", what, "joins may find no partner", new.place, new.name)
    for key in now.keys() - before.keys():
        what = f'The relationship from "{", ".join(key[0])}" to "{key[1]}" is new.'
        yield harmless("relationship_added", what, "it promises more", now[key].place, new.name)
