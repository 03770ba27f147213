"""From a YAML text to plain data, event by event.

A loop over parser events instead of a recursive loader: depth and alias expansion are counted while they happen,
duplicate keys and anchors are seen before they are lost, and every value's position is at hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from weft.base.problem import Place, Problem
from weft.base.yaml_scalar import STANDARD_TAGS, ScalarError, scalar_value
from weft.base.yaml_syntax import short_name, syntax_problem

MAX_DEPTH = 100
MAX_EXPANDED_VALUES = 200_000  # values after aliases are followed; the largest official example has under 1,000
MAX_PROBLEMS = 100  # of one file; a file with more is not meant to be YAML

_Parser: Any = getattr(yaml.cyaml, "CParser", None) if yaml.__with_libyaml__ else None  # five times as quick
_Keys = tuple[str | int, ...]


class _PurePythonParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """The same events without libyaml."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)


@dataclass
class _Open:
    """A mapping or list whose end has not come yet."""

    keys: _Keys
    value: Any  # dict or list
    anchor: str | None
    is_mapping: bool
    pending_key: str | None = None
    is_waiting_for_value: bool = False
    skips_value: bool = False  # a duplicate or unusable key: its value is read and thrown away
    merges: list[Any] = field(default_factory=list)  # values of `<<`
    size: int = 1


@dataclass
class _Anchor:
    value: Any
    size: int
    keys: _Keys
    is_complete: bool
    first: int = 0  # its inner places are those from `first` to `last` in the order of the file
    last: int = 0


class _Stop(Exception):
    """The rest of the file cannot be read."""


def compose(text: str, path: str) -> tuple[Any, dict[_Keys, tuple[int, int]], list[Problem]]:
    """Read one document.

    Returns:
        Its data, the (line, column) of every key path, and every problem.
    """
    composer = _Composer(path)
    try:
        for event in _events(text):
            composer.take(event)
    except _Stop:
        pass
    except yaml.YAMLError as error:
        composer.problems.append(syntax_problem(error, text, path))
    if not composer.has_root and not composer.problems:
        composer.problems.append(
            Problem("YAML013", "The file is empty.", Place(path, 1, 1), fix="Fill it in, or remove it.")
        )
    broken = bool(composer.stack)
    return (None if broken else composer.root), composer.places, composer.problems


def _events(text: str) -> Iterator[Any]:
    parser = _Parser(text) if _Parser is not None else _PurePythonParser(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        dispose = getattr(parser, "dispose", None)
        if dispose is not None:
            dispose()


class _Composer:
    def __init__(self, path: str) -> None:
        self.path = path
        self.root: Any = None
        self.has_root = False
        self.documents = 0
        self.stack: list[_Open] = []
        self.anchors: dict[str, _Anchor] = {}
        self.places: dict[_Keys, tuple[int, int]] = {}
        self.placed: list[_Keys] = []  # keys of places in their order, so that an alias need not search them
        self.problems: list[Problem] = []
        self.expanded = 0

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._take_scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._open(event, kind is yaml.MappingStartEvent)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close(event)
        elif kind is yaml.AliasEvent:
            self._take_alias(event)
        elif kind is yaml.DocumentStartEvent:
            self._start_document(event)

    # The events, in the order of a file

    def _start_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self._report("YAML012", "The file holds several documents.", event, "one document", "Split it at `---`.")
            raise _Stop

    def _open(self, event: Any, is_mapping: bool) -> None:
        self._check_tag(event, "map" if is_mapping else "seq")
        if len(self.stack) >= MAX_DEPTH:
            self._report("YAML011", "The values are nested too deeply.", event, f"at most {MAX_DEPTH} levels", None)
            raise _Stop
        parent = self.stack[-1] if self.stack else None
        if parent is not None and parent.is_mapping and not parent.is_waiting_for_value:
            self._report("YAML015", "A list or mapping stands where a key must.", event, "a plain word as key", None)
            raise _Stop
        keys = self._enter(event)
        opened = _Open(keys, {} if is_mapping else [], event.anchor, is_mapping)
        self._remember_anchor(event, opened.value, 1, keys, is_complete=False)
        self.stack.append(opened)

    def _close(self, event: Any) -> None:
        closed = self.stack.pop()
        if closed.merges:
            self._merge(closed, event)
        if closed.anchor is not None:
            anchor = self.anchors.get(closed.anchor)
            if anchor is not None and anchor.value is closed.value:
                anchor.size, anchor.is_complete, anchor.last = closed.size, True, len(self.placed)
        self._attach(closed.value, closed.size)

    def _take_scalar(self, event: Any) -> None:
        parent = self.stack[-1] if self.stack else None
        if parent is not None and parent.is_mapping and not parent.is_waiting_for_value:
            self._take_key(parent, event)
            return
        keys = self._enter(event)
        value = self._scalar(event)
        self._remember_anchor(event, value, 1, keys, is_complete=True)
        self._attach(value, 1)

    def _take_key(self, parent: _Open, event: Any) -> None:
        key = event.value
        if event.anchor is not None:
            self._remember_anchor(event, key, 1, parent.keys, is_complete=True)
        parent.is_waiting_for_value = True
        parent.pending_key = key
        if key == "<<" and not event.style:
            return
        if key in parent.value:
            first = self.places.get((*parent.keys, key))
            seen = f" It stands in line {first[0]} already." if first else ""
            self._report(
                "YAML007",
                f'The key "{short_name(key)}" appears twice in one mapping.{seen}',
                event,
                "each key once",
                "Remove one of the two; readers differ in which one they take.",
            )
            parent.skips_value = True
            return
        parent.value[key] = None  # holds the order; the value comes with the next event
        self._place((*parent.keys, key), event)

    def _take_alias(self, event: Any) -> None:
        parent = self.stack[-1] if self.stack else None
        anchor = self.anchors.get(event.anchor)
        if anchor is None:
            self._report(
                "YAML008", f'No anchor "{short_name(event.anchor)}" stands before this alias.', event, None, None
            )
            raise _Stop
        if not anchor.is_complete:
            self._report("YAML010", "The alias stands inside the value that it repeats.", event, None, "Write it out.")
            raise _Stop
        if parent is not None and parent.is_mapping and not parent.is_waiting_for_value:
            self._report("YAML015", "An alias stands where a key must.", event, "a plain word as key", None)
            raise _Stop
        keys = self._enter(event)
        self._count(anchor.size, event)
        self._copy_places(anchor, keys)
        self._attach(_copy(anchor.value), anchor.size)

    # Steps of the above

    def _enter(self, event: Any) -> _Keys:
        """The key path of the value that begins here, whose position is noted."""
        self._count(1, event)
        if not self.stack:
            self.has_root = True
            self._place((), event)
            return ()
        parent = self.stack[-1]
        if parent.is_mapping:
            return (*parent.keys, parent.pending_key or "")  # an entry's position is that of its key
        keys = (*parent.keys, len(parent.value))
        self._place(keys, event)
        return keys

    def _place(self, keys: _Keys, event: Any) -> None:
        self.places[keys] = (event.start_mark.line + 1, event.start_mark.column + 1)
        self.placed.append(keys)

    def _attach(self, value: Any, size: int) -> None:
        if not self.stack:
            self.root = value
            return
        parent = self.stack[-1]
        parent.size += size
        if not parent.is_mapping:
            parent.value.append(value)
            return
        key, skips = parent.pending_key, parent.skips_value
        parent.is_waiting_for_value = parent.skips_value = False
        parent.pending_key = None
        if skips:
            return
        if key == "<<" and key not in parent.value:
            parent.merges.append(value)
        else:
            parent.value[key] = value

    def _merge(self, mapping: _Open, event: Any) -> None:
        """Fill in the entries of `<<: *other`; own entries win, as do those of an earlier one."""
        for merged in mapping.merges:
            for source in merged if isinstance(merged, list) else [merged]:
                if not isinstance(source, dict):
                    self._report("YAML010", "`<<` takes a mapping or a list of mappings.", event, None, None)
                    continue
                for key, value in source.items():
                    mapping.value.setdefault(key, value)

    def _scalar(self, event: Any) -> Any:
        if not self._check_tag(event, "scalar"):
            return event.value
        try:
            return scalar_value(event.value, event.tag, is_plain=not event.style)
        except ScalarError as error:
            self._report("YAML016", str(error), event, None, "Quote it, if it is meant as text.")
            return event.value

    def _check_tag(self, event: Any, kind: str) -> bool:
        tag = event.tag
        if tag is None or tag == "!" or STANDARD_TAGS.get(tag) == kind:
            return True
        self._report(
            "YAML009",
            f'The tag "{short_name(tag)}" is refused.',
            event,
            "plain values: text, numbers, true, false, null, lists and mappings",
            "Remove the tag; declarations never build objects.",
        )
        return False

    def _remember_anchor(self, event: Any, value: Any, size: int, keys: _Keys, *, is_complete: bool) -> None:
        if event.anchor is None:
            return
        if event.anchor in self.anchors:
            self._report(
                "YAML008",
                f'The anchor "{short_name(event.anchor)}" is named twice.',
                event,
                "each anchor once in a file",
                "Give the second one another name; readers differ in which one an alias means.",
            )
            return
        self.anchors[event.anchor] = _Anchor(value, size, keys, is_complete, len(self.placed), len(self.placed))

    def _count(self, values: int, event: Any) -> None:
        self.expanded += values
        if self.expanded > MAX_EXPANDED_VALUES:
            self._report(
                "YAML010",
                "The file grows too large when its aliases are followed.",
                event,
                f"at most {MAX_EXPANDED_VALUES:,} values",
                "Write the repeated parts out, or shorten them.",
            )
            raise _Stop

    def _copy_places(self, anchor: _Anchor, target: _Keys) -> None:
        """Values behind an alias are placed where they were written."""
        depth = len(anchor.keys)
        for inner in self.placed[anchor.first : anchor.last]:
            copied = target + inner[depth:]
            self.places[copied] = self.places[inner]
            self.placed.append(copied)

    def _report(self, code: str, what: str, event: Any, expected: str | None, fix: str | None) -> None:
        mark = event.start_mark
        where = Place(self.path, mark.line + 1, mark.column + 1)
        self.problems.append(Problem(code, what, where, expected=expected, fix=fix))
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Stop


def _copy(value: Any) -> Any:
    """Aliased values are copies, so that nobody who changes one changes the other; depth is bounded by MAX_DEPTH."""
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_copy(item) for item in value]
    return value
