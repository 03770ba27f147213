"""Nothing that a contract says is left out of an export in silence."""

import pytest

from weft.spec.formats.feature import Feature
from weft.spec.formats.losses import _COLUMN, _OPTIONS, _TABLE, _TOP
from weft.spec.formats.registry import FORMATS

DOCUMENT = {
    "apiVersion": "v3.2.0",
    "kind": "DataContract",
    "id": "c",
    "version": "1.0.0",
    "team": {"name": "Sales"},
    "price": {"priceAmount": 0},
    "slaProperties": [{"property": "freshness", "value": 2, "unit": "h"}],
    "schema": [
        {
            "name": "t",
            "tags": ["a"],
            "properties": [
                {
                    "name": "n",
                    "logicalType": "integer",
                    "logicalTypeOptions": {"minimum": 0},
                    "classification": "public",
                    "customProperties": [{"property": "default", "value": 0}, {"property": "mine", "value": 1}],
                }
            ],
        }
    ],
}


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        (
            "parquet",
            ["team", "slaProperties", "price", "tags", "classification", "minimum", "default", "mine"],
        ),
        ("sql", ["team", "slaProperties", "price", "tags", "classification", "mine"]),
        ("html", ["price", "tags", "mine"]),
        ("odcs", []),
    ],
)
def test_every_part_that_a_format_lacks_is_told(write, name, lost):
    told = [note.what.split('"')[1] for note in write(DOCUMENT, name).notes if '"' in note.what]
    assert told == lost


def test_every_part_of_a_contract_is_watched():
    watched = {*_TOP, *_TABLE, *_COLUMN, *_OPTIONS, Feature.DEFAULT}
    # Whether identity, tables and nested columns are carried shows in what is written; one format a time says so.
    assert set(Feature) - watched == {Feature.IDENTITY, Feature.TABLES, Feature.NESTED}


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_carries_something_the_ways_it_goes(name):
    entry = FORMATS[name]
    assert (bool(entry.imports), bool(entry.exports)) == (entry.read is not None, entry.write is not None)
