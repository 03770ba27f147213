"""Say where and how a document breaks its standard, in the same words whichever tool found it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from weft.base.names import did_you_mean, nearest
from weft.base.problem import Problem
from weft.base.yaml_source import Key, YamlFile


class BreakKind(Enum):
    """What is wrong; the value is the last part of the problem's code."""

    UNKNOWN_KEY = "001"
    MISSING_KEY = "002"
    WRONG_TYPE = "003"
    WRONG_WORD = "004"
    OTHER = "005"


@dataclass(frozen=True)
class Break:
    """One break of a standard at a key path."""

    kind: BreakKind
    keys: tuple[Key, ...]  # of the value; for an unknown or missing key with that key at the end
    what: str | None = None  # only for OTHER
    found: str | None = None
    expected: str | None = None
    known: tuple[str, ...] = ()  # keys or words that would have been right


def problems_of(breaks: Iterable[Break], file: YamlFile, prefix: str) -> list[Problem]:
    """The breaks as problems at their places, each once, in the file's order."""
    problems = {_problem(broken, file, prefix): None for broken in breaks}
    return sorted(problems, key=lambda problem: (problem.where is None, problem.where, problem.code))


def _problem(broken: Break, file: YamlFile, prefix: str) -> Problem:
    code = prefix + broken.kind.value
    name = _name(broken.keys)
    where = file.place(*broken.keys)
    if broken.kind is BreakKind.UNKNOWN_KEY:
        near = did_you_mean(str(broken.keys[-1]), broken.known)
        known = None if near or not broken.known else f"one of {', '.join(sorted(broken.known))}"
        advice = near or "Put what the standard has no key for below `customProperties`."
        return Problem(code, f'The standard has no key "{name}" here.', where, expected=known, fix=advice)
    if broken.kind is BreakKind.MISSING_KEY:
        present = file.at(*broken.keys[:-1])
        near = nearest(str(broken.keys[-1]), present) if isinstance(present, dict) else None
        guess = f'Is "{near}" meant to be it?' if near and near not in broken.known else None
        return Problem(code, f'The key "{name}" is missing.', file.place(*broken.keys[:-1]), fix=guess)
    if broken.kind is BreakKind.WRONG_TYPE:
        quote = "Quote it." if broken.expected == "a text" and broken.found in _QUOTABLE else None
        return Problem(code, f'"{name}" has the wrong type.', where, broken.found, broken.expected, quote)
    if broken.kind is BreakKind.WRONG_WORD:
        near = did_you_mean(broken.found.strip('"'), broken.known) if broken.found else None
        what = f'"{name}" has a value that the standard does not know.'
        return Problem(code, what, where, broken.found, _one_of(broken.known, near), near)
    return Problem(code, broken.what or f'"{name}" breaks the standard.', where, broken.found, broken.expected)


_MANY_WORDS = 12


def _one_of(words: tuple[str, ...], near: str | None) -> str | None:
    """The words that would have been right; a long list only where no near one is offered."""
    if near and len(words) > _MANY_WORDS:
        return None
    return f"one of {', '.join(words)}" if len(words) > 1 else next(iter(words), None)


def _name(keys: tuple[Key, ...]) -> str:
    """The last key, with its list where it is an entry: `tags[2]`."""
    names = [key for key in keys if isinstance(key, str)]
    if not keys or not names:
        return "the document"
    if isinstance(keys[-1], str):
        return keys[-1]
    return f"{names[-1]}[{keys[-1] + 1}]"


_NUMBERS = "a number"
_QUOTABLE = frozenset((_NUMBERS, "true or false"))


def type_name(value: Any) -> str:
    """The type of a value in plain words.

    >>> [type_name(value) for value in (None, True, 1, "a", [], {})]
    ['nothing', 'true or false', 'a number', 'a text', 'a list', 'a mapping']
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return _NUMBERS
    words: dict[type, str] = {str: "a text", list: "a list", dict: "a mapping"}
    return words.get(type(value), type(value).__name__)


def shown(value: Any) -> str:
    """A declared value as a problem shows it: short, on one line."""
    if not isinstance(value, str):
        return type_name(value) if isinstance(value, list | dict) else str(value)
    line = " ".join(value.split())
    return f'"{line if len(line) <= 60 else line[:57] + "..."}"'
