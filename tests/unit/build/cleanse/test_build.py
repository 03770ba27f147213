"""A declared cleansing in a build: what is published, told, remembered, and what makes it stale."""

import sys
import time

import pytest

from weft.build.model_test.run_tests import run_model_tests
from weft.cli.build_report import build_report
from weft.cli.show_report import show_report
from weft.graph.render_text import render_text
from weft.graph.trace import Direction
from weft.ledger.facts import Cleansed
from weft.spec.mesh_cache import load_mesh_cached
from weft.workspace.lineage import trace_reference
from weft.workspace.show_port import show_port
from weft.workspace.show_run import show_run


@pytest.fixture
def club(empty_mesh):
    """Members that come twice, with blanks around their names and holes in their fees."""
    mesh = empty_mesh
    mesh.product("club/members")
    mesh.contract("club/members", "id:int! name:text city:text")
    mesh.making(
        "club/members",
        """
        sources: {raw: {kind: csv, path: data/raw.csv, columns: {id: bigint, name: varchar, city: varchar}}}
        models:
          members:
            cleanse:
              - trim: {columns: [name, city], empty_as_null: true}
              - deduplicate: {key: [name], normalised: true, survivor: most_complete}
        """,
    )
    mesh.model("club/members", "members", "SELECT id, name, city FROM raw")
    mesh.rows_file("data/raw.csv", "id,name,city", "1, Ann,", "2,Bob,Ulm ", "3,ann,Bern", "4,Cid,Rom")
    return mesh


def test_what_is_published_is_cleansed_and_every_row_is_accounted_for(club):
    result = club.build()
    assert club.rows("club/members") == [(2, "Bob", "Ulm"), (3, "ann", "Bern"), (4, "Cid", "Rom")]
    totals = result.totals
    assert (totals.rows_in, totals.rows_published, totals.rows_merged) == (3, 3, 1)
    text = build_report(result)
    assert "ports: 4 rows made = 3 published + 0 held back + 1 merged" in text
    assert "trim name, city (trimmed, empty as NULL): 2 cells changed" in text
    assert "deduplicate name (one row a name (normalised), survivor: most_complete): 1 row merged into others" in text
    assert [report["rows_merged"] for report in result.as_json()["products"][0]["steps"][0]["cleansing"]] == [0, 1]


def test_the_ledger_remembers_each_step_and_show_tells_it(club):
    result = club.build()
    workspace = club.workspace()
    facts = workspace.ledger.facts(Cleansed)
    assert [(f.port, f.position, f.kind, f.rows_in, f.rows_out, f.rows_merged) for f in facts] == [
        ("club/members", 1, "trim", 4, 4, 0),
        ("club/members", 2, "deduplicate", 4, 3, 1),
    ]
    assert facts[0].cells["city"] == {"changed": 1, "emptied": 0}
    run = show_run(workspace, result.run_id)
    assert "1 row merged into others" in show_report(run)
    assert run.as_json()["cleansing"][1]["rows_merged"] == 1
    assert run.as_json()["balance"]["cleansed"] == [
        {"name": "club/members", "rows": 4, "kept": 3, "merged": 1, "adds_up": True}
    ]
    assert "club/members  4 = 3 + 1" in show_report(run)
    port = show_port(workspace, workspace.mesh.products[0].output_ports[0])
    assert [done["kind"] for done in port.as_json()["cleansing"]] == ["trim", "deduplicate"]
    assert "trim name, city" in show_report(port)


def test_a_dry_run_tells_the_same_and_remembers_nothing(club):
    result = club.build(dry_run=True)
    assert "1 row merged into others" in build_report(result)
    assert club.workspace().ledger.facts(Cleansed) == []


def test_another_setting_makes_the_table_anew(club):
    club.build()
    assert club.build().totals.rows_in == 0
    path = club.root / "domains/club/members/build.yaml"
    path.write_text(path.read_text().replace("most_complete", "first"))
    result = club.build()
    assert [str(reason) for reason in result.products[0].steps[0].reasons] == ["its settings in build.yaml changed"]
    assert club.rows("club/members")[0] == (1, "Ann", None)


def test_a_table_on_the_way_that_is_cleansed_is_stored_even_where_it_is_called_a_view(club):
    path = club.root / "domains/club/members/build.yaml"
    text = path.read_text().replace("  members:\n", "  tidy:\n    materialization: view\n")
    path.write_text(text)
    club.model("club/members", "tidy", "SELECT id, name, city FROM raw")
    club.model("club/members", "members", "SELECT id, name, city FROM tidy")
    result = club.build()
    assert len(club.rows("club/members")) == 3
    assert [(f.step, f.port) for f in club.workspace().ledger.facts(Cleansed)] == [("tidy", None)] * 2
    assert "merged" not in build_report(result).splitlines()[-1]


def test_a_text_that_cannot_be_read_stays_and_the_contract_holds_its_row_back(empty_mesh):
    mesh = empty_mesh
    mesh.product("club/visits")
    mesh.contract("club/visits", "id:int! came:day")
    mesh.making(
        "club/visits",
        """
        sources: {raw: {kind: csv, path: data/raw.csv, columns: {id: bigint, came: varchar}}}
        models:
          visits:
            cleanse:
              - parse: {columns: [came], type: date, formats: ["%d.%m.%Y"]}
        """,
    )
    mesh.model("club/visits", "visits", "SELECT id, came FROM raw")
    mesh.write("weft.yaml", "name: test\nenvironments: {dev: {quarantine_tolerance: 50%}}\ndefault_environment: dev\n")
    mesh.rows_file("data/raw.csv", "id,came", "1,24.12.2025", "2,yesterday", "3,")
    result = mesh.build()
    assert (result.totals.rows_published, result.totals.rows_quarantined) == (2, 1)
    assert [str(day) for _, day in mesh.rows("club/visits")] == ["2025-12-24", "None"]


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        ("sql", "SELECT id, weft_trim(name) AS name, weft_match_key(city) AS city FROM raw"),
        (
            "py",
            """
            from weft.cleansing import match_key, trim

            def model(raw):
                return raw.select("id", name=trim(raw.name), city=match_key(raw.city))
            """,
        ),
    ],
)
def test_the_functions_are_there_in_sql_and_ibis_models_and_lineage_goes_through_them(club, ending, text):
    club.making(
        "club/members",
        "sources: {raw: {kind: csv, path: data/raw.csv, columns: {id: bigint, name: varchar, city: varchar}}}",
    )
    (club.root / "domains/club/members/models/members.sql").unlink()
    club.model("club/members", "members", text, ending)
    club.build()
    assert club.rows("club/members") == [(1, "Ann", None), (2, "Bob", "ulm"), (3, "ann", "bern"), (4, "Cid", "rom")]
    found = trace_reference(club.workspace(), "club/members.city", Direction.UP)
    assert [(edge.source, [str(kind) for kind in edge.kinds]) for edge in found.edges] == [
        ("source:club/members/raw.city", ["transformation"])
    ]


def test_lineage_names_the_steps_of_a_column_of_its_rows_and_of_its_table(club):
    def labels(reference):
        found = trace_reference(club.workspace(), reference, Direction.UP)
        return found, {node.label: node.cleansing for node in found.nodes}

    found, steps = labels("club/members.city")
    assert steps["club/members.city"] == ("trim",)
    assert steps["club/members.*"] == ("deduplicate",)
    assert "club/members.city (cleansed: trim) comes from" in render_text(found)
    assert ("source:club/members/raw.name", "club/members.*") in {(e.source, e.target) for e in found.edges}
    assert labels("club/members")[1]["club/members"] == ("trim", "deduplicate")


def test_the_cases_of_a_model_see_its_cleansed_rows(club):
    club.write(
        "domains/club/members/tests/blanks.yaml",
        """
        model: members
        given: {raw: [{id: 1, name: " Ann", city: ""}, {id: 2, name: "ANN ", city: Ulm}]}
        expect: [{id: 2, name: ANN, city: Ulm}]
        """,
    )
    workspace = club.workspace()
    results = list(run_model_tests(workspace.mesh, workspace.mesh.products[0], workspace.new_engine))
    assert [(result.is_passed, result.problem) for result in results] == [(True, None)]


def test_a_mesh_from_the_cache_has_the_same_cleansing(club, tmp_path):
    first = load_mesh_cached(club.root, tmp_path / "cache")
    time.sleep(0.1)  # a file that was changed within one tick of the clock is not cached
    load_mesh_cached(club.root, tmp_path / "cache")
    assert (tmp_path / "cache/mesh.pickle").is_file()
    again = load_mesh_cached(club.root, tmp_path / "cache")
    cleanse = [mesh.products[0].model("members").settings.cleanse for mesh in (first, again)]
    assert cleanse[0] == cleanse[1]
    assert [step.kind for step in cleanse[1]] == ["trim", "deduplicate"]


def test_a_forest_without_scikit_learn_is_a_problem_that_names_the_extra(club, monkeypatch):
    path = club.root / "domains/club/members/build.yaml"
    forest = "- outliers: {columns: [id], method: isolation_forest, treatment: empty}"
    path.write_text(path.read_text().replace("- trim: {columns: [name, city], empty_as_null: true}", forest))
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    result = club.build()
    problem = result.products[0].steps[0].problems[0]
    assert (problem.code, problem.where.line) == ("CLEANSE007", 5)
    assert "weft[outliers]" in problem.fix
