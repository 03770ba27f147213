"""Models of dbt become contracts, their constraints and tests promises; and the other way."""

import json

import pytest
import yaml

from weft.base.problem import Problem

MODELS = """
version: 2
models:
  - name: orders
    description: What was ordered.
    config:
      contract: {enforced: true}
      tags: [sales]
    constraints:
      - type: unique
        columns: [customer, placed_on]
    columns:
      - name: order_id
        data_type: bigint
        constraints:
          - type: primary_key
          - type: check
            expression: order_id > 0
      - name: status
        data_type: varchar
        data_tests:
          - not_null
          - accepted_values:
              arguments: {values: [open, sent]}
      - name: customer
        data_type: int
        tests:
          - relationships: {to: ref('customers'), field: id}
          - unique: {config: {severity: warn}}
      - name: total
        data_type: decimal(12,2)
        data_tests:
          - dbt_utils.accepted_range: {min_value: 0}
          - dbt_expectations.expect_column_mean_to_be_between: {min_value: 1}
      - name: placed_on
        description: Its day.
  - name: empty
"""


def test_constraints_and_tests_become_promises(read):
    imported = read(MODELS, "schema.yml")
    (table,) = imported.document["schema"]
    assert table == {
        "name": "orders",
        "logicalType": "object",
        "physicalType": "table",
        "description": "What was ordered.",
        "tags": ["sales"],
        "customProperties": [{"property": "dbtContractEnforced", "value": True}],
        "quality": [
            {
                "name": "unique_customer_placed_on",
                "type": "library",
                "metric": "duplicateValues",
                "arguments": {"properties": ["customer", "placed_on"]},
                "mustBe": 0,
            }
        ],
        "properties": [
            {
                "name": "order_id",
                "logicalType": "integer",
                "physicalType": "bigint",
                "primaryKey": True,
                "primaryKeyPosition": 1,
                "required": True,
                "logicalTypeOptions": {"exclusiveMinimum": 0},
            },
            {
                "name": "status",
                "logicalType": "string",
                "physicalType": "varchar",
                "required": True,
                "enum": [{"value": "open"}, {"value": "sent"}],
            },
            {
                "name": "customer",
                "logicalType": "integer",
                "physicalType": "int",
                "relationships": [{"to": "customers.id"}],
                "quality": [{"severity": "warning", "type": "library", "metric": "duplicateValues", "mustBe": 0}],
            },
            {
                "name": "total",
                "logicalType": "number",
                "physicalType": "decimal(12,2)",
                "logicalTypeOptions": {"minimum": 0},
                "quality": [
                    {
                        "name": "dbt_expectations.expect_column_mean_to_be_between",
                        "type": "custom",
                        "engine": "dbt",
                        "implementation": {
                            "test": "dbt_expectations.expect_column_mean_to_be_between",
                            "arguments": {"min_value": 1},
                        },
                    }
                ],
            },
            {"name": "placed_on", "description": "Its day."},
        ],
    }
    assert [(note.where.line, note.what) for note in imported.notes] == [
        (35, "orders.placed_on has no data type."),
        (37, 'The model "empty" declares no columns, so it is no table here.'),
    ]


def test_a_manifest_says_the_same_with_its_tests_apart(read):
    test = {
        "resource_type": "test",
        "attached_node": "model.p.orders",
        "column_name": "id",
        "test_metadata": {"name": "not_null", "kwargs": {"column_name": "id"}},
        "config": {"severity": "ERROR"},
    }
    model = {
        "resource_type": "model",
        "name": "orders",
        "columns": {"id": {"name": "id", "data_type": "int", "constraints": [{"type": "unique"}]}},
    }
    manifest = {"metadata": {"project_name": "shop"}, "nodes": {"model.p.orders": model, "test.p.x": test}}
    document = read(json.dumps(manifest), "manifest.json").document
    assert document["name"] == "shop"
    assert document["schema"][0]["properties"] == [
        {"name": "id", "logicalType": "integer", "physicalType": "int", "unique": True, "required": True}
    ]


def test_an_export_is_an_enforced_contract_of_dbt(read, write):
    exported = write(read(MODELS, "schema.yml").document, "dbt")
    (model,) = yaml.safe_load(exported.content)["models"]
    assert model["config"] == {"contract": {"enforced": True}, "tags": ["sales"]}
    by_name = {column["name"]: column for column in model["columns"]}
    assert by_name["order_id"] == {
        "name": "order_id",
        "data_type": "BIGINT",
        "constraints": [
            {"type": "not_null"},
            {"type": "primary_key"},
            {"type": "check", "expression": '"order_id" > 0'},
        ],
    }
    assert by_name["customer"]["data_tests"] == [
        {"relationships": {"arguments": {"to": "ref('customers')", "field": "id"}}},
        {"unique": {"config": {"severity": "warn"}}},
    ]
    assert exported.notes == ()


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("- a", "schema.yml", "FORMAT002"),
        ("{}", "manifest.json", "FORMAT002"),
        ("models: []", "schema.yml", "FORMAT003"),
        ("a: [", "schema.yml", "YAML006"),
    ],
)
def test_a_file_that_is_no_dbt_is_told(read, text, path, code):
    with pytest.raises(Problem) as caught:
        read(text, path, "dbt")
    assert caught.value.code == code
