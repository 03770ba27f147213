"""The whole table: every element of the newest ODCS with what weft does with it."""

from weft.spec.odcs.coverage import of_document, of_quality, of_schema, of_servers, of_service
from weft.spec.odcs.coverage.entry import Entry

CHAPTERS: dict[str, dict[str, Entry]] = {
    "The contract": of_document.ENTRIES,
    "Tables and columns": of_schema.ENTRIES,
    "Quality rules, definitions and custom properties": of_quality.ENTRIES,
    "Service levels, support, price, team and roles": of_service.ENTRIES,
    "Servers": of_servers.ENTRIES,
}
COVERAGE: dict[str, Entry] = {name: entry for chapter in CHAPTERS.values() for name, entry in chapter.items()}
