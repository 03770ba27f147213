from weft.base.yaml_source import read_yaml_text
from weft.spec.contract import Operator
from weft.spec.load_contract import as_odcs
from weft.spec.odcs.normalise import contract_of
from weft.spec.odcs.validate import validate_contract

TEXT = """\
dataContractSpecification: 1.2.0
id: orders-latest
info:
  title: Orders Latest
  version: 2.0.0
  status: active
  description: All orders since 2020
  owner: checkout
  contact: {name: Ada, url: "https://example.org"}
servers:
  production: {type: s3, environment: prod, location: "s3://bucket/orders/*.json", format: json, roles: [{name: a}]}
terms:
  usage: Analytics
  limitations: Not for real time
  policies: [{type: privacy, url: "https://example.org/p"}]
  noticePeriod: P3M
models:
  orders:
    type: table
    description: One row an order
    primaryKey: [order_id, line]
    fields:
      order_id: {$ref: '#/definitions/order_id', required: true, unique: true}
      line: {type: int, minimum: 1}
      total:
        type: decimal
        precision: 12
        scale: 2
        pii: false
        quality:
          - {type: sql, query: "SELECT max(total) FROM orders", mustBeLessThan: 1000}
      customer_id: {type: string, references: customers.customer_id, minLength: 3, pattern: "^C"}
      status: {type: string, enum: [open, paid]}
      placed_at: {type: timestamp_tz, examples: ["2024-09-09T08:30:00Z"]}
      address: {type: struct, fields: {street: {type: text}}}
      tags: {type: array, items: {type: string}}
      labels: {type: map, keys: {type: string}, values: {type: bigint}}
      payload: {type: bytes}
      source: {type: text, lineage: {inputFields: [{namespace: n, name: raw, field: src}]}}
    quality:
      - {type: custom, engine: soda, implementation: {type: duplicate_count}}
  customers: {fields: {customer_id: {type: text, primary: true}}}
definitions:
  order_id: {type: text, format: uuid, description: The key, name: order_id, classification: internal}
servicelevels:
  availability: {percentage: 99.9%}
  retention: {period: P1Y, unlimited: false}
  freshness: {threshold: 25h, timestampField: orders.placed_at, description: daily}
  support: {time: 9am to 5pm, responseTime: 1h}
tags: [checkout]
"""


def _contract(text=TEXT):
    file, problems = read_yaml_text(text, "contracts/orders.yaml")
    assert problems == []
    odcs, version, warnings = as_odcs(file)
    contract, more = contract_of(odcs, version)
    return odcs, contract, warnings + more


def test_it_becomes_a_valid_contract_of_the_standard_with_one_warning():
    odcs, contract, problems = _contract()
    assert [str(problem) for problem in validate_contract(odcs)] == []
    assert [(p.code, str(p.severity), str(p.where)) for p in problems] == [
        ("DCS001", "warning", "contracts/orders.yaml:1:1")
    ]
    assert (contract.id, contract.version, contract.standard_version) == ("orders-latest", "2.0.0", "dcs-1.2")
    assert (contract.name, contract.status, contract.tags) == ("Orders Latest", "active", ("checkout",))


def test_columns_keep_types_keys_and_promises():
    _, contract, _ = _contract()
    orders, customers = contract.tables
    assert [(c.name, c.logical_type, c.physical_type) for c in orders.columns] == [
        ("order_id", "string", None),
        ("line", "integer", "INTEGER"),
        ("total", "number", "DECIMAL(12,2)"),
        ("customer_id", "string", None),
        ("status", "string", None),
        ("placed_at", "timestamp", "TIMESTAMPTZ"),
        ("address", "object", None),
        ("tags", "array", None),
        ("labels", "map", None),
        ("payload", None, "BLOB"),
        ("source", "string", None),
    ]
    by_name = {column.name: column for column in orders.columns}
    assert orders.primary_key == ("order_id", "line")
    assert customers.primary_key == ("customer_id",)
    order_id = by_name["order_id"]
    assert (order_id.required, order_id.unique, order_id.classification) == (True, True, "internal")
    assert order_id.logical_type_options == {"format": "uuid"}
    assert by_name["line"].logical_type_options == {"minimum": 1}
    assert by_name["customer_id"].relationships[0].to_table == "customers"
    assert by_name["customer_id"].logical_type_options == {"minLength": 3, "pattern": "^C"}
    assert by_name["status"].enum == ("open", "paid")
    assert [c.name for c in by_name["address"].properties] == ["street"]
    assert by_name["tags"].items.logical_type == "string"
    assert [(c.name, c.logical_type) for c in by_name["labels"].properties] == [("key", "string"), ("value", "integer")]
    assert by_name["source"].transform_source_objects == ("raw.src",)
    assert by_name["total"].custom == {"pii": False}


def test_rules_and_service_levels_keep_their_thresholds():
    _, contract, _ = _contract()
    orders = contract.tables[0]
    rule = next(column for column in orders.columns if column.name == "total").quality[0]
    assert (rule.query, rule.thresholds[0].operator, rule.thresholds[0].bounds) == (
        "SELECT max(total) FROM orders",
        Operator.MUST_BE_LESS_THAN,
        (1000,),
    )
    assert [(r.kind, r.engine) for r in orders.quality] == [("custom", "soda")]
    assert [(s.property, s.value, s.unit, s.element) for s in contract.service_levels] == [
        ("availability", 99.9, "percent", None),
        ("retention", 1, "y", None),
        ("freshness", 25, "h", "orders.placed_at"),
        ("support", "9am to 5pm", None, None),
    ]


def test_what_the_standard_has_no_key_for_stays_as_custom_properties():
    _, contract, _ = _contract()
    assert sorted(contract.custom) == ["definitions", "info.contact", "terms.noticePeriod", "terms.policies"]


def test_places_lead_into_the_file_as_it_was_written():
    _, contract, _ = _contract()
    assert str(contract.tables[0].columns[1].place) == "contracts/orders.yaml:24:7"
    assert str(contract.tables[0].columns[2].quality[0].place) == "contracts/orders.yaml:31:13"


def test_a_document_full_of_wrong_types_is_converted_without_a_crash():
    for text in ("info: 7\nmodels: []\nservers: 1\n", "models: {a: 1, b: {fields: [1], quality: {}}}\nterms: x\n"):
        odcs, _, _ = _contract("dataContractSpecification: 1.2.0\n" + text)
        assert odcs.data["kind"] == "DataContract"
