"""What a change would touch: the tables and columns downstream, their owners, and whether readers break."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from weft.base.names import PortName, ProductName
from weft.graph.mesh_lineage import MeshLineage
from weft.graph.references import ColumnRef, Reference, TableKind, TableRef
from weft.graph.trace import columns_below, find_column
from weft.spec.contract import Contract
from weft.spec.contract_change import ChangeClass, ContractChange
from weft.spec.contract_diff import changes_between
from weft.spec.mesh import Mesh


@dataclass(frozen=True)
class TouchedTable:
    """A table downstream of a change."""

    table: TableRef
    distance: int  # in tables; 1: it reads the changed one itself
    owner: str | None
    columns: tuple[str, ...]  # whose values depend on what changed, sorted
    are_rows_touched: bool  # which rows it has depends on what changed
    exactness: str | None  # column | declared | table

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        return {
            "table": str(self.table),
            "kind": str(self.table.kind),
            "product": str(self.table.product),
            "distance": self.distance,
            "owner": self.owner,
            "columns": list(self.columns),
            "rows": self.are_rows_touched,
            "exactness": self.exactness,
        }


@dataclass(frozen=True)
class Impact:
    """What lies downstream of one port, column or other table."""

    subject: str
    changes: tuple[ContractChange, ...]  # against the published contract; empty where none is known
    touched: tuple[TouchedTable, ...]  # nearest first

    @property
    def is_breaking(self) -> bool:
        """Whether the contract takes back something that was published."""
        return any(change.change_class is ChangeClass.BREAKING for change in self.changes)

    @property
    def broken(self) -> tuple[TouchedTable, ...]:
        """Tables whose own query reads what changes: they fail or change meaning first."""
        return tuple(table for table in self.touched if table.distance == 1)

    @property
    def products(self) -> tuple[ProductName, ...]:
        """Products that have a touched table, sorted."""
        return tuple(sorted({table.table.product for table in self.touched}))

    @property
    def owners(self) -> tuple[str, ...]:
        """Teams to talk to, sorted."""
        return tuple(sorted({table.owner for table in self.touched if table.owner}))

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        return {
            "subject": self.subject,
            "breaking": self.is_breaking,
            "changes": [change.as_json() for change in self.changes],
            "products": [str(name) for name in self.products],
            "owners": list(self.owners),
            "touched": [table.as_json() for table in self.touched],
        }


def impact_of(
    lineage: MeshLineage,
    reference: Reference,
    mesh: Mesh,
    published: Mapping[PortName, Contract] | None = None,
) -> tuple[Impact, ...]:
    """What a change of a column, or of whole tables, would touch: one impact a table.

    Args:
        lineage: of the mesh.
        reference: what changes.
        mesh: the mesh.
        published: contracts of the last publications, to tell what has changed already.

    Raises:
        Problem: SELECT005, the table has no such column.
    """
    found = []
    for table in reference.tables:
        changes = _changes_of(table, mesh, published or {})
        if reference.column is not None:
            start = find_column(lineage, table, reference.column)
            changes = tuple(change for change in changes if change.column == start.column)
            found.append(Impact(str(start), changes, _touched(lineage, [start])))
        else:
            found.append(Impact(str(table), changes, _touched_by_table(lineage, table)))
    return tuple(found)


def impact_of_changes(
    mesh: Mesh, published: Mapping[PortName, Contract], lineage_as_published: MeshLineage
) -> tuple[Impact, ...]:
    """What the changes of all contracts since their last publication touch, breaking ones first.

    Args:
        mesh: the mesh as it is declared now.
        published: contracts of the last publications.
        lineage_as_published: lineage of the mesh with these contracts in place (`with_published_contracts`), in which
            columns that are gone now still have their readers.
    """
    found = []
    for port in mesh.output_ports():
        table = TableRef.of_port(port.name)
        changes = _changes_of(table, mesh, published)
        worth_telling = [change for change in changes if change.change_class is not ChangeClass.DOCS]
        if not worth_telling:
            continue
        starts = [
            ColumnRef(table, change.column)
            for change in worth_telling
            if change.column is not None and ColumnRef(table, change.column) in lineage_as_published.columns
        ]
        is_whole = any(change.column is None and change.change_class is ChangeClass.BREAKING for change in changes)
        touched = _touched_by_table(lineage_as_published, table) if is_whole else _touched(lineage_as_published, starts)
        found.append(Impact(str(port.name), changes, touched))
    return tuple(sorted(found, key=lambda impact: (not impact.is_breaking, impact.subject)))


def with_published_contracts(mesh: Mesh, published: Mapping[PortName, Contract]) -> Mesh:
    """The mesh with the contracts of the last publications in place of those declared now."""
    products = tuple(
        replace(
            product,
            output_ports=tuple(
                replace(port, contract=published.get(port.name, port.contract)) for port in product.output_ports
            ),
        )
        for product in mesh.products
    )
    return replace(mesh, products=products)


def _changes_of(table: TableRef, mesh: Mesh, published: Mapping[PortName, Contract]) -> tuple[ContractChange, ...]:
    if table.kind is not TableKind.PORT:
        return ()
    name = PortName(table.product.domain, table.product.product, table.name)
    port, before = mesh.output_port(name), published.get(name)
    if port is None or port.contract is None or before is None:
        return ()
    return changes_between(before, port.contract)


def _touched(lineage: MeshLineage, starts: Iterable[ColumnRef]) -> tuple[TouchedTable, ...]:
    by_table: dict[TableRef, list[tuple[ColumnRef, int]]] = {}
    own = set()
    for start in starts:
        own.add(start.table)
        for column, distance in columns_below(lineage, [start]).items():
            by_table.setdefault(column.table, []).append((column, distance))
    return _sorted(
        _touched_table(
            lineage,
            table,
            min(distance for _, distance in found),
            {column.column for column, _ in found if not column.is_rows},
            any(column.is_rows for column, _ in found),
        )
        for table, found in by_table.items()
        if table not in own
    )


def _touched_by_table(lineage: MeshLineage, table: TableRef) -> tuple[TouchedTable, ...]:
    """All that reads the table, with the columns that any of its columns feeds."""
    starts = [ColumnRef(table, column) for column in lineage.tables[table].columns]
    columns_by_table = {touched.table: touched for touched in _touched(lineage, starts)}
    found = []
    for below, distance in lineage.between_tables.below(table).items():
        touched = columns_by_table.get(below)
        found.append(_touched_table(lineage, below, distance, touched.columns if touched else (), True))
    return _sorted(found)


def _touched_table(
    lineage: MeshLineage, table: TableRef, distance: int, columns: Iterable[str], rows: bool
) -> TouchedTable:
    traced = lineage.tables.get(table)
    return TouchedTable(
        table=table,
        distance=distance,
        owner=traced.owner if traced else None,
        columns=tuple(sorted(columns)),
        are_rows_touched=rows,
        exactness=str(traced.exactness) if traced and traced.exactness else None,
    )


def _sorted(tables: Iterable[TouchedTable]) -> tuple[TouchedTable, ...]:
    return tuple(sorted(tables, key=lambda touched: (touched.distance, touched.table)))
