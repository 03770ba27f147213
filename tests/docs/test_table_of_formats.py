"""The page about formats says what the formats declare."""

from pathlib import Path

from weft.spec.formats.table_of_formats import list_of_formats, table_of_formats

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "import-and-export-contracts.md"


def test_the_tables_of_formats_are_those_of_the_registry():
    text = PAGE.read_text(encoding="utf-8")
    assert list_of_formats() in text
    assert table_of_formats() in text
