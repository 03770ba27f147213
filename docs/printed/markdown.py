"""What the printed pages share."""

from collections.abc import Iterable, Sequence

NOTE = "<!-- Printed from the code by docs/generate.py; edit the code, then run `make reference`. -->\n"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars in cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"
