"""What rules of other tools come to, from the contract alone: what is not computed, and which tables they look into."""

from collections.abc import Iterator
from datetime import UTC, datetime

from weft.build.check.column_value import column_values
from weft.build.check.foreign.engines import foreign_promises
from weft.build.check.foreign.foreign_rule import ForeignRule
from weft.build.check.promise import Promise, ReferencePromise, Unchecked
from weft.spec.contract import QualityRule, RuleKind, Table
from weft.spec.contract_walk import relationships_of, rules_of

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # ages are measured against it, and nothing is measured here


def reasons_not_computed(table: Table, rule: QualityRule) -> tuple[str, ...]:
    """Why parts of a rule are not computed, a sentence each; none where all of it is."""
    promises = [promise for promise in _promises(table, rule) if isinstance(promise, Unchecked)]
    return tuple(promise.reason for promise in promises if promise.applies)


def referred_tables(table: Table) -> Iterator[str]:
    """Every table that a relationship, or a rule of another tool, looks up rows in, as it is written there."""
    for relationship in relationships_of(table):
        yield relationship.to_table
    for rule in rules_of(table):
        if rule.kind is RuleKind.CUSTOM:
            for promise in _promises(table, rule):
                if isinstance(promise, ReferencePromise) and not promise.is_to_itself:
                    yield promise.to_table


def _promises(table: Table, rule: QualityRule) -> Iterator[Promise]:
    own_names = frozenset(name for name in (table.name, table.physical_name) if name)
    return foreign_promises(
        ForeignRule(rule, table, column_values(table, {}), _ANY_TIME, own_names, rule.name, rule.severity)
    )
