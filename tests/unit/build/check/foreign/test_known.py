"""What is known of rules of other tools without any rows."""

import pytest

from weft.base.yaml_source import read_yaml_text
from weft.build.check.foreign.known import reasons_not_computed, referred_tables
from weft.spec.odcs.normalise import contract_of

TEXT = """
apiVersion: v3.2.0
kind: DataContract
id: a
version: 1.0.0
schema:
  - name: orders
    properties:
      - {{name: id, logicalType: integer, relationships: [{{to: customers.id}}]}}
    quality:
      - {rule}
"""


def _table(rule):
    file, problems = read_yaml_text(TEXT.format(rule=rule), "a.yaml")
    assert not problems
    return contract_of(file)[0].tables[0]


@pytest.mark.parametrize(
    ("rule", "tables"),
    [
        (
            "{type: custom, engine: dbt, implementation: {relationships: {column_name: id, to: ref('p'), field: id}}}",
            ["customers", "p"],
        ),
        (
            "{type: custom, engine: soda, implementation: values in (id) must exist in people (id)}",
            ["customers", "people"],
        ),
        ("{type: custom, engine: soda, implementation: values in (id) must exist in orders (id)}", ["customers"]),
        ("{type: text, description: Be true.}", ["customers"]),
    ],
)
def test_tables_that_rules_look_into_are_known_before_any_row(rule, tables):
    assert list(referred_tables(_table(rule))) == tables


@pytest.mark.parametrize(
    ("implementation", "reasons"),
    [
        ("[row_count > 0, missing_count(id) = 0]", ()),
        ("[row_count > 0, change for row_count > 5]", ("A change over time is not computed from a rule of Soda.",)),
    ],
)
def test_a_rule_says_which_parts_are_not_computed(implementation, reasons):
    table = _table(f"{{type: custom, engine: soda, implementation: '{implementation}'}}")
    assert reasons_not_computed(table, table.quality[0]) == reasons
