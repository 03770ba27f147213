"""What weft does with one element of the standard."""

from dataclasses import dataclass
from enum import StrEnum


class Does(StrEnum):
    """How far an element counts."""

    COMPUTED = "computed"  # a check of every build comes out of it, or is steered by it
    USED = "used"  # it decides something else: order, names, what counts as a change
    SHOWN = "shown"  # people see it
    KEPT = "kept"  # it is validated, read and written back as it was


@dataclass(frozen=True)
class Entry:
    """What happens, in a sentence, and the module that does it."""

    does: Does
    says: str
    by: str


def computed(says: str, by: str) -> Entry:
    """By a module of `weft.build.check`."""
    return Entry(Does.COMPUTED, says, f"weft.build.check.{by}")


def used(says: str, by: str) -> Entry:
    """By any module."""
    return Entry(Does.USED, says, f"weft.{by}")


def shown(says: str, by: str = "spec.formats.write_html") -> Entry:
    """On the page of the contract, unless another module is named."""
    return Entry(Does.SHOWN, says, f"weft.{by}")


def kept(says: str = "Validated, and written back as it was.", by: str = "spec.write") -> Entry:
    """Nothing is made of it."""
    return Entry(Does.KEPT, says, f"weft.{by}")
