"""What lies within objects, arrays, maps and JSON documents is checked as far down as it is promised."""

import pytest

from weft.build.check.compile_checks import compile_checks

LINES = """
    - name: lines
      logicalType: array
      items:
        logicalType: object
        properties:
          - {name: sku, logicalType: string, required: true, logicalTypeOptions: {minLength: 2}}
          - name: tags
            logicalType: array
            items: {logicalType: string, enum: [{value: a}, {value: b}]}
"""
LINE_ROWS = """
    SELECT [{'sku': 'xx', 'tags': ['a']}, {'sku': 'yy', 'tags': ['b', 'a']}] AS lines UNION ALL
    SELECT [{'sku': 'xx', 'tags': NULL}, {'sku': NULL, 'tags': ['a']}] UNION ALL
    SELECT [{'sku': 'xx', 'tags': ['a', 'c']}] UNION ALL
    SELECT [{'sku': 'z', 'tags': []}] UNION ALL
    SELECT []
"""
AS_JSON = f"SELECT to_json(lines) AS lines FROM ({LINE_ROWS})"
RULES = ("lines.element.sku.required", "lines.element.sku.minLength", "lines.element.tags.element.enum")


@pytest.mark.parametrize(
    ("physical", "rows"),
    [("", LINE_ROWS), ("physicalType: JSON\n      ", AS_JSON), ("physicalType: VARCHAR\n      ", AS_JSON)],
)
def test_an_array_of_objects_of_arrays_is_checked_however_it_is_stored(check, physical, rows):
    found = check(
        rows, LINES.replace("logicalType: array\n      items", f"logicalType: array\n      {physical}items", 1)
    )
    assert [found.said(rule) for rule in RULES] == [("failed", 1, 1, False)] * 3
    assert len(found.published) == 2


MAP = """
    - name: prices
      logicalType: map
      map:
        key: {logicalType: string, logicalTypeOptions: {pattern: '^[A-Z]{3}$'}}
        value: {logicalType: number, physicalType: DOUBLE, required: true, logicalTypeOptions: {exclusiveMinimum: 0}}
"""
MAP_ROWS = """
    SELECT MAP {'EUR': 1.5::DOUBLE, 'USD': 2} AS prices UNION ALL SELECT MAP {'eur': 1} UNION ALL
    SELECT MAP {'EUR': NULL} UNION ALL SELECT MAP {'EUR': 0} UNION ALL SELECT NULL UNION ALL SELECT MAP {}
"""


@pytest.mark.parametrize("stored", ["", "JSON"])
def test_keys_and_values_of_a_map_are_checked(check, stored):
    rows = f"SELECT to_json(prices) AS prices FROM ({MAP_ROWS})" if stored else MAP_ROWS
    promise = MAP.replace("logicalType: map", f"logicalType: map\n      physicalType: {stored}") if stored else MAP
    found = check(rows, promise)
    rules = ("prices.key.pattern", "prices.value.required", "prices.value.exclusiveMinimum")
    assert [found.said(rule) for rule in rules] == [("failed", 1, 1, False)] * 3
    assert len(found.published) == 3


OBJECT = """
    - name: address
      logicalType: object
      physicalType: JSON
      logicalTypeOptions: {required: [city], minProperties: 2, maxProperties: 3}
      properties:
        - {name: city, logicalType: string}
        - {name: floor, logicalType: integer, physicalType: INTEGER, logicalTypeOptions: {minimum: 0}}
        - {name: since, logicalType: date, logicalTypeOptions: {minimum: "2000-01-01"}}
"""


@pytest.mark.parametrize(
    ("document", "broken"),
    [
        ('{"city": "Bonn", "floor": 1}', []),
        ('{"city": "Bonn", "floor": null, "since": "2020-02-29"}', []),
        ('{"floor": 1, "since": "2020-02-29"}', ["address.required properties"]),
        ('{"city": "Bonn"}', ["address.minProperties"]),
        ('{"city": "Bonn", "a": 1, "b": 2, "c": 3}', ["address.maxProperties"]),
        ('{"city": "Bonn", "floor": -1}', ["address.floor.minimum"]),
        ('{"city": "Bonn", "floor": 1.5}', ["address.floor.type"]),
        ('{"city": "Bonn", "floor": "high"}', ["address.floor.type"]),
        ('{"city": "Bonn", "since": "1999-12-31"}', ["address.since.minimum"]),
        ('{"city": "Bonn", "since": "2026-02-30"}', ["address.since.type"]),
        ("[1, 2]", ["address.logicalType", "address.required properties"]),
    ],
)
def test_a_document_is_checked_property_by_property(check, document, broken):
    found = check(f"SELECT '{document}'::JSON AS address", OBJECT)
    assert [rule for row in found.held for rule in row[-1]] == broken


def test_properties_of_a_struct_that_have_a_value_are_counted(check):
    promise = OBJECT.replace("physicalType: JSON\n", "description: a struct\n", 1)
    row = "{'city': 'Bonn', 'floor': 1::INTEGER, 'since': NULL::DATE}"
    assert check(f"SELECT {row} AS address", promise).held == []
    found = check(f"SELECT {row.replace('1::', 'NULL::')} AS address", promise)
    assert [rule for held in found.held for rule in held[-1]] == ["address.minProperties"]


ELEMENT = """
    - name: codes
      logicalType: array
      items: {{logicalType: string, name: code, {rule}}}
"""
CODES = "SELECT ['a', 'b', 'a'] AS codes UNION ALL SELECT ['c', NULL] UNION ALL SELECT ['b'] UNION ALL SELECT NULL"


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("metric: nullValues, mustBe: 0", ("failed", 1, 1, False)),
        ("metric: nullValues, mustBeLessOrEqualTo: 25, unit: percent", ("passed", 25.0, 1, False)),
        ("metric: missingValues, mustBe: 0, arguments: {missingValues: [c]}", ("failed", 1, 1, False)),
        ("metric: invalidValues, mustBe: 0, arguments: {validValues: [a, c]}", ("failed", 2, 2, False)),
        ("metric: invalidValues, mustBe: 0, arguments: {pattern: '[ab]'}", ("failed", 1, 1, False)),
        ("metric: duplicateValues, mustBe: 0", ("failed", 2, None, True)),
        ("metric: duplicateValues, mustBe: 40, unit: percent", ("passed", 40.0, None, False)),
        ("metric: duplicateValues, mustBe: 1, arguments: {filter: len(codes) = 3}", ("passed", 1, None, False)),
        (
            "metric: duplicateValues, mustBe: 0, arguments: {filter: codes IS NULL}",
            ("not_applicable", None, None, False),
        ),
    ],
)
def test_a_metric_of_elements_counts_rows_with_such_an_element_and_duplicates_among_all(check, metric, said):
    assert check(CODES, ELEMENT.format(rule=f"quality: [{{name: rule, {metric}}}]")).said("rule") == said


def test_what_is_unique_within_lists_and_objects_is_compared_over_the_table(check):
    assert check(CODES, ELEMENT.format(rule="unique: true")).said("codes.code.unique") == ("failed", 2, None, True)
    distinct = "SELECT ['a', 'b'] AS codes UNION ALL SELECT ['c', NULL]"
    assert check(distinct, ELEMENT.format(rule="unique: true")).said("codes.code.unique")[0] == "passed"
    promise = """
        - name: address
          logicalType: object
          properties: [{name: code, logicalType: string, unique: true}, {name: n, logicalType: integer}]
    """
    rows = "SELECT {'code': code, 'n': n} AS address FROM (VALUES ('a', 1), ('b', 2), ('a', 3)) t(code, n)"
    found = check(rows, promise)
    assert (found.said("address.code.unique"), len(found.held)) == (("failed", 1, 2, False), 2)


def test_a_primary_key_may_have_a_part_within_an_object(check):
    promise = """
        - {name: n, logicalType: integer, primaryKey: true, primaryKeyPosition: 1}
        - name: address
          logicalType: object
          properties: [{name: code, logicalType: string, primaryKey: true, primaryKeyPosition: 2}]
    """
    rows = "SELECT n, {'code': code} AS address FROM (VALUES (1, 'a'), (1, 'b'), (1, 'a')) t(n, code)"
    found = check(rows, promise)
    assert found.said("primaryKey")[:2] == ("failed", 1)
    assert found.finding("primaryKey").columns == ("n", "address.code")


VECTOR = "- {{name: v, logicalType: vector, logicalTypeOptions: {{dimensions: 2, {more}}}{physical}}}"


@pytest.mark.parametrize(
    ("more", "physical", "vector", "broken"),
    [
        ("normalized: true", "", "[0.6, 0.8]::FLOAT[2]", []),
        ("normalized: true", "", "[0.6, 0.9]::FLOAT[2]", ["v.normalized"]),
        ("normalized: false", "", "[0.6, 0.9]::FLOAT[2]", []),
        ("elementType: bfloat16, normalized: true", "", "[0.605, 0.8]::FLOAT[2]", []),
        ("elementType: float16", "", "[65505, 0]::FLOAT[2]", ["v.elementType"]),
        ("elementType: float64", "", "[NULL, 1]::DOUBLE[2]", ["v.dimensions"]),
        ("elementType: float64", "", "['nan'::DOUBLE, 1]::DOUBLE[2]", ["v.dimensions"]),
        ("elementType: int8", ", physicalType: 'DOUBLE[]'", "[128, 0]::DOUBLE[]", ["v.elementType"]),
        ("elementType: uint8", ", physicalType: 'DOUBLE[]'", "[1.5, 0]::DOUBLE[]", ["v.elementType"]),
        ("elementType: binary", ", physicalType: 'DOUBLE[]'", "[1, 0, 1]::DOUBLE[]", ["v.dimensions"]),
        ("normalized: true", ", physicalType: JSON", "'[0.6, 0.8]'::JSON", []),
        ("normalized: true", ", physicalType: JSON", "'[0.6, \"b\"]'::JSON", ["v.dimensions", "v.normalized"]),
    ],
)
def test_a_vector_has_its_dimensions_its_elements_and_its_length(check, more, physical, vector, broken):
    found = check(f"SELECT {vector} AS v", VECTOR.format(more=more, physical=physical))
    assert [rule for row in found.held for rule in row[-1]] == broken


def test_no_promise_is_left_out_at_any_depth():
    from tests.unit.build.check.conftest import NOW, contract

    promise = contract(LINES + MAP + OBJECT)
    compiled = compile_checks(promise.tables[0], promise, now=NOW)
    rules = {p.rule for p in (*compiled.rows, *compiled.unchecked)}
    assert {*RULES, "prices.key.pattern", "address.since.minimum"} <= rules
