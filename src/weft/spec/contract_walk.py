"""Ways through contracts: every contract of a mesh, every column, rule and relationship of a table."""

from collections.abc import Iterator

from weft.spec.contract import Column, Contract, QualityRule, Relationship, Table
from weft.spec.mesh import Mesh
from weft.spec.product import OutputPort, Product


def contracts_of_product(product: Product) -> tuple[Contract, ...]:
    """Every contract of a product once, those that no port names included."""
    by_path = {contract.path: contract for contract in product.contracts}
    for port in product.output_ports:
        if port.contract is not None:
            by_path.setdefault(port.contract.path, port.contract)
    return tuple(by_path.values())


def contracts_of(mesh: Mesh) -> Iterator[tuple[Product, Contract]]:
    """Every contract of the mesh with its product."""
    for product in mesh.products:
        for contract in contracts_of_product(product):
            yield product, contract


def tables_of(mesh: Mesh) -> Iterator[tuple[Product, Contract, Table]]:
    """Every table of every contract."""
    for product, contract in contracts_of(mesh):
        for table in contract.tables:
            yield product, contract, table


def port_tables(mesh: Mesh) -> Iterator[tuple[Product, OutputPort, Contract, Table]]:
    """Every output port that has a contract with a table for it."""
    for product in mesh.products:
        for port in product.output_ports:
            table = port.table
            if port.contract is not None and table is not None:
                yield product, port, port.contract, table


def columns_at_any_depth(table: Table) -> Iterator[tuple[str, Column]]:
    """Every column with its path, nested ones after their parents: `address`, `address.city`."""
    for column in table.columns:
        yield from _below(column, column.name)


def _below(column: Column, path: str) -> Iterator[tuple[str, Column]]:
    yield path, column
    for child in column.properties:
        yield from _below(child, f"{path}.{child.name}")
    if column.items is not None:
        yield from _below(column.items, f"{path}.{column.items.name}")


def named_path(table: Table, path: str) -> str | None:
    """The path of a column in names, where each step of it may be a name, a stored name, an id or `items`.

    None where there is no such column.
    """

    def below(columns: tuple[Column, ...], rest: str) -> str | None:
        for column in columns:
            for known in {column.name, column.stored_name, column.id} - {None, ""}:
                if rest == known:
                    return column.name
                if rest.startswith(f"{known}."):
                    within = within_column(column, rest[len(str(known)) + 1 :])
                    if within is not None:
                        return f"{column.name}.{within}"
        return None

    def within_column(column: Column, rest: str) -> str | None:
        found = below(column.properties, rest)
        if found is not None or column.items is None:
            return found
        step, _, further = rest.partition(".")
        if step not in ("items", column.items.name, column.items.id):
            return None
        within = within_column(column.items, further) if further else ""
        return None if within is None else f"{column.items.name}.{within}".rstrip(".")

    return below(table.columns, path)


def rules_of(table: Table) -> Iterator[QualityRule]:
    """Quality rules of the table and of its columns."""
    yield from table.quality
    for _, column in columns_at_any_depth(table):
        yield from column.quality


def relationships_of(table: Table) -> Iterator[Relationship]:
    """Relationships of the table and of its columns."""
    yield from table.relationships
    for _, column in columns_at_any_depth(table):
        yield from column.relationships
