"""The formats as a table in Markdown, as the docs print it: what each way carries, from what the formats declare."""

from weft.spec.formats.feature import Feature
from weft.spec.formats.registry import FORMATS


def table_of_formats() -> str:
    """One row a part of a contract, one column a format: `in`, `out`, `both` or `lost`."""
    names = list(FORMATS)
    lines = [f"| carried | {' | '.join(names)} |", f"| --- |{' --- |' * len(names)}"]
    for feature in Feature:
        cells = [_cell(feature, name) for name in names]
        lines.append(f"| {feature.value} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(feature: Feature, name: str) -> str:
    is_read, is_written = feature in FORMATS[name].imports, feature in FORMATS[name].exports
    if is_read and is_written:
        return "both"
    return "in" if is_read else "out" if is_written else "lost"


def list_of_formats() -> str:
    """One row a format: its name, the endings of its files, and what else is to be known."""
    lines = ["| format | files | import | export | |", "| --- | --- | --- | --- | --- |"]
    for entry in FORMATS.values():
        ways = ["yes" if way else "no" for way in (entry.read, entry.write)]
        endings = ", ".join(f"`{ending}`" for ending in entry.endings)
        remarks = entry.remarks + (" One table a file." if entry.one_table else "")
        lines.append(f"| `{entry.name}`: {entry.title} | {endings} | {' | '.join(ways)} | {remarks} |")
    return "\n".join(lines) + "\n"
