"""Read one mapping of weft's own files: each value by name and type, each mistake with its place.

A section remembers which keys were asked for; `finish` reports the others with the nearest known name.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from weft.base.names import did_you_mean
from weft.base.problem import Place, Problem
from weft.base.yaml_source import Key, YamlFile

_WORDS = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a mapping",
}


@dataclass
class Section:
    """A mapping at some key path of a file."""

    file: YamlFile
    keys: tuple[Key, ...]
    data: Mapping[str, Any]
    problems: list[Problem]
    known: set[str] = field(default_factory=set)

    @classmethod
    def top_of(cls, file: YamlFile, data: Mapping[str, Any], problems: list[Problem]) -> "Section":
        """The whole file."""
        return cls(file, (), data, problems)

    @property
    def place(self) -> Place:
        """Where it begins."""
        return self.file.place(*self.keys)

    def place_of(self, name: str) -> Place:
        """Where one of its keys stands."""
        return self.file.place(*self.keys, name)

    def value(self, name: str) -> Any:
        """A value of any type."""
        self.known.add(name)
        return self.data.get(name)

    def text(self, name: str) -> str | None:
        """A text, None where absent."""
        value = self.value(name)
        if value is None or isinstance(value, str):
            return value
        self._wrong_type(name, str)
        return None

    def required_text(self, name: str) -> str | None:
        """A text that must be there; None after the problem was told."""
        if self.data.get(name) in (None, ""):
            self.known.add(name)
            self.report("MESH002", f'The key "{name}" is missing.', self.place, expected=f"`{name}: ...`")
            return None
        return self.text(name)

    def text_or_number(self, name: str) -> str | None:
        """A text, or a number as a text: `5%` and `100`."""
        value = self.value(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if value is None or isinstance(value, str):
            return value
        self._wrong_type(name, str)
        return None

    def integer(self, name: str) -> int | None:
        """A whole number, None where absent."""
        value = self.value(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        self._wrong_type(name, int)
        return None

    def boolean(self, name: str) -> bool | None:
        """True or false, None where absent."""
        value = self.value(name)
        if value is None or isinstance(value, bool):
            return value
        self._wrong_type(name, bool)
        return None

    def choice(self, name: str, allowed: Iterable[str]) -> str | None:
        """One of a few words, None where absent or wrong."""
        text = self.text(name)
        words = list(allowed)
        if text is None or text in words:
            return text
        self.report(
            "MESH004",
            f'"{name}" has a value that it cannot have.',
            self.place_of(name),
            found=f'"{text}"',
            expected=f"one of {', '.join(words)}",
            fix=did_you_mean(text, words),
        )
        return None

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        value = self.value(name)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self._wrong_type(name, list, "a list of texts")
        return ()

    def mapping(self, name: str) -> Mapping[str, Any]:
        """A mapping whose keys are the user's own."""
        value = self.value(name)
        if value is None or isinstance(value, dict):
            return value or {}
        self._wrong_type(name, dict)
        return {}

    def sections(self, name: str) -> Iterator[tuple[str, "Section"]]:
        """The entries of a mapping of mappings: `sources: {calls: {...}}`."""
        for key, value in self.mapping(name).items():
            if isinstance(value, dict) or value is None:
                yield key, Section(self.file, (*self.keys, name, key), value or {}, self.problems)
            else:
                self.report(
                    "MESH003",
                    f'"{key}" below "{name}" is not a mapping.',
                    self.file.place(*self.keys, name, key),
                    found=_found(value),
                    expected="a mapping",
                )

    def items(self, name: str) -> Iterator["Section"]:
        """The entries of a list of mappings: `teams: [{name: ...}]`."""
        value = self.value(name)
        if value is None:
            return
        if not isinstance(value, list):
            self._wrong_type(name, list)
            return
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield Section(self.file, (*self.keys, name, index), item, self.problems)
            else:
                self.report(
                    "MESH003",
                    f'Entry {index + 1} of "{name}" is not a mapping.',
                    self.file.place(*self.keys, name, index),
                    found=_found(item),
                    expected="a mapping",
                )

    def rest(self) -> dict[str, Any]:
        """All keys that nobody asked for; they count as known from now on."""
        rest = {key: value for key, value in self.data.items() if key not in self.known}
        self.known.update(rest)
        return rest

    def finish(self) -> None:
        """Report the keys that nobody asked for."""
        for key in self.data:
            if key not in self.known:
                self.report(
                    "MESH001",
                    f'The key "{key}" is not known here.',
                    self.place_of(key),
                    expected=f"one of {', '.join(sorted(self.known))}",
                    fix=did_you_mean(key, self.known),
                )

    def report(
        self,
        code: str,
        what: str,
        where: Place,
        *,
        found: str | None = None,
        expected: str | None = None,
        fix: str | None = None,
    ) -> None:
        """Note a mistake."""
        self.problems.append(Problem(code, what, where, found, expected, fix))

    def _wrong_type(self, name: str, wanted: type, expected: str | None = None) -> None:
        self.report(
            "MESH003",
            f'"{name}" has the wrong type.',
            self.place_of(name),
            found=_found(self.data[name]),
            expected=expected or _WORDS[wanted],
            fix="Quote it." if wanted is str and isinstance(self.data[name], bool | int | float) else None,
        )


def _found(value: Any) -> str:
    return "nothing" if value is None else _WORDS.get(type(value), type(value).__name__)
