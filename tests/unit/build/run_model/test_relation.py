"""Models in three languages: the same rows, and failures that name file and line but no value."""

from pathlib import Path

import pytest

from weft.base.problem import Problem
from weft.build.run_model.relation import add_model
from weft.engine.duckdb_engine import DuckDBEngine
from weft.spec.making import Model, ModelLanguage

TEXTS = {
    ModelLanguage.SQL: "SELECT id, amount * 2 AS doubled FROM orders WHERE amount > 1",
    ModelLanguage.IBIS: """
import ibis


def model(orders: ibis.Table) -> ibis.Table:
    return orders.filter(orders.amount > 1).select("id", doubled=orders.amount * 2)
""",
    ModelLanguage.ARROW: """
import pyarrow as pa
import pyarrow.compute as pc


def model(orders: pa.Table) -> pa.Table:
    taken = orders.filter(pc.greater(orders["amount"], 1))
    return pa.table({"id": taken["id"], "doubled": pc.multiply(taken["amount"], 2)})
""",
}


@pytest.fixture
def engine():
    with DuckDBEngine() as engine:
        engine.add_view("orders", "SELECT * FROM (VALUES (1, 1), (2, 2), (3, 3)) t(id, amount)")
        yield engine


def written(folder: Path, language: ModelLanguage, text: str) -> Model:
    path = folder / ("doubled.sql" if language is ModelLanguage.SQL else "doubled.py")
    path.write_text(text)
    return Model("doubled", language, path.name, text)


@pytest.mark.parametrize("language", list(ModelLanguage))
def test_a_model_gives_the_same_rows_in_every_language(engine, tmp_path, language):
    add_model(engine, written(tmp_path, language, TEXTS[language]), "doubled@candidate", tmp_path)
    assert engine.rows('FROM "doubled@candidate" ORDER BY id') == [(2, 4), (3, 6)]


@pytest.mark.parametrize(
    ("language", "text", "code", "line"),
    [
        (ModelLanguage.SQL, "SELECT nothing FROM orders", "ENGINE001", None),
        (ModelLanguage.ARROW, "import pyarrow as pa\n\n1 / 0\n\n\ndef model(orders: pa.Table): ...", "MODEL201", 3),
        (ModelLanguage.ARROW, "import nowhere_at_all\n\n\ndef model(orders: 'pa.Table'): ...", "MODEL201", 1),
        (ModelLanguage.ARROW, "def model(orders: 'pa.Table'):\n    return orders['gone']", "MODEL202", 2),
        (ModelLanguage.ARROW, "def model(orders: 'pa.Table'):\n    return 3", "MODEL203", None),
        (ModelLanguage.IBIS, "def model(orders: 'ibis.Table'):\n    return orders.gone", "MODEL202", 2),
        (ModelLanguage.IBIS, "def model(orders: 'ibis.Table'):\n    return orders.id", "MODEL203", None),
    ],
)
def test_a_model_that_fails_is_named_with_its_line(engine, tmp_path, language, text, code, line):
    with pytest.raises(Problem) as caught:
        add_model(engine, written(tmp_path, language, text), "candidate", tmp_path)
    assert caught.value.code == code
    assert caught.value.where is not None
    assert caught.value.where.path.startswith("doubled.")
    assert line is None or caught.value.where.line == line


def test_the_words_of_a_failing_function_are_not_repeated(engine, tmp_path):
    text = "def model(orders: 'pa.Table'):\n    raise ValueError('secret ' + str(orders['id'][0]))"
    with pytest.raises(Problem) as caught:
        add_model(engine, written(tmp_path, ModelLanguage.ARROW, text), "candidate", tmp_path)
    assert "secret" not in str(caught.value)
