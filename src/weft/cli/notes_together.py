"""Notes that say the same of many places, told once."""

from collections.abc import Iterable
from dataclasses import replace

from weft.base.problem import Problem

_PLACES_SHOWN = 8


def told_together(notes: Iterable[Problem]) -> list[Problem]:
    """The first note of each reason, with the places of the others.

    A note is a sentence that ends in its reason: `Avro does not carry "minimum" of orders.total: ranges of numbers.`

    Args:
        notes: in the order in which they are to be told.
    """
    by_reason: dict[tuple[str, str, str], list[Problem]] = {}
    for note in notes:
        reason = note.what.rpartition(": ")[2]
        by_reason.setdefault((note.code, note.where.path if note.where else "", reason), []).append(note)
    return [_together(same) for same in by_reason.values()]


def _together(same: list[Problem]) -> Problem:
    first, *others = same
    if not others:
        return first
    lines = sorted({note.where.line for note in others if note.where and note.where.line})
    more = ", ..." if len(lines) > _PLACES_SHOWN else ""
    at = f": line {', '.join(map(str, lines[:_PLACES_SHOWN]))}{more}" if lines else ""
    return replace(first, found=f"{len(others)} more like it{at}")
