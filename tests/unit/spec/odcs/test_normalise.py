import pytest

from weft.base.yaml_source import read_yaml_text
from weft.spec.contract import Operator
from weft.spec.odcs.normalise import contract_of

HEAD = "apiVersion: v3.2.0\nkind: DataContract\nid: a\nversion: 1.0.0\n"


def _contract(text, path="domains/sales/orders/contracts/orders.yaml"):
    file, problems = read_yaml_text(HEAD + text, path)
    assert problems == []
    return contract_of(file)


def _rule(text):
    contract, problems = _contract(f"schema: [{{name: t, properties: [{{name: c, quality: [{text}]}}]}}]")
    return contract.tables[0].columns[0].quality[0], problems


@pytest.mark.parametrize(
    ("operator", "value", "bounds"),
    [
        ("mustBe", "0", (0,)),
        ("mustNotBe", "1", (1,)),
        ("mustBeGreaterThan", "1.5", (1.5,)),
        ("mustBeGreaterOrEqualTo", "2", (2,)),
        ("mustBeLessThan", "3", (3,)),
        ("mustBeLessOrEqualTo", "4", (4,)),
        ("mustBeBetween", "[1, 9]", (1, 9)),
        ("mustNotBeBetween", "[0, 5.5]", (0, 5.5)),
    ],
)
def test_every_operator_is_read(operator, value, bounds):
    rule, problems = _rule(f"{{metric: nullValues, {operator}: {value}, unit: percent}}")
    assert [(t.operator, t.bounds) for t in rule.thresholds] == [(Operator(operator), bounds)]
    assert (rule.unit, rule.metric, rule.name, problems) == ("percent", "nullValues", "c.nullValues", [])


@pytest.mark.parametrize(
    ("rule", "metric", "arguments", "bounds"),
    [
        ("{rule: nullCheck}", "nullValues", {}, (0,)),
        ("{rule: duplicateCount, mustBeLessThan: 10}", "duplicateValues", {}, (10,)),
        ("{rule: validValues, validValues: [a, b]}", "invalidValues", {"validValues": ["a", "b"]}, (0,)),
        ("{rule: rowCount, mustBeGreaterThan: 5}", "rowCount", {}, (5,)),
        (
            "{type: library, metric: invalidValues, arguments: {pattern: x}, mustBe: 0}",
            "invalidValues",
            {"pattern": "x"},
            (0,),
        ),
    ],
)
def test_rules_of_older_versions_become_metrics(rule, metric, arguments, bounds):
    found, _ = _rule(rule)
    assert (found.metric, found.arguments, found.thresholds[0].bounds) == (metric, arguments, bounds)


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        ("{type: text, description: be good}", "text"),
        ("{description: be good}", "text"),
        ("{type: sql, query: select 1, mustBe: 1}", "sql"),
        ("{query: select 1, mustBe: 1}", "sql"),
        ("{type: custom, engine: soda, implementation: x}", "custom"),
        ("{metric: nullValues, mustBe: 0}", "library"),
    ],
)
def test_the_kind_of_a_rule_is_read_or_seen(rule, kind):
    assert _rule(rule)[0].kind == kind


@pytest.mark.parametrize(
    ("written", "severity"),
    [("critical", "error"), ("Warning", "warning"), ("low", "info"), ("whatever", "error")],
)
def test_severities_of_other_tools_become_ours(written, severity):
    assert _rule(f"{{metric: nullValues, mustBe: 0, severity: {written}}}")[0].severity == severity


def test_a_threshold_that_is_no_number_is_a_warning_at_its_place():
    rule, problems = _rule("{query: select 1, mustBeLessThan: many}")
    assert rule.thresholds == ()
    assert [(p.code, str(p.severity), p.where.line) for p in problems] == [("ODCS007", "warning", 5)]


def test_names_of_rules_are_unique_within_a_table():
    contract, _ = _contract(
        "schema: [{name: t, quality: [{metric: rowCount, mustBe: 1}, {metric: rowCount, mustBe: 2}],"
        " properties: [{name: c, quality: [{name: rowCount, metric: nullValues, mustBe: 0}]}]}]"
    )
    table = contract.tables[0]
    assert sorted(r.name for r in (*table.quality, *table.columns[0].quality)) == [
        "rowCount",
        "rowCount 2",
        "rowCount 3",
    ]


CUSTOMERS = "{id: cust_obj, name: customers, properties: [{id: id_prop, name: id}, {name: country}]}"


@pytest.mark.parametrize(
    ("to", "table", "columns"),
    [
        ("customers.id", "customers", ("id",)),
        ("customers.address.street", "customers", ("address.street",)),
        ("/schema/cust_obj/properties/id_prop", "customers", ("id",)),
        ("schema/customers/properties/country", "customers", ("country",)),
        ("../../../crm/customers/contracts/customers.yaml#/schema/customers/properties/id", "crm/customers", ("id",)),
        ("domains/crm/people/contracts/adults.odcs.yaml#/schema/adults/properties/id", "crm/people/adults", ("id",)),
        ("https://x.org/c.yaml#/schema/customers/properties/id", "https://x.org/c.yaml#customers", ("id",)),
    ],
)
def test_a_column_refers_to_another_table_in_every_notation(to, table, columns):
    contract, problems = _contract(
        f"schema: [{{name: orders, properties: [{{name: customer_id, relationships: [{{to: '{to}'}}]}}]}}, {CUSTOMERS}]"
    )
    (found,) = contract.tables[0].columns[0].relationships
    assert (found.from_columns, found.to_table, found.to_columns) == (("customer_id",), table, columns)
    assert problems == []


def test_a_table_refers_by_several_columns():
    contract, problems = _contract(
        "schema: [{name: orders, relationships: [{from: [orders.customer_id, orders.country],"
        f" to: [customers.id, customers.country]}}]}}, {CUSTOMERS}]"
    )
    (found,) = contract.tables[0].relationships
    assert (found.from_columns, found.to_columns) == (("customer_id", "country"), ("id", "country"))
    assert problems == []


@pytest.mark.parametrize(
    "relationship",
    [
        "{from: [orders.a, orders.b], to: [customers.id]}",
        "{from: [orders.a, orders.b], to: [customers.id, others.id]}",
        "{from: others.a, to: customers.id}",
    ],
)
def test_a_relationship_that_cannot_be_is_a_problem(relationship):
    contract, problems = _contract(f"schema: [{{name: orders, relationships: [{relationship}]}}, {CUSTOMERS}]")
    assert contract.tables[0].relationships == ()
    assert [problem.code for problem in problems] == ["ODCS008"]


def test_a_column_keeps_all_that_it_promises():
    contract, _ = _contract("""\
schema:
  - name: orders
    physicalName: ORD
    properties:
      - name: total
        physicalName: ORD_TOTAL
        businessName: Total
        logicalType: number
        logicalTypeOptions: {minimum: 0, exclusiveMaximum: 100}
        physicalType: DECIMAL(12,2)
        required: true
        unique: true
        primaryKey: true
        partitioned: true
        partitionKeyPosition: 2
        classification: restricted
        tags: [money]
        enum: [{value: 1, label: one}, {value: 2}]
        deprecated: true
        transformSourceObjects: [raw.total]
        customProperties: [{property: pii, value: true}]
      - {name: line, primaryKey: true}
      - {name: not_key, primaryKey: false, primaryKeyPosition: -1}
      - name: labels
        logicalType: map
        map: {key: {logicalType: string}, value: {logicalType: integer}}
      - name: lines
        logicalType: array
        items: {logicalType: object, properties: [{name: sku, quality: [{metric: nullValues, mustBe: 0}]}]}
""")
    total, line, not_key, labels, lines = contract.tables[0].columns
    assert (total.stored_name, total.business_name, total.physical_type) == ("ORD_TOTAL", "Total", "DECIMAL(12,2)")
    assert (total.required, total.unique, total.deprecated, total.classification) == (True, True, True, "restricted")
    assert (total.enum, total.tags, total.custom) == ((1, 2), ("money",), {"pii": True})
    assert (total.transform_source_objects, total.partition_key_position) == (("raw.total",), 2)
    assert total.logical_type_options == {"minimum": 0, "exclusiveMaximum": 100}
    assert (total.primary_key_position, line.primary_key_position, not_key.primary_key_position) == (1, 2, None)
    assert contract.tables[0].primary_key == ("ORD_TOTAL", "line")
    assert [(c.name, c.logical_type) for c in labels.properties] == [("key", "string"), ("value", "integer")]
    assert lines.items.properties[0].quality[0].column == "lines.element.sku"


def test_service_levels_take_the_default_element():
    contract, _ = _contract(
        "slaDefaultElement: orders.at\n"
        "slaProperties: [{property: latency, value: 4, unit: d}, {property: retention, value: 3, unit: y, element: b}]"
    )
    assert [(s.property, s.value, s.unit, s.element) for s in contract.service_levels] == [
        ("latency", 4, "d", "orders.at"),
        ("retention", 3, "y", "b"),
    ]


def test_any_mutation_of_an_example_is_read_without_a_crash(shared_standards, mutations):
    from weft.base.yaml_source import YamlFile, read_yaml

    for seed, path in enumerate(sorted((shared_standards / "odcs").rglob("*.yaml"))):
        for changed in mutations(read_yaml(path)[0].data, seed, 200, ("id", "name", "to", "from", "quality", "items")):
            if isinstance(changed, dict):
                contract_of(YamlFile("c.yaml", changed))
