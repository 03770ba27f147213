from small_meshes import mesh, port, product

from weft.graph.mesh_lineage import trace_mesh
from weft.graph.references import parse_reference
from weft.graph.render_dot import render_dot
from weft.graph.render_mermaid import render_mermaid
from weft.graph.trace import trace

MESH = mesh(
    product(
        "a/b",
        sources={"s": {'x"]<b>': "INTEGER", "y": "INTEGER"}},
        models={"b": 'SELECT "x""]<b>" + 1 AS z FROM s WHERE y > 0'},
        ports=[port("a/b", ["z integer"])],
    )
)
FOUND = trace(trace_mesh(MESH), parse_reference("a/b.z", MESH))


def test_mermaid_keeps_columns_in_their_tables_and_no_name_breaks_out_of_its_label():
    assert render_mermaid(FOUND).splitlines() == [
        "flowchart LR",
        '  subgraph t0["a/b"]',
        '    n0["rows"]',
        '    n1["z"]',
        "  end",
        '  subgraph t1["source:a/b/s"]',
        '    n2["x#quot;]&lt;b&gt;"]',
        '    n3["y"]',
        "  end",
        '  n0 -.->|"rows"| n1',
        '  n2 -->|"transformation"| n1',
        '  n3 -.->|"filter"| n0',
        "  style n1 stroke-width:3px",
    ]


def test_dot_keeps_columns_in_their_tables_and_no_name_breaks_out_of_its_label():
    assert render_dot(FOUND).splitlines() == [
        "digraph lineage {",
        "  rankdir=LR;",
        "  node [shape=box, fontsize=11];",
        "  subgraph cluster_0 {",
        '    label="a/b";',
        '    "a/b.*" [label="rows"];',
        '    "a/b.z" [label="z", penwidth=2];',
        "  }",
        "  subgraph cluster_1 {",
        '    label="source:a/b/s";',
        '    "source:a/b/s.x\\"]<b>" [label="x\\"]<b>"];',
        '    "source:a/b/s.y" [label="y"];',
        "  }",
        '  "a/b.*" -> "a/b.z" [label="rows", style=dashed];',
        '  "source:a/b/s.x\\"]<b>" -> "a/b.z" [label="transformation"];',
        '  "source:a/b/s.y" -> "a/b.*" [label="filter", style=dashed];',
        "}",
    ]


def test_json_names_nodes_edges_and_how_exactly_each_is_known():
    told = FOUND.as_json()
    assert told["start"] == ["a/b.z"]
    assert [(n["name"], n["kind"], n["distance"], n["exactness"]) for n in told["nodes"]] == [
        ("a/b.*", "port", 0, "column"),
        ("a/b.z", "port", 0, "column"),
        ('source:a/b/s.x"]<b>', "source", -1, None),
        ("source:a/b/s.y", "source", -1, None),
    ]
    assert told["edges"] == [
        {"from": "a/b.*", "to": "a/b.z", "kinds": ["rows"]},
        {"from": 'source:a/b/s.x"]<b>', "to": "a/b.z", "kinds": ["transformation"]},
        {"from": "source:a/b/s.y", "to": "a/b.*", "kinds": ["filter"]},
    ]
