"""The formats that weft knows. A new one is a file for each way and an entry here."""

from weft.base.names import did_you_mean
from weft.base.problem import Place, Problem
from weft.spec.formats.entries import ENTRIES
from weft.spec.formats.format import Format
from weft.spec.formats.source import Source

FORMATS: dict[str, Format] = {entry.name: entry for entry in ENTRIES}
IMPORTED = tuple(name for name, entry in FORMATS.items() if entry.read is not None)
EXPORTED = tuple(name for name, entry in FORMATS.items() if entry.write is not None)


def format_named(name: str, names: tuple[str, ...]) -> Format:
    """The format of a name.

    Raises:
        Problem: FORMAT001 there is none.
    """
    if name not in names:
        raise Problem(
            "FORMAT001",
            f'There is no format "{name}" to choose here.',
            expected=f"one of {', '.join(names)}",
            fix=did_you_mean(name, names),
        )
    return FORMATS[name]


def detected(source: Source) -> Format:
    """The format of a file, by its content, and by its name where the content leaves a choice.

    Raises:
        Problem: FORMAT001 it is none that weft knows, FORMAT003 the file is empty.
    """
    if not source.content.strip():
        raise Problem("FORMAT003", "The file is empty.", Place(source.path))
    by_content = [FORMATS[n] for n in IMPORTED if (is_in := FORMATS[n].is_in) is not None and is_in(source)]
    by_name = [FORMATS[n] for n in IMPORTED if source.path.lower().endswith(FORMATS[n].endings)]
    both = [entry for entry in by_name if entry in by_content]
    for found in (both, by_content, by_name):
        if found:
            return found[0]
    raise Problem(
        "FORMAT001",
        "The file is in no format that weft knows.",
        Place(source.path),
        expected=f"one of {', '.join(IMPORTED)}",
        fix="Name the format: --from sql",
    )
