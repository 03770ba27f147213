"""Where a relationship leads: a table of the same contract, or another port that the product makes or reads."""

from dataclasses import dataclass

from weft.base.names import PortName
from weft.spec.contract import Contract, Table
from weft.spec.contract_walk import contracts_of
from weft.spec.mesh import Mesh
from weft.spec.product import OutputPort, Product


@dataclass(frozen=True)
class RelationshipTarget:
    """A table that a relationship leads to."""

    table: Table
    port: PortName | None  # None: a table of the same contract that no port offers


def is_outside_mesh(to_table: str) -> bool:
    """Whether the reference leads to a contract that this mesh does not hold, which nobody can check here.

    >>> is_outside_mesh("crm/customers/customers"), is_outside_mesh("https://example.org/c.yaml#t")
    (False, True)
    """
    return "://" in to_table or ("#" in to_table and not to_table.startswith("domains/"))


def without_version(to_table: str) -> str:
    """The table alone.

    >>> without_version("crm/customers/customers@1.2.0"), named_version("crm/customers/customers@1.2.0")
    ('crm/customers/customers', '1.2.0')
    """
    return to_table.rpartition("@")[0] if "@" in to_table and not is_outside_mesh(to_table) else to_table


def named_version(to_table: str) -> str | None:
    """The version of the contract that is meant; None: the one that is published."""
    table = without_version(to_table)
    return None if table == to_table else to_table[len(table) + 1 :]


def is_version(published: str, meant: str) -> bool:
    """Whether a contract's version is the one that is meant, or one of those.

    >>> is_version("1.2.0", "1.2.0"), is_version("1.2.0", "1"), is_version("12.0.0", "1")
    (True, True, False)
    """
    return published == meant or published.startswith(f"{meant}.")


def target_of(mesh: Mesh, product: Product, contract: Contract, to_table: str) -> RelationshipTarget | None:
    """Resolve `Relationship.to_table`; None where it leads nowhere.

    A plain name means, in this order: a table of the same contract, an output port of the product, an input port of
    the product. `domain/product` and `domain/product/port` name any port of the mesh, the path of a contract's file
    with a table behind `#` the port that offers that table.
    """
    name = without_version(to_table)
    if "#" in name:
        return _of_contract_file(mesh, name)
    for table in contract.tables:
        if name in (table.name, table.physical_name):
            own = next((p for p in product.output_ports if p.contract is contract and p.table is table), None)
            return RelationshipTarget(table, own.name if own else None)
    port = product.output_port(name)
    if port is None and "/" in name:
        port = _port_of_full_name(mesh, name)
    if port is None:
        read = next((i.port for i in product.input_ports if i.name == name and i.port is not None), None)
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


def _of_contract_file(mesh: Mesh, name: str) -> RelationshipTarget | None:
    path, _, wanted = name.partition("#")
    for owner, contract in contracts_of(mesh):
        if contract.path != path:
            continue
        for table in contract.tables:
            if wanted in (table.name, table.physical_name, table.id):
                offers = (p.name for p in owner.output_ports if p.contract is contract and p.table is table)
                return RelationshipTarget(table, next(offers, None))
    return None


def _port_of_full_name(mesh: Mesh, text: str) -> OutputPort | None:
    try:
        return mesh.output_port(PortName.parse(text))
    except ValueError:
        return None
