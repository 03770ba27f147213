"""A trace as a Mermaid flowchart, one box a table."""

from weft.graph.references import ROWS, TableRef
from weft.graph.trace import Trace, TraceNode


def render_mermaid(trace: Trace) -> str:
    """`flowchart LR` text; columns lie in the box of their table, dashed arrows only decide.

    Names are quoted and their quotes written as entities, so no name can break out of its label.
    """
    ids = {node.label: f"n{place}" for place, node in enumerate(trace.nodes)}
    lines = ["flowchart LR"]
    by_table: dict[TableRef, list[TraceNode]] = {}
    for node in trace.nodes:
        by_table.setdefault(node.table, []).append(node)
    for place, (table, nodes) in enumerate(by_table.items()):
        if nodes[0].column is None:
            lines.append(f'  {ids[nodes[0].label]}["{_text(str(table))}"]')
            continue
        lines.append(f'  subgraph t{place}["{_text(str(table))}"]')
        lines += [f'    {ids[node.label]}["{_text(_name(node))}"]' for node in nodes]
        lines.append("  end")
    for edge in trace.edges:
        is_solid = not edge.kinds or any(kind.is_direct for kind in edge.kinds)
        arrow = "-->" if is_solid else "-.->"
        label = f'|"{", ".join(edge.kinds)}"|' if edge.kinds else ""
        lines.append(f"  {ids[edge.source]} {arrow}{label} {ids[edge.target]}")
    lines += [f"  style {ids[start]} stroke-width:3px" for start in trace.start if start in ids]
    return "\n".join(lines) + "\n"


def _name(node: TraceNode) -> str:
    return "rows" if node.column == ROWS else str(node.column)


def _text(text: str) -> str:
    for sign, entity in (("&", "&amp;"), ("#", "#35;"), ('"', "#quot;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    return text.replace("\n", " ")
