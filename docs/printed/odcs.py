"""Every element of the contract standard, and what weft does with it."""

from collections.abc import Iterator
from pathlib import Path

from printed.markdown import NOTE, table
from weft.spec.odcs.coverage.elements import elements_of
from weft.spec.odcs.coverage.entry import Does, Entry
from weft.spec.odcs.coverage.table import CHAPTERS, COVERAGE
from weft.spec.odcs.schemas import NEWEST, schema_of

_HEAD = Path(__file__).with_name("odcs_head.md").read_text(encoding="utf-8")


def page() -> str:
    """The page."""
    says = elements_of(schema_of(NEWEST))
    counts = {does: sum(entry.does is does for entry in COVERAGE.values()) for does in Does}
    total = ", ".join(f"{count} {does}" for does, count in counts.items())
    parts = [
        "# The contract standard, element by element\n",
        NOTE,
        _HEAD,
        f"ODCS {NEWEST.removeprefix('v')} has {len(COVERAGE)} elements: {total}.\n",
    ]
    for heading, entries in CHAPTERS.items():
        parts.append(f"## {heading}\n")
        parts.append(table(("element", "weft", "what it does", "by"), _rows(entries, says)))
    return "\n".join(parts)


def _rows(entries: dict[str, Entry], says: dict[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """In the order of the standard."""
    order = list(says)
    for name in sorted(entries, key=order.index):
        entry = entries[name]
        yield f"`{name}`", str(entry.does), entry.says, f"`{entry.by}`"
