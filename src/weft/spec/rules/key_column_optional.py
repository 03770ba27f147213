"""A primary key column that may be empty."""

from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.contract_walk import tables_of
from weft.spec.rule import Rule, RuleContext


class KeyColumnOptional(Rule):
    """CONTRACT106: a column of a primary key is not required.

    Why: a row without key cannot be found, joined or replaced; the check of the key holds such rows back anyway.
    Bad: `primaryKey: true` without `required: true`.
    Good: both.
    """

    code, severity = "CONTRACT106", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every optional column of a key."""
        for _, _, table in tables_of(context.mesh):
            for column in table.columns:
                if column.primary_key_position is not None and not column.required:
                    yield self.problem(
                        column.place,
                        f'Column "{column.name}" is part of the primary key of "{table.name}" and not required.',
                        fix="Add `required: true`.",
                    )
