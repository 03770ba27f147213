"""A trace as an indented tree for a terminal."""

from weft.graph.model_lineage import Exactness
from weft.graph.references import ROWS
from weft.graph.trace import Direction, Trace, TraceEdge, TraceNode

_EXACTNESS = {Exactness.DECLARED: "declared by the contract", Exactness.TABLE: "only its tables are known"}
_MAX_LINES = 2000  # a tree repeats what is reached twice; past this it says so and stops


def render_text(trace: Trace) -> str:
    """Trees up and down from the start; what was shown before is named once more without its branch."""
    lines: list[str] = []
    nodes = {node.label: node for node in trace.nodes}
    ways = [Direction.UP, Direction.DOWN] if trace.direction is Direction.BOTH else [trace.direction]
    for way in ways:
        title = "comes from" if way is Direction.UP else "goes to"
        for start in trace.start:
            lines.append(f"{_label(nodes[start])} {title}")
            branches = _branches(trace, way, nodes)
            if not branches.get(start):
                lines.append("  nothing in this mesh")
            _grow(start, branches, nodes, lines)
        lines.append("")
    lines += [f"note: {note.where}: {note.what}" for note in trace.notes]
    return "\n".join(lines).rstrip() + "\n"


def _branches(trace: Trace, way: Direction, nodes: dict[str, TraceNode]) -> dict[str, list[tuple[str, TraceEdge]]]:
    """Edges by the node that they are shown below."""
    branches: dict[str, list[tuple[str, TraceEdge]]] = {}
    sign = -1 if way is Direction.UP else 1
    for edge in trace.edges:
        near, far = (edge.target, edge.source) if way is Direction.UP else (edge.source, edge.target)
        if nodes[far].distance * sign >= 0 and nodes[near].distance * sign >= 0:
            branches.setdefault(near, []).append((far, edge))
    return branches


def _grow(
    start: str, branches: dict[str, list[tuple[str, TraceEdge]]], nodes: dict[str, TraceNode], lines: list[str]
) -> None:
    shown = {start}
    stack = [(far, edge, 1) for far, edge in reversed(branches.get(start, []))]
    while stack:
        label, edge, depth = stack.pop()
        if len(lines) >= _MAX_LINES:
            lines.append("  ... cut here; --depth or --format json shows the rest")
            return
        ways = f"  [{', '.join(edge.kinds)}]" if edge.kinds else ""
        again = label in shown and bool(branches.get(label))
        lines.append(f"{'  ' * depth}{_label(nodes[label])}{ways}{'  (see above)' if again else ''}")
        if label not in shown:
            shown.add(label)
            stack += [(far, further, depth + 1) for far, further in reversed(branches.get(label, []))]


def _label(node: TraceNode) -> str:
    text = f"{node.table} (its rows)" if node.column == ROWS else node.label
    exactness = _EXACTNESS.get(node.exactness) if node.exactness else None
    told = [exactness] if exactness else []
    told += [f"cleansed: {', '.join(node.cleansing)}"] if node.cleansing else []
    return f"{text} ({'; '.join(told)})" if told else text
