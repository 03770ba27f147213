"""Keys and references over the whole table, the rows already published, and other tables."""

KEYED = """
    - {name: id, logicalType: integer, physicalType: INTEGER, primaryKey: true}
    - {name: name, logicalType: string}
"""


def test_of_rows_that_are_the_same_in_full_the_first_stays(check):
    found = check("SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (1, 'a'), (1, 'a')) t(id, name)", KEYED)
    assert found.published == [(1, "a"), (2, "b")]
    assert found.held == [(1, "a", ["primaryKey"])] * 2
    assert found.said("primaryKey") == ("failed", 2, 2, False)


def test_rows_that_share_a_key_and_differ_are_all_held(check):
    found = check("SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (1, 'a'), (1, 'x')) t(id, name)", KEYED)
    assert found.published == [(2, "b")]
    assert [row[:2] for row in found.held] == [(1, "a"), (1, "a"), (1, "x")]
    assert found.said("primaryKey") == ("failed", 2, 3, False)  # two beyond the first; three to look at


def test_a_key_that_is_published_already_is_held_even_if_the_row_is_the_same(check):
    found = check(
        "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) t(id, name)",
        KEYED,
        published="SELECT * FROM (VALUES (1, 'a'), (2, 'other')) t(id, name)",
    )
    assert found.published == [(3, "c")]
    assert [row[:2] for row in found.held] == [(1, "a"), (2, "b")]


def test_a_part_of_a_key_may_repeat_and_no_part_of_it_may_be_missing(check):
    found = check(
        "SELECT * FROM (VALUES (1, 'a'), (1, 'b'), (1, NULL), (1, NULL), (2, 'a')) t(id, name)",
        """
        - {name: id, logicalType: integer, physicalType: INTEGER, primaryKey: true, primaryKeyPosition: 1}
        - {name: name, logicalType: string, primaryKey: true, primaryKeyPosition: 2}
        """,
    )
    assert found.published == [(1, "a"), (1, "b"), (2, "a")]
    assert [row[2] for row in found.held] == [["name.required"], ["name.required"]]


def test_unique_columns_may_be_empty_often(check):
    found = check(
        "SELECT * FROM (VALUES (NULL), (NULL), ('a'), ('a'), ('A')) t(code)",
        "- {name: code, logicalType: string, unique: true}",
    )
    assert found.published == [(None,), (None,), ("a",), ("A",)]


def test_columns_of_several_kinds_repeat_together(check):
    found = check(
        "SELECT * FROM (VALUES (1, 'a', 1), (1, 'a', 2), (1, 'b', 3), (NULL, 'a', 4), (NULL, 'a', 5)) t(a, b, n)",
        """
        - {name: a, logicalType: integer, physicalType: INTEGER}
        - {name: b, logicalType: string}
        - {name: n, logicalType: integer, physicalType: INTEGER}
        """,
        quality="- {name: once, metric: duplicateValues, mustBe: 0, arguments: {properties: [a, b]}}",
    )
    assert [row[2] for row in found.held] == [1, 2]
    assert found.said("once") == ("failed", 1, 2, False)


def test_duplicates_have_a_limit_of_their_own_in_percent(check):
    rows = "SELECT (CASE WHEN i = 9 THEN 8 ELSE i END)::INTEGER AS id FROM range(10) t(i)"
    columns = "- {name: id, logicalType: integer, physicalType: INTEGER}"
    quality = "- {name: few, metric: duplicateValues, mustBeLessThan: %s, unit: percent, arguments: {properties: [id]}}"
    within = check(rows, columns, quality=quality % 11, tolerance="0")
    assert within.said("few") == ("passed", 10.0, 1, False)
    assert (within.audit.refused, within.audit.rows_quarantined) == (False, 1)
    beyond = check(rows, columns, quality=quality % 10)
    assert beyond.said("few") == ("failed", 10.0, 1, True)
    assert beyond.audit.refusals == ("few is 10 percent; it must be less than 10 percent.",)


REFERRING = """
    - {name: n, logicalType: integer, physicalType: INTEGER}
    - {name: customer, logicalType: integer, physicalType: INTEGER, relationships: [{to: customers.id}]}
"""
ROWS = "SELECT * FROM (VALUES (1, 7), (2, 8), (3, NULL)) t(n, customer)"


def test_a_row_that_refers_to_nothing_is_held_and_one_without_a_reference_is_not(check):
    found = check(ROWS, REFERRING, references={"customers": "SELECT 7 AS id, 8 AS customer"})
    assert found.published == [(1, 7), (3, None)]
    assert found.held == [(2, 8, ["customer.relationship"])]


def test_a_reference_to_a_port_without_a_publication_is_not_run_and_says_so(check):
    found = check(ROWS, REFERRING, references={"customers": None})
    assert found.said("customer.relationship") == ("not_run", None, None, False)
    assert found.finding("customer.relationship").message == '"customers" is not published yet.'
    assert not found.audit.refused


def test_a_reference_that_nobody_can_resolve_refuses(check):
    found = check(ROWS, REFERRING)
    assert found.said("customer.relationship") == ("not_run", None, None, True)
    assert found.audit.refused


def test_a_reference_out_of_the_mesh_is_not_run(check):
    promise = REFERRING.replace("to: customers.id", 'to: "https://a.no/c.yaml#/schema/customers/properties/id"')
    found = check(ROWS, promise)
    assert found.said("customer.relationship") == ("not_run", None, None, False)


def test_all_columns_of_a_reference_are_found_together(check):
    found = check(
        "SELECT * FROM (VALUES ('no', 1), ('no', 2), ('se', 1), ('se', NULL)) t(land, shop)",
        "- {name: land, logicalType: string}\n- {name: shop, logicalType: integer, physicalType: INTEGER}",
        references={"shops": "SELECT * FROM (VALUES ('no', 1), ('se', 2)) t(country, number)"},
        relationships="[{from: [orders.land, orders.shop], to: [shops.country, shops.number]}]",
    )
    assert found.published == [("no", 1), ("se", None)]
    assert [row[2] for row in found.held] == [["land, shop.relationship"]] * 2


def test_who_refers_to_a_held_row_of_the_same_table_is_held_too(check):
    found = check(
        "SELECT * FROM (VALUES (1, NULL, 5), (2, 1, -5), (3, 2, 5), (4, 3, 5), (5, 1, 5)) t(id, parent, n)",
        """
        - {name: id, logicalType: integer, physicalType: INTEGER, primaryKey: true}
        - {name: parent, logicalType: integer, physicalType: INTEGER, relationships: [{to: orders.id}]}
        - {name: n, logicalType: integer, physicalType: INTEGER, logicalTypeOptions: {minimum: 0}}
        """,
    )
    assert [row[0] for row in found.published] == [1, 5]
    assert [(row[0], row[3]) for row in found.held] == [
        (2, ["n.minimum"]),
        (3, ["parent.relationship"]),
        (4, ["parent.relationship"]),
    ]


def test_a_reference_may_lead_to_a_row_of_the_same_table_that_is_published_already(check):
    found = check(
        "SELECT * FROM (VALUES (2, 1), (3, 9)) t(id, parent)",
        """
        - {name: id, logicalType: integer, physicalType: INTEGER, primaryKey: true}
        - {name: parent, logicalType: integer, physicalType: INTEGER, relationships: [{to: orders.id}]}
        """,
        published="SELECT 1 AS id, NULL::INTEGER AS parent",
    )
    assert found.published == [(2, 1)]


def test_a_reference_to_a_column_that_is_not_there_is_not_run_and_refuses(check):
    found = check(ROWS, REFERRING, references={"customers": "SELECT 7 AS number"})
    assert found.said("customer.relationship") == ("not_run", None, None, True)
    assert found.audit.refused


def test_a_warning_holds_no_row_back(check):
    warning = "to: customers.id, customProperties: [{property: severity, value: warning}]"
    promise = REFERRING.replace("to: customers.id", warning)
    found = check(ROWS, promise, references={"customers": "SELECT 7 AS id"})
    assert found.said("customer.relationship") == ("warned", 1, 1, False)
    assert len(found.published) == 3
