"""docs/explanation/dependencies.md says of each dependency why it is there; each import of one is declared."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAMES = [re.match(r"[A-Za-z0-9._-]+", line).group() for line in PROJECT["dependencies"]]


def rows():
    """The first cells of the table of dependencies, by name, with the cells behind them."""
    text = (ROOT / "docs/explanation/dependencies.md").read_text(encoding="utf-8")
    table = text.partition("| --- |")[2].partition("\n\n")[0]
    for line in table.splitlines()[1:]:
        names, *cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in names.split(", "):
            yield name, cells


def test_every_dependency_is_explained():
    explained = {name for name, _ in rows()}
    assert [name for name in NAMES if name not in explained] == []


def test_every_explanation_says_who_imports_it_why_and_how_to_leave_it():
    assert [name for name, cells in rows() if len(cells) != 3 or not all(cells)] == []


def test_nothing_is_explained_that_is_no_dependency():
    assert [name for name, _ in rows() if name not in NAMES] == []
