"""A SQL rule that is not one query."""

import re
from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.contract import QualityRule, RuleKind
from weft.spec.contract_walk import rules_of, tables_of
from weft.spec.rule import Rule, RuleContext

_PLACEHOLDER = re.compile(r"\$?\{\s*\w+\s*\}")


class SqlRuleInvalid(Rule):
    """CONTRACT115: a SQL quality rule is not one SELECT of one value.

    Why: it runs on every build, so it may read and nothing else; and its one value is compared with the threshold.
    Bad: `query: SELEC count(*) FROM ${table}`, `query: DELETE FROM ${table}`, or a query of two columns.
    Good: `query: SELECT count(*) FROM ${table} WHERE total < 0` with `mustBe: 0`.
    """

    code = "CONTRACT115"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every SQL rule that cannot run."""
        for _, _, table in tables_of(context.mesh):
            for rule in rules_of(table):
                if rule.kind is RuleKind.SQL:
                    found = _fault(rule)
                    if found:
                        yield self.problem(
                            rule.place,
                            f'The query of the rule "{rule.name}" is not one SELECT of one value.',
                            found=found,
                            expected="SELECT count(*) FROM ${table} WHERE ...",
                        )


def _fault(rule: QualityRule) -> str | None:
    if not rule.query:
        return "no `query`"
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import SqlglotError

    try:
        statements = [s for s in sqlglot.parse(_PLACEHOLDER.sub("placeholder", rule.query), dialect="duckdb") if s]
    except SqlglotError as error:
        details = getattr(error, "errors", None)
        return str(details[0].get("description")) if details else "it does not parse"
    if len(statements) != 1:
        return f"{len(statements)} statements"
    query = statements[0]
    if not isinstance(query, exp.Query):
        return str(query.key.upper())
    if query.find(exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Command):
        return "a statement that changes something"
    columns = query.selects
    return f"{len(columns)} columns" if len(columns) != 1 and not query.is_star else None
