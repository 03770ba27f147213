"""The table of what weft does with the contract standard speaks of every element, and only of these."""

import importlib.util

import pytest

from weft.spec.odcs.coverage.elements import elements_of
from weft.spec.odcs.coverage.entry import Does
from weft.spec.odcs.coverage.table import CHAPTERS, COVERAGE
from weft.spec.odcs.schemas import NEWEST, schema_of


def _leaves(part, path=()):
    """Every key of every `properties` of the schema, at any depth, however it is nested; conditions are no promise."""
    if isinstance(part, list):
        for one in part:
            yield from _leaves(one, path)
    elif isinstance(part, dict):
        for key, below in part.items():
            if key == "properties" and isinstance(below, dict):
                for name, inner in below.items():
                    yield name
                    yield from _leaves(inner, (*path, name))
            elif key not in ("if", "not", "examples", "enum", "default"):
                yield from _leaves(below, (*path, key))


def test_every_element_of_the_newest_schema_has_an_entry_and_every_entry_is_one():
    assert sorted(COVERAGE) == sorted(elements_of(schema_of(NEWEST)))


def test_the_walk_finds_every_name_that_the_schema_has():
    found = {name.rpartition(".")[2] for name in elements_of(schema_of(NEWEST))}
    assert found == set(_leaves(schema_of(NEWEST)))


def test_no_element_stands_in_two_chapters():
    assert sum(len(chapter) for chapter in CHAPTERS.values()) == len(COVERAGE)


@pytest.mark.parametrize("module", sorted({entry.by for entry in COVERAGE.values()}))
def test_the_module_that_an_entry_names_is_there(module):
    assert importlib.util.find_spec(module) is not None


def test_what_is_computed_is_so_by_the_checks():
    computed = {name: entry.by for name, entry in COVERAGE.items() if entry.does is Does.COMPUTED}
    assert len(computed) > 50
    assert {by for by in computed.values() if not by.startswith("weft.build.check.")} == set()
    assert [name for name, entry in COVERAGE.items() if not entry.says.endswith(".")] == []


def test_a_computed_option_of_a_column_is_spelled_in_the_module_that_computes_it():
    options = [name for name in COVERAGE if ".logicalTypeOptions." in name]
    missing = []
    for name in options:
        entry = COVERAGE[name]
        source = importlib.util.find_spec(entry.by).loader.get_source(entry.by)
        if entry.does is Does.COMPUTED and f'"{name.rpartition(".")[2]}"' not in source:
            missing.append((name, entry.by))
    assert missing == []
