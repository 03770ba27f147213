"""Two quality rules of a table under one name."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from weft.base.problem import Problem
from weft.spec.contract_walk import rules_of, tables_of
from weft.spec.rule import Rule, RuleContext


class RuleNameRepeated(Rule):
    """CONTRACT116: two quality rules of a table have the same name.

    Why: findings, trends and quarantined rows are kept by the rule's name; two would be taken for one.
    Bad: `name: not_negative` at two columns.
    Good: `name: total_not_negative` and `name: tax_not_negative`; or no name, and one is made from the column.
    """

    code = "CONTRACT116"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every second rule of a name."""
        for _, contract, table in tables_of(context.mesh):
            documents = contract.document.get("schema")
            document = next((t for t in _mappings(documents) if t.get("name") == table.name), {})
            repeated = {name for name, count in Counter(_declared_names(document)).items() if count > 1}
            rules = list(rules_of(table))
            for name in sorted(repeated):
                # Reading made the names unique: the second is "<name> 2".
                same = [rule for rule in rules if rule.name == name or rule.name.rpartition(" ")[0] == name]
                for rule in same[1:]:
                    yield self.problem(
                        rule.place,
                        f'Two quality rules of "{table.name}" are named "{name}".',
                        found=f"the first is at {same[0].place}",
                        fix="Give each a name of its own, or none.",
                    )


def _declared_names(item: Mapping[str, Any]) -> Iterator[str]:
    for rule in _mappings(item.get("quality")):
        if isinstance(rule.get("name"), str):
            yield rule["name"]
    for column in _mappings(item.get("properties")):
        yield from _declared_names(column)
    if isinstance(item.get("items"), Mapping):
        yield from _declared_names(item["items"])


def _mappings(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
