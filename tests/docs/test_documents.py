"""Every console example of README and docs runs, and prints what the page says."""

from pathlib import Path

import pytest

from .console import run_document, steps_of

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
WITH_STEPS = [page for page in PAGES if steps_of(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", WITH_STEPS, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_examples_of_a_page_run_and_print_what_it_says(page, tmp_path):
    run_document(page, tmp_path)


def test_the_readme_and_the_tutorial_are_among_the_pages_that_run():
    names = {str(page.relative_to(ROOT)) for page in WITH_STEPS}
    assert {"README.md", "docs/tutorial/first-product.md"} <= names
