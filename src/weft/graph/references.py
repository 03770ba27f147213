"""How tables and columns anywhere in a mesh are named: `sales/orders.total`, `source:sales/orders/calls.fee`."""

from dataclasses import dataclass
from enum import StrEnum

from weft.base.names import PortName, ProductName, did_you_mean
from weft.base.problem import Problem
from weft.spec.mesh import Mesh
from weft.spec.product import Product

ROWS = "*"  # as a column: which rows a table has


class TableKind(StrEnum):
    """What a table is to the product that holds it."""

    SOURCE = "source"
    MODEL = "model"  # a step on the way, no port
    PORT = "port"


@dataclass(frozen=True, order=True)
class TableRef:
    """A source, intermediate model or output port.

    >>> orders = ProductName("sales", "orders")
    >>> str(TableRef(TableKind.PORT, orders, "orders")), str(TableRef(TableKind.SOURCE, orders, "till"))
    ('sales/orders', 'source:sales/orders/till')
    """

    kind: TableKind
    product: ProductName
    name: str

    @classmethod
    def of_port(cls, port: PortName) -> "TableRef":
        """The table of an output port."""
        return cls(TableKind.PORT, port.product_name, port.port)

    def __str__(self) -> str:
        if self.kind is TableKind.PORT:
            return str(PortName(self.product.domain, self.product.product, self.name))
        return f"{self.kind}:{self.product}/{self.name}"


@dataclass(frozen=True, order=True)
class ColumnRef:
    """A column of a table, or with ROWS for a name: which rows are there."""

    table: TableRef
    column: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"

    @property
    def is_rows(self) -> bool:
        """Whether this stands for the rows of the table and no column of it."""
        return self.column == ROWS


@dataclass(frozen=True)
class Reference:
    """What a name on the command line means: some tables, and perhaps a column of the only one."""

    tables: tuple[TableRef, ...]
    column: str | None = None


def parse_reference(text: str, mesh: Mesh) -> Reference:
    """Read `domain/product`, `domain/product/name` or either with `.column`.

    A name is a port's, else a model's, else a source's; `source:`, `model:` or `port:` in front says which. Without a
    column `domain/product` stands for all ports of the product.

    Raises:
        Problem: SELECT004, nothing of that name is there.
    """
    prefix, colon, rest = text.partition(":")
    kinds = [TableKind(prefix)] if colon and prefix in set(TableKind) else list(TableKind)[::-1]
    path, column = _split_column(rest if colon and prefix in set(TableKind) else text)
    parts = path.split("/")
    if len(parts) not in (2, 3) or not all(parts):
        raise _unknown(text, path, mesh)
    product = mesh.product(ProductName(parts[0], parts[1]))
    if product is None:
        raise _unknown(text, path, mesh)
    if len(parts) == 3:
        for kind in kinds:
            if parts[2] in names_of(product, kind):
                return Reference((TableRef(kind, product.name, parts[2]),), column)
        raise _unknown(text, path, mesh)
    ports = [port.name for port in product.output_ports]
    if column is None and ports:
        return Reference(tuple(TableRef.of_port(port) for port in ports))
    named = next((port for port in ports if port.port == parts[1]), ports[0] if len(ports) == 1 else None)
    if named is None:
        raise _unknown(text, path, mesh)
    return Reference((TableRef.of_port(named),), column)


def names_of(product: Product, kind: TableKind) -> tuple[str, ...]:
    """Names of the sources, intermediate models or ports of a product."""
    ports = tuple(port.name.port for port in product.output_ports)
    if kind is TableKind.PORT:
        return ports
    if kind is TableKind.SOURCE:
        return tuple(product.making.sources)
    return tuple(model.name for model in product.models if model.name not in ports)


def unknown_column(column: str, table: TableRef, known: tuple[str, ...]) -> Problem:
    """The problem of a column that its table has not."""
    return Problem(
        code="SELECT005",
        what=f'"{table}" has no column "{column}".',
        expected=f"one of {', '.join(known)}" if known else None,
        fix=did_you_mean(column, known),
    )


def _split_column(text: str) -> tuple[str, str | None]:
    """A dot behind the last slash parts the column off; names before it have no dots."""
    folder, slash, last = text.rpartition("/")
    name, dot, column = last.partition(".")
    return f"{folder}{slash}{name}", (column or None) if dot else None


def _unknown(text: str, path: str, mesh: Mesh) -> Problem:
    known = [
        str(TableRef(kind, product.name, name))
        for product in mesh.products
        for kind in TableKind
        for name in names_of(product, kind)
    ]
    known += [str(product.name) for product in mesh.products]
    bare = {name.partition(":")[2] or name for name in known}
    by_last_word = sorted(name for name in known if name.endswith(f"/{path}"))
    fix = f'Did you mean "{by_last_word[0]}"?' if by_last_word else did_you_mean(path, bare)
    return Problem(
        code="SELECT004",
        what=f'"{text}" names no product, port, model or source of this mesh.',
        expected="domain/product, domain/product/port, or one of these with .column",
        fix=fix,
    )
