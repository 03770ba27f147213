"""A trace as Graphviz DOT, one cluster a table."""

from weft.graph.references import ROWS, TableRef
from weft.graph.trace import Trace, TraceNode


def render_dot(trace: Trace) -> str:
    """`digraph` text; columns lie in the cluster of their table, dashed arrows only decide."""
    lines = ["digraph lineage {", "  rankdir=LR;", "  node [shape=box, fontsize=11];"]
    by_table: dict[TableRef, list[TraceNode]] = {}
    for node in trace.nodes:
        by_table.setdefault(node.table, []).append(node)
    for place, (table, nodes) in enumerate(by_table.items()):
        if nodes[0].column is None:
            lines.append(f"  {_quoted(nodes[0].label)}{_style(nodes[0], trace)};")
            continue
        lines += [f"  subgraph cluster_{place} {{", f"    label={_quoted(str(table))};"]
        for node in nodes:
            lines.append(f"    {_quoted(node.label)}{_style(node, trace)};")
        lines.append("  }")
    for edge in trace.edges:
        is_solid = not edge.kinds or any(kind.is_direct for kind in edge.kinds)
        style = "" if is_solid else ", style=dashed"
        label = f" [label={_quoted(', '.join(edge.kinds))}{style}]" if edge.kinds else ""
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)}{label};")
    return "\n".join([*lines, "}"]) + "\n"


def _style(node: TraceNode, trace: Trace) -> str:
    parts = [] if node.column is None else [f"label={_quoted('rows' if node.column == ROWS else node.column)}"]
    if node.label in trace.start:
        parts.append("penwidth=2")
    return f" [{', '.join(parts)}]" if parts else ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
