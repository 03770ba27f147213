"""Models are compiled without data: what they read, which columns they make, what does not fit."""

import pytest

from weft.base.names import ProductName
from weft.build.compile import compile_models
from weft.engine.duckdb_engine import DuckDBEngine
from weft.spec.load import load_mesh

SHOP = ProductName("sales", "shop")
CRM = ProductName("crm", "people")
LANDED = {(SHOP, "raw"): {"id": "BIGINT", "Fee": "DECIMAL(10,2)", "day": "DATE"}}


@pytest.fixture
def compiled(tmp_path):
    def run(models, *, landed=LANDED, build="", engine=None):
        files = {
            "weft.yaml": "name: m\n",
            "domains/sales/shop/product.yaml": "apiVersion: v1.1.0\nkind: DataProduct\nid: s\nversion: 1.0.0\n"
            "status: active\noutputPorts: [{name: fees, version: 1.0.0, contractId: sales/shop/fees}]\n"
            "inputPorts: [{name: people, version: 1.0.0, contractId: crm/people}]\n",
            "domains/sales/shop/build.yaml": "sources: {raw: {kind: csv, path: raw.csv}}\n" + build,
            "domains/sales/shop/contracts/fees.yaml": "apiVersion: v3.2.0\nkind: DataContract\nid: sales/shop/fees\n"
            "version: 1.0.0\nstatus: active\nschema: [{name: fees, properties: [{name: id, logicalType: integer}]}]\n",
            "domains/crm/people/product.yaml": "apiVersion: v1.1.0\nkind: DataProduct\nid: p\nversion: 1.0.0\n"
            "status: active\noutputPorts: [{name: people, version: 1.0.0, contractId: crm/people}]\n",
            "domains/crm/people/contracts/people.yaml": "apiVersion: v3.2.0\nkind: DataContract\nid: crm/people\n"
            "version: 1.0.0\nstatus: active\nschema: [{name: people, properties: [{name: name, logicalType: string},"
            " {name: born, logicalType: date}]}]\n",
            **{f"domains/sales/shop/models/{name}": text for name, text in models.items()},
        }
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        with DuckDBEngine() as session:
            facts = compile_models(load_mesh(tmp_path, environ={}), engine or session, landed)
        return {name: fact for (_, name), fact in facts.items()}

    return run


def names(fact):
    return [name for name, _ in fact.reads]


def test_columns_come_from_landed_sources_promised_inputs_and_other_models(compiled):
    facts = compiled(
        {
            "per_day.sql": "SELECT day, sum(fee) AS fee FROM raw GROUP BY day",
            "fees.sql": "SELECT per_day.*, name FROM per_day JOIN people ON day = born",
        }
    )
    assert facts["per_day"].columns == {"day": "DATE", "fee": "DECIMAL(38,2)"}
    assert facts["fees"].columns == {"day": "DATE", "fee": "DECIMAL(38,2)", "name": "VARCHAR"}
    assert names(facts["fees"]) == ["per_day", "people"]


def test_columns_are_unknown_while_a_source_was_never_landed(compiled):
    facts = compiled({"a.sql": "SELECT * FROM raw", "b.sql": "SELECT nowhere FROM a"}, landed={})
    assert [(fact.columns, fact.problem) for fact in facts.values()] == [(None, None), (None, None)]


def test_a_python_port_is_read_by_its_promise(compiled):
    facts = compiled(
        {
            "fees.py": "import pyarrow as pa\ndef model(raw: pa.Table) -> pa.Table:\n    return raw\n",
            "more.sql": "SELECT id + 1 AS next FROM fees",
        }
    )
    assert (facts["fees"].columns, names(facts["fees"])) == (None, ["raw"])
    assert facts["more"].columns == {"next": "BIGINT"}


def test_a_model_may_be_named_as_the_source_that_it_reads(compiled):
    facts = compiled({"raw.sql": "SELECT id AS key FROM raw"})
    assert facts["raw"].columns == {"key": "BIGINT"}


def test_readers_of_a_snapshot_see_its_history(compiled):
    facts = compiled(
        {"seen.sql": "SELECT id FROM raw", "now.sql": "SELECT id FROM seen WHERE is_current"},
        build="models: {seen: {materialization: snapshot, key: [id]}}\n",
    )
    assert facts["now"].columns == {"id": "BIGINT"}


def test_models_in_a_circle_are_read_and_not_bound(compiled):
    facts = compiled({"a.sql": "SELECT * FROM b", "b.sql": "SELECT * FROM a"})
    assert {name: (names(fact), fact.columns) for name, fact in facts.items()} == {
        "a": (["b"], None),
        "b": (["a"], None),
    }


def test_a_file_read_past_the_graph_is_an_input_and_is_not_opened(compiled, tmp_path):
    text = f"SELECT *\nFROM raw, read_csv('{tmp_path}/secret.csv'), range(3)"
    fact = compiled({"a.sql": text})["a"]
    assert [(name, place.line, place.column) for name, place in fact.reads] == [
        ("raw", 2, 6),
        ("read_csv(...)", 2, 11),
    ]
    assert (fact.columns, fact.problem) == (None, None)


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "what", "fix"),
    [
        (
            "SELECT id,\n  fe\nFROM raw",
            *("MODEL103", 2, 3, 'Model "a" names the column "fe", which its inputs do not have.'),
            'Did you mean "fee"?',
        ),
        (
            "SELECT r.dayy FROM raw r",
            *("MODEL103", 1, 8, 'Model "a" names the column "dayy", which its inputs do not have.'),
            'Did you mean "day"?',
        ),
        (
            "SELECT x.id FROM raw",
            *("MODEL103", 1, 8, 'Model "a" names the table "x", which is not in its FROM.'),
            'Did you mean "raw"?',
        ),
        (
            "SELECT day + 'x' || [1] FROM raw",
            *("MODEL103", 1, None, 'Model "a" calls a function with types that it does not take.'),
            "Add a CAST.",
        ),
        (
            "SELECT summ(id) FROM raw",
            *("MODEL103", 1, 8, 'Model "a" does not fit its inputs: Scalar Function with name summ does not exist.'),
            'Did you mean "sum"?',
        ),
        (
            "SELECT id::NUMBR FROM raw",
            *("MODEL103", 1, 12, 'Model "a" does not fit its inputs: Type with name NUMBR does not exist.'),
            "*",
        ),
        ("SELECT 1; SELECT 2", "MODEL102", None, None, "*", "*"),
        ("DROP TABLE raw", "MODEL102", None, None, "*", "*"),
        ("SELECT (id FROM raw", "MODEL101", 1, None, "*", "*"),
    ],
)
def test_what_does_not_fit_is_told_at_its_place(compiled, text, code, line, column, what, fix):
    problem = compiled({"a.sql": text}, landed={(SHOP, "raw"): {"id": "BIGINT", "fee": "DOUBLE", "day": "DATE"}})[
        "a"
    ].problem
    assert (problem.code, problem.where.path, problem.where.line) == (code, "domains/sales/shop/models/a.sql", line)
    assert column is None or problem.where.column == column
    assert what in ("*", problem.what)
    assert fix in ("*", problem.fix)


def test_a_place_far_along_a_long_line_is_found(compiled):
    text = "SELECT " + ", ".join(f"id + {n} AS column_number_{n}" for n in range(60)) + ", fe AS last FROM raw"
    problem = compiled({"a.sql": text})["a"].problem
    assert problem.where.column == text.index("fe AS last") + 1


def test_the_engine_is_left_as_it_was(compiled):
    with DuckDBEngine() as engine:
        compiled({"a.sql": "SELECT id FROM raw", "b.sql": "SELECT fe FROM raw"}, engine=engine)
        assert engine.rows("SELECT count(*) FROM duckdb_tables() WHERE NOT internal") == [(0,)]
        assert engine.rows("SELECT count(*) FROM duckdb_views() WHERE NOT internal") == [(0,)]
