"""What a parser says of broken YAML, as a person would say it."""

import re
from typing import Any

import yaml

from weft.base.problem import Place, Problem

_SENTENCES = (
    ("could not find expected ':'", "A key has no colon after it, or a text of several lines is not indented."),
    ("mapping values are not allowed", "A second colon stands in a line that holds a key already."),
    ("did not find expected key", "The indentation of this line fits none of the lines above it."),
    ("did not find expected '-' indicator", "A list's entry is indented unlike the entries above it."),
    ("block collections are not allowed", "A list or mapping begins in a line where it cannot."),
    ("block sequence entries are not allowed", "A list begins in a line that holds a key or a value already."),
    ("did not find expected ',' or '}'", "A `{` is not closed, or a comma is missing."),
    ("did not find expected ',' or ']'", "A `[` is not closed, or a comma is missing."),
    ("expected ',' or '}'", "A `{` is not closed, or a comma is missing."),
    ("expected ',' or ']'", "A `[` is not closed, or a comma is missing."),
    ("unexpected end of stream", "A quotation mark is opened and never closed."),
    ("unknown escape", "A backslash in double quotes is followed by a letter that means nothing there."),
    ("special characters are not allowed", "The file holds a control character."),
    ("control characters are not allowed", "The file holds a control character."),
    ("undefined tag handle", "A tag begins with a handle that is not declared."),
    ("found undefined alias", "An alias stands before its anchor."),
    ("cannot start any token", "A text begins with a character that means something else in YAML."),
)
_FIXES = {
    "mapping values are not allowed": 'Quote a text that holds a colon: `title: "Orders: all of them"`.',
    "cannot start any token": "Quote the text.",
    "unknown escape": "Use single quotes: '\\d+'.",
}


def syntax_problem(error: yaml.YAMLError, text: str, path: str) -> Problem:
    """The problem of a text that cannot be parsed, at the place where the parser gave up."""
    raw = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "")
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line, column = _position(error, mark, text)
    where = Place(path, line, column)
    # libyaml often names the line after the one with the tab
    lines = text.splitlines()
    for number in (line, line - 1):
        if 0 < number <= len(lines) and re.match(r"^ *\t", lines[number - 1]):
            tab = lines[number - 1].index("\t") + 1
            return Problem(
                "YAML005",
                "A tab stands where the line is indented.",
                Place(path, number, tab),
                expected="spaces",
                fix="Replace tabs by spaces; set the editor to indent YAML by two spaces.",
            )
    if "\t" in raw:
        return Problem("YAML005", "A tab stands where a value begins.", where, expected="spaces", fix="Use spaces.")
    for phrase, sentence in _SENTENCES:
        if phrase in raw:
            return Problem("YAML006", sentence, where, fix=_FIXES.get(phrase))
    return Problem("YAML006", f"This is not YAML: {short_name(raw) or 'it cannot be read'}.", where)


def _position(error: yaml.YAMLError, mark: Any, text: str) -> tuple[int, int]:
    if mark is not None:
        return mark.line + 1, mark.column + 1
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return 1, 1
    before = text[:position]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def short_name(text: str) -> str:
    """A name as written, cut and without control characters."""
    clean = "".join(letter if letter.isprintable() else "?" for letter in text)
    return clean if len(clean) <= 60 else clean[:57] + "..."
