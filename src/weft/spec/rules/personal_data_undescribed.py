"""Personal data that nobody explained."""

from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.contract import Column
from weft.spec.contract_walk import columns_at_any_depth, tables_of
from weft.spec.rule import Rule, RuleContext

_MARKS = {"pii", "personal", "personal-data", "personal_data", "personaldata", "sensitive-personal", "phi", "gdpr"}


class PersonalDataUndescribed(Rule):
    """CONTRACT124: a column of personal data has no description.

    Why: whoever decides about access or erasure must know what is in it.
    Bad: `classification: pii` or `tags: [pii]`, and no `description`.
    Good: the same with `description: Telephone number for questions about the delivery.`
    """

    code, severity = "CONTRACT124", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every such column."""
        for _, _, table in tables_of(context.mesh):
            for path, column in columns_at_any_depth(table):
                if _is_personal(column) and not column.description:
                    yield self.problem(
                        column.place,
                        f'Column "{path}" of "{table.name}" holds personal data and is not described.',
                        fix="Add `description: ...`.",
                    )


def _is_personal(column: Column) -> bool:
    return bool(_MARKS & {mark.casefold() for mark in (column.classification or "", *column.tags)})
