"""Following lineage from a column or a table, up to where it comes from and down to whatever uses it."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from weft.base.problem import Problem
from weft.graph.mesh_lineage import MeshLineage, TracedTable
from weft.graph.model_lineage import Exactness
from weft.graph.origins import Kind
from weft.graph.references import ROWS, ColumnRef, Reference, TableRef, unknown_column


class Direction(StrEnum):
    """Which way to follow."""

    UP = "up"
    DOWN = "down"
    BOTH = "both"


@dataclass(frozen=True)
class TraceNode:
    """A table, or a column of one, in a trace."""

    table: TableRef
    column: str | None  # None: the table as a whole; ROWS: which rows it has
    distance: int  # in tables from the start: negative up, positive down
    owner: str | None
    exactness: Exactness | None  # None: nothing in the mesh makes it
    cleansing: tuple[str, ...] = ()  # declared steps that touch it, or any column of a whole table

    @property
    def label(self) -> str:
        """Its name, as references are written."""
        return str(self.table) if self.column is None else f"{self.table}.{self.column}"


@dataclass(frozen=True)
class TraceEdge:
    """Something flows from one node to another, in these ways; none are told between whole tables."""

    source: str
    target: str
    kinds: tuple[Kind, ...] = ()


@dataclass(frozen=True)
class Trace:
    """What was found from where, nearest first."""

    start: tuple[str, ...]
    direction: Direction
    nodes: tuple[TraceNode, ...]
    edges: tuple[TraceEdge, ...]
    notes: tuple[Problem, ...] = ()  # of the tables in it: where lineage could only be read roughly

    def as_json(self) -> dict[str, object]:
        """The same for a machine."""
        return {
            "start": list(self.start),
            "direction": str(self.direction),
            "nodes": [
                {
                    "name": node.label,
                    "kind": str(node.table.kind),
                    "product": str(node.table.product),
                    "table": node.table.name,
                    "column": node.column,
                    "distance": node.distance,
                    "owner": node.owner,
                    "exactness": str(node.exactness) if node.exactness else None,
                    "cleansing": list(node.cleansing),
                }
                for node in self.nodes
            ],
            "edges": [
                {"from": edge.source, "to": edge.target, "kinds": [str(kind) for kind in edge.kinds]}
                for edge in self.edges
            ],
            "notes": [note.as_json() for note in self.notes],
        }


def trace(
    lineage: MeshLineage,
    reference: Reference,
    direction: Direction = Direction.UP,
    *,
    depth: int | None = None,
    direct_only: bool = False,
) -> Trace:
    """Follow a column, or whole tables where the reference names no column.

    Args:
        lineage: of the mesh.
        reference: where to start.
        direction: up, down or both.
        depth: how many tables away to go; None: to the end.
        direct_only: follow values only, and leave out what merely decides (filters, joins, groups).

    Raises:
        Problem: SELECT005, the table has no such column.
    """
    if reference.column is None:
        return _trace_tables(lineage, reference.tables, direction, depth)
    start = find_column(lineage, reference.tables[0], reference.column)
    up = _walk([start], lambda node: _columns_up(lineage, node, direct_only), depth) if direction != "down" else {}
    down = _walk([start], lambda node: _columns_down(lineage, node, direct_only), depth) if direction != "up" else {}
    distance = {node: -steps for node, steps in up.items()} | down | {start: 0}
    edges = [
        TraceEdge(str(source), str(target), kinds)
        for target in distance
        for source, kinds in _edges_into(lineage, target, direct_only)
        if source in distance and _same_side(distance[source], distance[target])
    ]
    nodes = [_node(lineage, node.table, node.column, steps) for node, steps in distance.items()]
    return _result(lineage, (str(start),), direction, nodes, edges)


def find_column(lineage: MeshLineage, table: TableRef, name: str) -> ColumnRef:
    """The column of a table, spelt as the table spells it.

    Raises:
        Problem: SELECT005, the table has no such column.
    """
    traced = lineage.tables[table]
    folded = name.casefold()
    for column in (*traced.columns, ROWS):
        if column.casefold() == folded:
            return ColumnRef(table, column)
    # A source may have more columns than are known; one that a model names is there.
    if ColumnRef(table, name) in lineage.columns or not traced.is_complete:
        return ColumnRef(table, name)
    raise unknown_column(name, table, traced.columns)


def columns_below(lineage: MeshLineage, starts: Iterable[ColumnRef]) -> dict[ColumnRef, int]:
    """Everything that depends on any of these columns, with its distance in tables."""
    return _walk(list(starts), lambda node: _columns_down(lineage, node, direct_only=False), None)


_Node = TypeVar("_Node", ColumnRef, TableRef)


def _trace_tables(lineage: MeshLineage, tables: tuple[TableRef, ...], direction: Direction, depth: int | None) -> Trace:
    graph = lineage.between_tables
    starts = list(tables)
    up = _walk(starts, lambda node: ((n, 1) for n in graph.upstream(node)), depth) if direction != "down" else {}
    down = _walk(starts, lambda node: ((n, 1) for n in graph.downstream(node)), depth) if direction != "up" else {}
    distance = {node: -steps for node, steps in up.items()} | down | dict.fromkeys(starts, 0)
    edges = [
        TraceEdge(str(source), str(target))
        for target in distance
        for source in graph.upstream(target)
        if source in distance and _same_side(distance[source], distance[target])
    ]
    nodes = [_node(lineage, table, None, steps) for table, steps in distance.items()]
    return _result(lineage, tuple(map(str, tables)), direction, nodes, edges)


def _walk(
    starts: list[_Node], neighbours: Callable[[_Node], Iterable[tuple[_Node, int]]], depth: int | None
) -> dict[_Node, int]:
    """Nearest first; a step within a table costs nothing."""
    distance = dict.fromkeys(starts, 0)
    queue = deque(starts)
    while queue:
        node = queue.popleft()
        for neighbour, cost in neighbours(node):
            steps = distance[node] + cost
            if (depth is None or steps <= depth) and steps < distance.get(neighbour, steps + 1):
                distance[neighbour] = steps
                (queue.append if cost else queue.appendleft)(neighbour)
    return {node: steps for node, steps in distance.items() if node not in starts}


def _columns_up(lineage: MeshLineage, node: ColumnRef, direct_only: bool) -> Iterator[tuple[ColumnRef, int]]:
    for source, _ in _edges_into(lineage, node, direct_only):
        yield source, 0 if source.table == node.table else 1


def _columns_down(lineage: MeshLineage, node: ColumnRef, direct_only: bool) -> Iterator[tuple[ColumnRef, int]]:
    for target in lineage.columns.downstream(node):
        if not direct_only or _is_direct(lineage.kinds[node, target]):
            yield target, 1


def _edges_into(
    lineage: MeshLineage, node: ColumnRef, direct_only: bool
) -> Iterator[tuple[ColumnRef, tuple[Kind, ...]]]:
    sources = lineage.columns.upstream(node)
    decided = lineage.decided_rows()
    if node.is_rows and node in decided:
        # Which rows the table above has tells nothing where no column decided about them.
        sources = tuple(source for source in sources if not source.is_rows or source in decided)
    for source in sources:
        kinds = lineage.kinds[source, node]
        if not direct_only or _is_direct(kinds):
            yield source, kinds
    # Every column depends on which rows its table has; a count depends on nothing else.
    rows = ColumnRef(node.table, ROWS)
    if (
        not node.is_rows
        and not direct_only
        and rows in lineage.columns
        and (rows in decided or (not sources and _is_made(lineage, node)))
    ):
        yield rows, (Kind.ROWS,)


def _is_made(lineage: MeshLineage, node: ColumnRef) -> bool:
    table = lineage.tables.get(node.table)
    return table is not None and table.lineage is not None


def _is_direct(kinds: tuple[Kind, ...]) -> bool:
    return any(kind.is_direct for kind in kinds)


def _same_side(source: int, target: int) -> bool:
    """Whether an edge belongs to one walk: not from above the start to below it past the start."""
    return source * target >= 0


def _node(lineage: MeshLineage, ref: TableRef, column: str | None, distance: int) -> TraceNode:
    table = lineage.tables.get(ref) or TracedTable(ref, (), False, None)
    return TraceNode(ref, column, distance, table.owner, table.exactness, _cleansing(table, column))


def _cleansing(table: TracedTable, column: str | None) -> tuple[str, ...]:
    if table.lineage is None:
        return ()
    if column == ROWS:
        return table.lineage.cleansing
    if column is not None:
        found = table.lineage.column(column)
        return found.cleansing if found else ()
    steps = [step for each in table.lineage.columns for step in each.cleansing]
    return tuple(dict.fromkeys((*steps, *table.lineage.cleansing)))


def _result(
    lineage: MeshLineage,
    start: tuple[str, ...],
    direction: Direction,
    nodes: list[TraceNode],
    edges: list[TraceEdge],
) -> Trace:
    nodes.sort(key=lambda node: (abs(node.distance), node.distance, node.label))
    edges.sort(key=lambda edge: (edge.source, edge.target))
    tables = {node.table for node in nodes}
    notes = [
        note
        for ref, table in lineage.tables.items()
        if ref in tables and table.lineage is not None
        for note in table.lineage.notes
    ]
    return Trace(start, direction, tuple(nodes), tuple(edges), tuple(notes))
