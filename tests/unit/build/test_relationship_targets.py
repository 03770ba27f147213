"""Relationships into other products: by name, by contract file, by id, by version, from lists and into objects."""

import pytest

CUSTOMERS = """
    apiVersion: v3.2.0
    kind: DataContract
    id: crm/customers
    version: {version}
    status: active
    schema:
      - name: customers
        id: customers_table
        properties:
          - name: number
            id: number_id
            physicalName: customer_no
            logicalType: integer
            primaryKey: true
            required: true
          - name: address
            id: address_id
            logicalType: object
            properties: [{{name: zip, id: zip_id, logicalType: string}}]
"""
ORDERS = """
    apiVersion: v3.2.0
    kind: DataContract
    id: sales/orders
    version: 1.0.0
    status: active
    customProperties: [{{property: quarantineTolerance, value: 100%}}]
    schema:
      - name: orders
        properties:
          - {{name: id, logicalType: integer, primaryKey: true, required: true}}
          - {{name: customer, logicalType: integer}}
          - {{name: zip, logicalType: string}}
          - {{name: others, logicalType: array, items: {{logicalType: integer}}}}
        relationships: [{relationship}]
"""
FILE = "../../../crm/customers/contracts/customers.yaml#"


@pytest.fixture
def shop(empty_mesh):
    mesh = empty_mesh
    mesh.product("crm/customers")
    mesh.product("sales/orders")
    customers(mesh, "1.0.0", (1, "53111"), (2, "50667"))
    mesh.model(
        "sales/orders",
        "orders",
        """
        SELECT id::BIGINT AS id, customer::BIGINT AS customer, zip, others::BIGINT[] AS others FROM (VALUES
            (10, 1, '53111', [1, 2]), (11, 2, '53111', [2, 3]), (12, 3, '99999', [NULL]), (13, NULL, NULL, NULL)
        ) t(id, customer, zip, others)
        """,
    )
    return mesh


def customers(mesh, version, *rows):
    mesh.write("domains/crm/customers/contracts/customers.yaml", CUSTOMERS.format(version=version))
    values = ", ".join(f"({number}, '{zip_code}')" for number, zip_code in rows)
    sql = f"SELECT n::BIGINT AS customer_no, {{'zip': z}} AS address FROM (VALUES {values}) t(n, z)"
    mesh.model("crm/customers", "customers", sql)


def refer(mesh, relationship):
    mesh.write("domains/sales/orders/contracts/orders.yaml", ORDERS.format(relationship=relationship))


def finding(mesh, relationship):
    refer(mesh, relationship)
    result = mesh.build()
    steps = [step for product in result.products for step in product.steps if step.step == "orders"]
    (found,) = [f for step in steps for f in step.findings if f.kind == "relationship"]
    return found


@pytest.mark.parametrize(
    ("relationship", "held"),
    [
        ("{from: orders.customer, to: crm/customers/customers/number}", 1),
        ("{from: orders.customer, to: crm/customers/customers/number_id}", 1),
        (f"{{from: orders.customer, to: '{FILE}/schema/customers/properties/number'}}", 1),
        (f"{{from: orders.customer, to: '{FILE}/schema/customers_table/properties/number_id'}}", 1),
        (
            f"{{from: /schema/orders/properties/zip, to: '{FILE}/schema/customers/properties/address/properties/zip'}}",
            1,
        ),
        (f"{{from: orders.zip, to: '{FILE}/schema/customers_table/properties/address_id/properties/zip_id'}}", 1),
        # 11 lives in a place where only customer 1 lives
        (
            f"{{from: [orders.customer, orders.zip], to: ['{FILE}/schema/customers/properties/number',"
            f" '{FILE}/schema/customers/properties/address/properties/zip']}}",
            2,
        ),
        ("{from: /schema/orders/properties/others/items/element, to: crm/customers/customers/number}", 1),
        ("{from: orders.others.element, to: crm/customers/customers/number}", 1),
    ],
)
def test_a_relationship_is_looked_up_however_it_is_written(shop, relationship, held):
    found = finding(shop, relationship)
    assert (found.status, found.held_rows) == ("failed", held), found


def test_a_relationship_out_of_the_mesh_is_not_run_and_refuses_nothing(shop):
    found = finding(
        shop, "{from: orders.customer, to: 'https://crm.example/customers.yaml#/schema/c/properties/number'}"
    )
    assert (found.status, found.refuses) == ("not_run", False)


def versioned(version):
    custom = f"customProperties: [{{property: contractVersion, value: '{version}'}}]"
    return f"{{from: orders.customer, to: crm/customers/customers/number, {custom}}}"


@pytest.mark.parametrize(
    ("version", "status", "held"),
    [("1.0.0", "failed", 1), ("1.1.0", "passed", 0), ("1", "passed", 0), ("1.1", "passed", 0)],
)
def test_a_relationship_may_name_a_version_of_the_contract(shop, version, status, held):
    refer(shop, versioned(version))
    shop.build("crm/customers")
    customers(shop, "1.1.0", (1, "53111"), (2, "50667"), (3, "99999"))
    shop.build("crm/customers")
    found = finding(shop, versioned(version))
    assert (found.status, found.held_rows) == (status, held)


def test_a_version_that_was_never_published_is_not_run(shop):
    found = finding(shop, versioned("3.0.0"))
    assert (found.status, found.refuses) == ("not_run", False)
    assert found.message == 'No snapshot of "crm/customers/customers" was published under version 3.0.0.'
