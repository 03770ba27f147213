"""Compare two contracts, and say who in the mesh reads what changed: a break by the standard may hurt nobody today."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.graph.impact import with_published_contracts
from weft.graph.mesh_lineage import MeshLineage, trace_mesh
from weft.graph.references import ColumnRef, TableRef
from weft.graph.trace import columns_below
from weft.spec.contract import Contract
from weft.spec.contract_change import ChangeClass, ContractChange
from weft.spec.contract_diff import changes_between
from weft.spec.contract_walk import port_tables, relationships_of
from weft.spec.semantic_version import parse_version
from weft.workspace.given_contract import GivenContract
from weft.workspace.lineage import remembered

if TYPE_CHECKING:
    from weft.spec.mesh import Mesh
    from weft.workspace.workspace import Workspace

QUERIES_DAYS = 90  # reads through the gateway that are older say little of today


@dataclass(frozen=True)
class Reader:
    """Who reads what a change is about."""

    name: str  # of a table, `domain/product/port` of a contract, or an actor
    how: str  # model | contract | query
    owner: str | None = None
    columns: tuple[str, ...] = ()  # of the reader, whose values depend on it
    further: int = 0  # tables below it that depend on it, too

    def as_json(self) -> dict[str, object]:
        """For a machine."""
        return {
            "name": self.name,
            "how": self.how,
            "owner": self.owner,
            "columns": list(self.columns),
            "further_tables": self.further,
        }


@dataclass(frozen=True)
class ComparedChange:
    """One difference and its readers; None: there is no mesh to look for readers in."""

    change: ContractChange
    readers: tuple[Reader, ...] | None = None

    @property
    def is_breaking(self) -> bool:
        """Whether the standard calls it breaking."""
        return self.change.change_class is ChangeClass.BREAKING

    def as_json(self) -> dict[str, object]:
        """For a machine."""
        told = None if self.readers is None else [reader.as_json() for reader in self.readers]
        return {**self.change.as_json(), "readers": told}


@dataclass(frozen=True)
class Comparison:
    """Two contracts side by side."""

    old: GivenContract
    new: GivenContract
    changes: tuple[ComparedChange, ...]
    ports: tuple[PortName, ...] = ()  # of the mesh, that the contract is of
    note: str | None = None  # why readers are not known

    @property
    def breaking(self) -> tuple[ComparedChange, ...]:
        """Changes that take a promise back."""
        return tuple(change for change in self.changes if change.is_breaking)

    @property
    def hurting(self) -> tuple[ComparedChange, ...]:
        """Breaking changes that somebody in the mesh reads today."""
        return tuple(change for change in self.breaking if change.readers)

    @property
    def needed_version(self) -> str | None:
        """The version that the changes ask for, where the new contract's is too low; None where it is high enough."""
        old, new = parse_version(self.old.contract.version), parse_version(self.new.contract.version)
        if old is None or new is None:
            return None
        classes = {change.change.change_class for change in self.changes}
        if ChangeClass.BREAKING in classes:
            needed = (old[0] + 1, 0, 0) if old[0] else (0, old[1] + 1, 0)
        elif ChangeClass.NON_BREAKING in classes:
            needed = (old[0], old[1] + 1, 0) if old[0] else (0, old[1], old[2] + 1)
        else:
            return None
        return None if new >= needed else ".".join(map(str, needed))

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "old": {"name": self.old.label, "version": self.old.contract.version},
            "new": {"name": self.new.label, "version": self.new.contract.version},
            "ports": [str(port) for port in self.ports],
            "breaking": len(self.breaking),
            "breaking_that_is_read": len(self.hurting) if self.note is None else None,
            "needed_version": self.needed_version,
            "note": self.note,
            "changes": [change.as_json() for change in self.changes],
        }


def compare_contracts(old: GivenContract, new: GivenContract, open_mesh: "Callable[[], Workspace]") -> Comparison:
    """Every difference, and its readers where the contract is one of a mesh.

    Args:
        old: what readers rely on.
        new: what is to come.
        open_mesh: opens the mesh of the working directory.
    """
    changes = changes_between(old.contract, new.contract)
    try:
        workspace = open_mesh()
    except Problem as problem:
        if problem.code != "SPEC001":
            raise
        return _without_readers(old, new, changes, "There is no mesh here, so nobody's reading is known.")
    ports = _ports_of(workspace.mesh, old, new)
    if not ports:
        note = f"No port of this mesh has the contract {new.contract.id}, so nobody's reading is known."
        return _without_readers(old, new, changes, note)
    readers = _Readers(workspace, dict.fromkeys(ports, old.contract))
    return Comparison(old, new, tuple(ComparedChange(c, readers.of(c)) for c in changes), tuple(ports))


def _without_readers(
    old: GivenContract, new: GivenContract, changes: Iterable[ContractChange], note: str
) -> Comparison:
    return Comparison(old, new, tuple(ComparedChange(change) for change in changes), note=note)


def _ports_of(mesh: "Mesh", old: GivenContract, new: GivenContract) -> list[PortName]:
    """Ports that are named, or whose contract has the same id."""
    named = {given.port for given in (old, new) if given.port is not None}
    ids = {old.contract.id, new.contract.id} - {""}
    return [
        port.name
        for port in mesh.output_ports()
        if port.name in named or (port.contract is not None and port.contract.id in ids)
    ]


class _Readers:
    """Looks for readers in the mesh as it is with the old contract in place: columns that go still have theirs."""

    def __init__(self, workspace: "Workspace", old_by_port: Mapping[PortName, Contract]) -> None:
        self.ports = tuple(old_by_port)
        self.mesh = with_published_contracts(workspace.mesh, old_by_port)
        self.old = next(iter(old_by_port.values()))
        known = remembered(workspace)
        self.lineage: MeshLineage = trace_mesh(self.mesh, source_columns=known.source_columns)
        self.queries = _queries(workspace, self.ports)

    def of(self, change: ContractChange) -> tuple[Reader, ...]:
        """Readers of what a change is about; nobody reads words."""
        if change.change_class is ChangeClass.DOCS or change.kind.endswith("_added"):
            return ()
        found: list[Reader] = []
        for port in self._ports_of(change.table):
            found += self._models(port, change.column)
            found += self._contracts(port, change.column)
            found += self._queries(port, change.column)
        return tuple(dict.fromkeys(found))

    def _ports_of(self, table: str | None) -> list[PortName]:
        """The ports that offer a table of the contract; all of them where the change is of the whole contract."""
        tables = {port.name: port.table for port in self.mesh.output_ports() if port.name in self.ports}
        matching = [name for name, one in tables.items() if one is not None and one.name == table]
        return matching or ([*tables] if not table or len(tables) == 1 else [])

    def _models(self, port: PortName, column: str | None) -> list[Reader]:
        table = TableRef.of_port(port)
        if table not in self.lineage.tables:
            return []
        top = column.split(".")[0] if column else None
        starts = [ColumnRef(table, name) for name in self.lineage.tables[table].columns if top in (None, name)]
        below = columns_below(self.lineage, [start for start in starts if start in self.lineage.columns])
        columns: dict[TableRef, list[str]] = {}
        for ref, distance in below.items():
            if distance == 1 and ref.table != table:
                columns.setdefault(ref.table, []).extend([] if ref.is_rows else [ref.column])
        if column is None:
            for reader in self.lineage.between_tables.downstream(table):
                columns.setdefault(reader, [])
        further = {ref.table for ref in below} - {table, *columns}
        return [
            Reader(str(ref), "model", self.lineage.tables[ref].owner, tuple(sorted(set(found))), len(further))
            for ref, found in sorted(columns.items())
            if ref in self.lineage.tables
        ]

    def _contracts(self, port: PortName, column: str | None) -> list[Reader]:
        """Contracts whose relationships lead to the port."""
        found = []
        for product, other, _, table in port_tables(self.mesh):
            if other.name == port:
                continue
            names = {str(port), *(i.name for i in product.input_ports if i.port == port)}
            for relationship in relationships_of(table):
                if relationship.to_table in names and (column is None or column in relationship.to_columns):
                    found.append(Reader(str(other.name), "contract", product.owner, relationship.from_columns))
        return found

    def _queries(self, port: PortName, column: str | None) -> list[Reader]:
        found: dict[str, set[str]] = {}
        for actor, read, columns in self.queries:
            if read == str(port) and (column is None or column.split(".")[0] in columns):
                found.setdefault(actor, set()).update([column] if column else [])
        return [Reader(actor, "query", None, tuple(sorted(columns))) for actor, columns in sorted(found.items())]


def _queries(workspace: "Workspace", ports: tuple[PortName, ...]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Actor, port and columns of what was asked lately; nothing where there is no ledger yet."""
    if workspace.environment.ledger is None and not (workspace.storage / "ledger.db").is_file():
        return []
    from weft.ledger.facts import ReadServed

    since = workspace.clock.now() - timedelta(days=QUERIES_DAYS)
    names = {str(port) for port in ports}
    return [
        (fact.actor, port, tuple(read.get("columns", ())))
        for fact in workspace.ledger.facts(ReadServed, since=since, decision="allowed")
        for port, read in fact.ports.items()
        if port in names
    ]
