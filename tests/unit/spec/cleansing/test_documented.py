"""The page on cleansing names every step, every option with its words, and every function."""

import dataclasses
import re
from pathlib import Path

import pytest

from weft.engine.cleansing_macros import macros, unicode_macros
from weft.spec.cleansing import convert, deduplicate, impute, outliers, parse, trim
from weft.spec.cleansing.load import READERS

PAGE = (Path(__file__).parents[4] / "docs/how-to/cleanse.md").read_text(encoding="utf-8")
STEPS = {
    "trim": (trim.Trim, (*trim.FORMS, *trim.CASES)),
    "parse": (parse.Parse, parse.ON_ERROR),
    "convert": (convert.Convert, parse.ON_ERROR),
    "deduplicate": (deduplicate.Deduplicate, (*deduplicate.SURVIVORS, *deduplicate.VALUES)),
    "outliers": (outliers.Outliers, (*outliers.METHODS, *outliers.TREATMENTS)),
    "impute": (impute.Impute, (*impute.METHODS, impute.COLUMN, impute.LIST)),
}
WRITTEN_AS = {"start": "from", "priority_column": "priority"}


def test_every_step_has_its_section():
    assert set(READERS) == set(STEPS)


@pytest.mark.parametrize("name", STEPS)
def test_a_section_names_every_option_and_word(name):
    kind, words = STEPS[name]
    section = PAGE.split(f"\n### {name}\n")[1].split("\n## ")[0].split("\n### ")[0]
    options = {WRITTEN_AS.get(field.name, field.name) for field in dataclasses.fields(kind)} - {"kind", "place"}
    assert sorted(word for word in {*options, *words} if f"`{word}`" not in section) == []


def test_every_function_is_named():
    made = set(re.findall(r"MACRO (weft_\w+)\(", macros() + unicode_macros()))
    inner = {"weft_unit_factor", "weft_unit_shift", "weft_unit_dimension"}
    assert sorted(name for name in made - inner if f"{name}(" not in PAGE) == []
