"""A small directed graph in plain Python: order, distances and cycles.

Edges run from what is read to what reads it, so "up" follows them backwards. Thousands of nodes are
ordinary here (every column of a mesh is one), therefore nothing recurses and every step is linear.
"""

import heapq
from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)


class DirectedGraph(Generic[Node]):
    """Nodes in the order they were given, and edges from upstream to downstream.

    >>> graph = DirectedGraph(["report", "orders", "raw"], [("raw", "orders"), ("orders", "report")])
    >>> graph.order()
    ('raw', 'orders', 'report')
    >>> graph.above("report")
    {'orders': 1, 'raw': 2}
    """

    def __init__(self, nodes: Iterable[Node] = (), edges: Iterable[tuple[Node, Node]] = ()) -> None:
        self._up: dict[Node, dict[Node, None]] = {}
        self._down: dict[Node, dict[Node, None]] = {}
        for node in nodes:
            self.add(node)
        for source, target in edges:
            self.connect(source, target)

    def add(self, node: Node) -> None:
        """Make sure that the node is there."""
        self._up.setdefault(node, {})
        self._down.setdefault(node, {})

    def connect(self, source: Node, target: Node) -> None:
        """Say that `target` reads `source`; saying it twice changes nothing."""
        self.add(source)
        self.add(target)
        self._up[target][source] = None
        self._down[source][target] = None

    def __contains__(self, node: object) -> bool:
        return node in self._up

    def __iter__(self) -> Iterator[Node]:
        return iter(self._up)

    def __len__(self) -> int:
        return len(self._up)

    def upstream(self, node: Node) -> tuple[Node, ...]:
        """What the node reads itself."""
        return tuple(self._up.get(node, ()))

    def downstream(self, node: Node) -> tuple[Node, ...]:
        """What reads the node itself."""
        return tuple(self._down.get(node, ()))

    def edges(self) -> Iterator[tuple[Node, Node]]:
        """Every edge as (upstream, downstream)."""
        for source, targets in self._down.items():
            for target in targets:
                yield source, target

    def above(self, node: Node, depth: int | None = None) -> dict[Node, int]:
        """Everything that the node depends on, with its distance in edges."""
        return _distances(self._up, node, depth)

    def below(self, node: Node, depth: int | None = None) -> dict[Node, int]:
        """Everything that depends on the node, with its distance in edges."""
        return _distances(self._down, node, depth)

    def order(self) -> tuple[Node, ...]:
        """Every node after all that it reads; among equals as given.

        Nodes of a cycle have no such order: they come as given, after what the cycle reads and
        before what reads the cycle.
        """
        return tuple(node for group in self._groups() for node in group)

    def cycles(self) -> tuple[tuple[Node, ...], ...]:
        """Groups of nodes that depend on themselves through each other, each in the order of its edges.

        >>> DirectedGraph("abc", [("a", "b"), ("b", "a"), ("b", "c")]).cycles()
        (('a', 'b'),)
        """
        found = []
        for group in self._groups():
            if len(group) > 1:
                found.append(_walk_around(group, self._down))
            elif group[0] in self._down[group[0]]:
                found.append(group)
        return tuple(found)

    def _groups(self) -> list[tuple[Node, ...]]:
        """Strongly connected groups in topological order."""
        group_by_node = _strong_groups(self._up)
        position = {node: place for place, node in enumerate(self._up)}
        members: dict[int, list[Node]] = {}
        for node in self._up:
            members.setdefault(group_by_node[node], []).append(node)
        waiting = {group: set[int]() for group in members}
        readers: dict[int, set[int]] = {group: set() for group in members}
        for source, target in self.edges():
            from_group, to_group = group_by_node[source], group_by_node[target]
            if from_group != to_group:
                waiting[to_group].add(from_group)
                readers[from_group].add(to_group)
        ready = [(position[members[group][0]], group) for group, needs in waiting.items() if not needs]
        heapq.heapify(ready)
        ordered: list[tuple[Node, ...]] = []
        while ready:
            _, group = heapq.heappop(ready)
            ordered.append(tuple(members[group]))
            for reader in readers[group]:
                waiting[reader].discard(group)
                if not waiting[reader]:
                    heapq.heappush(ready, (position[members[reader][0]], reader))
        return ordered


def _distances(neighbours: Mapping[Node, Mapping[Node, None]], start: Node, depth: int | None) -> dict[Node, int]:
    """Breadth first; the start is left out even where a cycle leads back to it."""
    distance = {start: 0}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        if depth is not None and distance[node] >= depth:
            continue
        for neighbour in neighbours.get(node, ()):
            if neighbour not in distance:
                distance[neighbour] = distance[node] + 1
                queue.append(neighbour)
    del distance[start]
    return distance


def _strong_groups(neighbours: Mapping[Node, Mapping[Node, None]]) -> dict[Node, int]:
    """Number of the strongly connected group of each node (Tarjan, SIAM J. Comput. 1972, without recursion)."""
    index: dict[Node, int] = {}
    low: dict[Node, int] = {}
    group: dict[Node, int] = {}
    trail: list[Node] = []
    for root in neighbours:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        trail.append(root)
        work = [(root, iter(neighbours[root]))]
        while work:
            node, rest = work[-1]
            for neighbour in rest:
                if neighbour not in index:
                    index[neighbour] = low[neighbour] = len(index)
                    trail.append(neighbour)
                    work.append((neighbour, iter(neighbours[neighbour])))
                    break
                if neighbour not in group:
                    low[node] = min(low[node], index[neighbour])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    number = index[node]
                    while True:
                        member = trail.pop()
                        group[member] = number
                        if member == node:
                            break
    return group


def _walk_around(group: tuple[Node, ...], down: Mapping[Node, Mapping[Node, None]]) -> tuple[Node, ...]:
    """A shortest way from the first node of the group back to itself."""
    inside = set(group)
    start = group[0]
    came_from: dict[Node, Node] = {}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for neighbour in down[node]:
            if neighbour == start:
                way = [node]
                while way[-1] != start:
                    way.append(came_from[way[-1]])
                return tuple(reversed(way))
            if neighbour in inside and neighbour not in came_from:
                came_from[neighbour] = node
                queue.append(neighbour)
    raise AssertionError("a strongly connected group of two or more nodes has a way back")
