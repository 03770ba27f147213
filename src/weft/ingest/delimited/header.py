"""Names of columns out of a header: each one once, none empty, none over several lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from weft.base.problem import Place, Problem, Severity


@dataclass(frozen=True)
class Header:
    """Usable names, and what had to be done for them."""

    names: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def column_names(cells: Sequence[str], where: Place) -> Header:
    r"""Names for a header's cells.

    >>> column_names(["id", "Id", "", "gross\ntonnage "], Place("calls.csv", 1)).names
    ('id', 'Id_2', 'column_3', 'gross tonnage')
    """
    names: list[str] = []
    repeated, blank, folded = [], [], []
    taken = {" ".join(cell.split()).casefold() for cell in cells}
    seen: set[str] = set()
    for position, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())
        if "\n" in cell.strip() or "\r" in cell.strip():
            folded.append(position)
        if not name:
            name = _free(f"column_{position}", seen | taken)
            blank.append(position)
        elif name.casefold() in seen:  # SQL names do not tell letter case apart
            repeated.append(name)
            name = _numbered(name, seen | taken)
        names.append(name)
        seen.add(name.casefold())
    return Header(tuple(names), tuple(_warnings(repeated, blank, folded, where)))


def _warnings(repeated: list[str], blank: list[int], folded: list[int], where: Place) -> list[Problem]:
    found = []
    if repeated:
        found.append(
            (f"Names occur more than once in the header: {', '.join(repeated)}.", "the later ones got a number")
        )
    if blank:
        found.append((f"Columns without a name in the header: {_numbers(blank)}.", "they are called column_<position>"))
    if folded:
        found.append(
            (f"Names go over several lines in the header: columns {_numbers(folded)}.", "line breaks became blanks")
        )
    fix = "Give each column a name of its own in the file; or name them all with `names: [...]` in build.yaml."
    return [Problem("SOURCE015", what, where, done, fix=fix, severity=Severity.WARNING) for what, done in found]


def _numbered(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name}_{number}".casefold() in taken:
        number += 1
    return f"{name}_{number}"


def _free(name: str, taken: set[str]) -> str:
    return name if name.casefold() not in taken else _numbered(name, taken)


def _numbers(positions: list[int]) -> str:
    return ", ".join(str(position) for position in positions)
