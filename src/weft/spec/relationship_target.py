"""Where a relationship leads: a table of the same contract, or another port that the product makes or reads."""

from dataclasses import dataclass

from weft.base.names import PortName
from weft.spec.contract import Contract, Table
from weft.spec.mesh import Mesh
from weft.spec.product import OutputPort, Product


@dataclass(frozen=True)
class RelationshipTarget:
    """A table that a relationship leads to."""

    table: Table
    port: PortName | None  # None: a table of the same contract that no port offers


def is_outside_mesh(to_table: str) -> bool:
    """Whether the reference leads to a contract that this mesh does not hold, which nobody can check here."""
    return "://" in to_table or "#" in to_table


def target_of(mesh: Mesh, product: Product, contract: Contract, to_table: str) -> RelationshipTarget | None:
    """Resolve `Relationship.to_table`; None where it leads nowhere.

    A plain name means, in this order: a table of the same contract, an output port of the product, an input port of
    the product. `domain/product` and `domain/product/port` name any port of the mesh.
    """
    for table in contract.tables:
        if to_table in (table.name, table.physical_name):
            own = next((p for p in product.output_ports if p.contract is contract and p.table is table), None)
            return RelationshipTarget(table, own.name if own else None)
    port = product.output_port(to_table)
    if port is None and "/" in to_table:
        port = _port_of_full_name(mesh, to_table)
    if port is None:
        read = next((i.port for i in product.input_ports if i.name == to_table and i.port is not None), None)
        port = mesh.output_port(read) if read is not None else None
    if port is None or port.table is None:
        return None
    return RelationshipTarget(port.table, port.name)


def names_to_refer_to(mesh: Mesh, product: Product, contract: Contract) -> list[str]:
    """Every name that a relationship of this contract could use."""
    names = [table.name for table in contract.tables]
    names += [port.name.port for port in product.output_ports]
    names += [port.name for port in product.input_ports]
    return names + [str(port.name) for port in mesh.output_ports()]


def _port_of_full_name(mesh: Mesh, text: str) -> OutputPort | None:
    try:
        return mesh.output_port(PortName.parse(text))
    except ValueError:
        return None
