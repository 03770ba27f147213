"""Circles of things that need each other."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)


def find_cycles(needs_by_node: Mapping[Node, Iterable[Node]]) -> list[tuple[Node, ...]]:
    """One way round for every group of nodes that need each other, each node in one way at most.

    >>> find_cycles({"a": ["b"], "b": ["a", "c"], "c": [], "d": ["d"]})
    [('a', 'b'), ('d',)]
    """
    needs = {node: tuple(others) for node, others in needs_by_node.items()}
    done: set[Node] = set()
    reported: set[Node] = set()
    cycles: list[tuple[Node, ...]] = []
    for start in needs:
        path: dict[Node, None] = {}  # the way from the start, in order
        work = [(start, iter(needs[start]))] if start not in done else []
        if work:
            path[start] = None
        while work:
            node, rest = work[-1]
            other = next(rest, None)
            if other is None:
                work.pop()
                path.pop(node)
                done.add(node)
            elif other in path:
                way = list(path)
                cycle = tuple(way[way.index(other) :])
                if not reported.intersection(cycle):
                    reported.update(cycle)
                    cycles.append(cycle)
            elif other not in done and other in needs:
                path[other] = None
                work.append((other, iter(needs[other])))
    return cycles
