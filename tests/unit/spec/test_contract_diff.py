"""A promise taken back or weakened breaks readers, one kept or strengthened does not, words are words."""

from textwrap import dedent

import pytest

from weft.base.yaml_source import read_yaml_text
from weft.spec.contract_diff import breaking_of, changes_between
from weft.spec.odcs.normalise import contract_of

BASE = """\
apiVersion: v3.2.0
kind: DataContract
id: sales/orders
version: 1.0.0
status: active
description: {purpose: Orders.}
schema:
  - name: orders
    properties:
      - name: order_id
        logicalType: integer
        physicalType: INTEGER
        primaryKey: true
        required: true
      - name: email
        logicalType: string
        unique: true
        logicalTypeOptions: {maxLength: 80, pattern: "@"}
        relationships: [{to: people.email}]
      - name: total
        description: With tax.
        logicalType: number
        physicalType: DECIMAL(10,2)
        logicalTypeOptions: {minimum: 0}
        quality:
          - {name: known, metric: nullValues, mustBeLessThan: 5, unit: percent}
          - {name: odd, metric: invalidValues, arguments: {validValues: [1]}, mustBe: 0, severity: warning}
      - name: status
        logicalType: string
        enum: [{value: open}, {value: paid}]
    quality:
      - {name: some, metric: rowCount, mustBeBetween: [10, 100]}
      - {name: own, type: sql, query: SELECT 1, mustBe: 1}
slaProperties:
  - {property: freshness, value: 24, unit: h}
  - {property: availability, value: 99, unit: percent}
"""


def contract(text):
    return contract_of(read_yaml_text(dedent(text), "contracts/orders.yaml")[0])[0]


def changes(old, new):
    """Kinds and classes after one replacement in the base contract."""
    assert old in BASE
    found = changes_between(contract(BASE), contract(BASE.replace(old, new, 1)))
    return [(change.kind, str(change.change_class)) for change in found]


def test_a_contract_that_did_not_change_has_no_changes():
    assert changes_between(contract(BASE), contract(BASE)) == ()


def test_a_new_version_alone_is_no_change():
    assert changes("version: 1.0.0", "version: 1.0.1") == []


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("- name: status", "- name: state", "column_removed"),
        ("physicalType: INTEGER", "physicalType: SMALLINT", "type_changed"),
        ("DECIMAL(10,2)", "DECIMAL(12,3)", "type_changed"),
        ("DECIMAL(10,2)", "DOUBLE", "type_changed"),
        ("        required: true\n", "", "column_optional"),
        ("        unique: true\n", "", "column_not_unique"),
        ("        primaryKey: true\n", "", "key_changed"),
        ("{value: paid}]", "{value: paid}, {value: lost}]", "enum_widened"),
        ("        enum: [{value: open}, {value: paid}]\n", "", "enum_removed"),
        ("minimum: 0", "minimum: -1", "limit_loosened"),
        ("{minimum: 0}", "{}", "limit_loosened"),
        ("maxLength: 80", "maxLength: 81", "limit_loosened"),
        ('pattern: "@"', 'pattern: "a@"', "limit_loosened"),
        ("mustBeLessThan: 5", "mustBeLessThan: 6", "rule_loosened"),
        ("mustBeBetween: [10, 100]", "mustBeBetween: [10, 101]", "rule_loosened"),
        ("mustBeBetween: [10, 100]", "mustBeBetween: [10, 100], severity: info", "rule_loosened"),
        ("mustBeBetween: [10, 100]", "mustBeGreaterThan: 50", "rule_loosened"),
        ("query: SELECT 1", "query: SELECT 2", "rule_changed"),
        ("      - {name: own, type: sql, query: SELECT 1, mustBe: 1}\n", "", "rule_removed"),
        ("        relationships: [{to: people.email}]\n", "", "relationship_removed"),
        ("value: 24, unit: h", "value: 25, unit: h", "service_level_loosened"),
        ("value: 24, unit: h", "value: 1, unit: d", "service_level_changed"),
        ("value: 99,", "value: 98,", "service_level_loosened"),
        ("  - {property: freshness, value: 24, unit: h}\n", "", "service_level_removed"),
        ("status: active", "status: retired", "retired"),
    ],
)
def test_a_promise_taken_back_or_weakened_breaks_readers(old, new, kind):
    assert (kind, "breaking") in changes(old, new)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("physicalType: INTEGER", "physicalType: BIGINT", "type_widened"),
        ("DECIMAL(10,2)", "DECIMAL(12,2)", "type_widened"),
        ("- name: status", "- name: channel\n        logicalType: string\n      - name: status", "column_added"),
        ("        unique: true\n", "        unique: true\n        required: true\n", "column_required"),
        ("      - name: status\n", "      - name: status\n        unique: true\n", "column_unique"),
        ("[{value: open}, {value: paid}]", "[{value: open}]", "enum_narrowed"),
        ("minimum: 0", "minimum: 1", "limit_tightened"),
        ("minimum: 0", "minimum: 0, maximum: 9", "limit_tightened"),
        ("mustBeLessThan: 5", "mustBe: 0", "rule_tightened"),
        ("mustBeBetween: [10, 100]", "mustBeBetween: [11, 99]", "rule_tightened"),
        ("{validValues: [1]}, mustBe: 0, severity: warning", "{validValues: [1]}, mustBe: 0", "rule_severity_changed"),
        ("value: 24, unit: h", "value: 23, unit: h", "service_level_tightened"),
        ("value: 99,", "value: 99.9,", "service_level_tightened"),
        ("status: active", "status: deprecated", "status_changed"),
        ("      - name: status\n", "      - name: status\n        classification: pii\n", "classification_changed"),
    ],
)
def test_a_promise_kept_or_strengthened_breaks_nobody(old, new, kind):
    assert changes(old, new) == [(kind, "non-breaking")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("With tax.", "Tax included."),
        ("{purpose: Orders.}", "{purpose: All orders.}"),
        ("      - name: status\n", "      - name: status\n        businessName: State\n"),
        ("status: active\n", "status: active\nsupport: []\n"),
    ],
)
def test_words_are_words(old, new):
    assert changes(old, new) == [("words_changed", "docs")]


def test_a_table_that_is_called_otherwise_within_its_contract_breaks_nobody():
    assert changes("  - name: orders\n", "  - name: all_orders\n") == [("table_renamed", "docs")]


def test_breaking_changes_come_first_and_know_their_place():
    new = BASE.replace("minimum: 0", "minimum: -1").replace("With tax.", "Tax included.")
    found = changes_between(contract(BASE), contract(new))
    assert [str(change.change_class) for change in found] == ["breaking", "docs"]
    assert breaking_of(found) == found[:1]
    assert (str(found[0].place), found[0].column) == ("contracts/orders.yaml:20:9", "total")
