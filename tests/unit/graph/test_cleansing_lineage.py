"""Lineage goes through declared cleansing steps, and names them."""

import pytest

from weft.base.problem import Place
from weft.graph.cleansing_lineage import with_cleansing
from weft.graph.column_lineage import lineage_of_sql
from weft.spec.cleansing.convert import Convert
from weft.spec.cleansing.deduplicate import Deduplicate
from weft.spec.cleansing.impute import Impute
from weft.spec.cleansing.outliers import Outliers
from weft.spec.cleansing.trim import Trim

PLACE = Place("build.yaml")
INPUTS = {"raw": {"id": "BIGINT", "name": "VARCHAR", "fee": "DOUBLE", "unit": "VARCHAR", "seen": "DATE"}}


def told(lineage):
    return {
        column.name: ({str(use.input): {str(kind) for kind in use.kinds} for use in column.inputs}, column.cleansing)
        for column in lineage.columns
    }


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Trim(place=PLACE, columns=("NAME",)), {"name": ({"raw.name": {"transformation"}}, ("trim",))}),
        (
            Convert(place=PLACE, columns=("fee",), to="EUR", unit_column="unit", factors={"EUR": 1.0}),
            {
                "fee": ({"raw.fee": {"transformation"}, "raw.unit": {"transformation"}}, ("convert",)),
                "unit": ({"raw.unit": {"transformation"}}, ("convert",)),
            },
        ),
        (
            Outliers(place=PLACE, columns=("fee",), by=("unit",)),
            {"fee_outlier": ({"raw.fee": {"aggregation"}, "raw.unit": {"window"}}, ("outliers",))},
        ),
        (
            Impute(place=PLACE, columns=("fee",), method="median", by=("unit",)),
            {
                "fee": ({"raw.fee": {"aggregation"}, "raw.unit": {"window"}}, ("impute",)),
                "fee_imputed": ({"raw.fee": {"conditional"}}, ("impute",)),
            },
        ),
        (
            Impute(place=PLACE, columns=("fee",), method="constant", value="0", mark="list"),
            {
                "fee": ({"raw.fee": {"transformation"}}, ("impute",)),
                "imputed_columns": ({"raw.fee": {"conditional"}}, ("impute",)),
            },
        ),
        (
            Deduplicate(place=PLACE, key=("name",), survivor="newest", by="seen", values={"fee": "newest"}),
            {"fee": ({"raw.fee": {"aggregation"}, "raw.seen": {"conditional"}}, ("deduplicate",))},
        ),
    ],
)
@pytest.mark.parametrize("query", ["SELECT id, name, fee, unit, seen FROM raw", "SELECT * FROM raw"])
def test_a_step_changes_the_lineage_of_its_columns_only(step, expected, query):
    before = lineage_of_sql(query, INPUTS)
    assert told(with_cleansing(before, (step,))) == {**told(before), **expected}


def test_which_rows_are_left_depends_on_the_key_and_on_what_chooses_the_survivor():
    before = lineage_of_sql("SELECT id, name, seen FROM raw", INPUTS)
    step = Deduplicate(place=PLACE, key=("name",), survivor="newest", by="seen")
    after = with_cleansing(before, (step,))
    assert {str(use.input): [str(kind) for kind in use.kinds] for use in after.rows} == {
        "raw.name": ["group_by"],
        "raw.seen": ["group_by"],
    }
    assert after.cleansing == ("deduplicate",)


def test_steps_are_told_in_their_order():
    before = lineage_of_sql("SELECT name FROM raw", INPUTS)
    steps = (Trim(place=PLACE, columns=("name",)), Impute(place=PLACE, columns=("name",), method="mode"))
    column = with_cleansing(before, steps).column("name")
    assert column.cleansing == ("trim", "impute")
    assert [str(kind) for kind in column.inputs[0].kinds] == ["aggregation"]
