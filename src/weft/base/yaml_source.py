"""YAML files whose values know their file, line and column.

Scalars follow YAML 1.2: dates stay strings and so do `NO`, `on` and `12:30`. Nothing that a file says can build
an object, and nothing that it says can cost more than its size allows: bytes, nesting and alias expansion are bounded.
Every mistake of a file is collected; only a broken syntax ends the reading at its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from weft.base.problem import Place, Problem

MAX_BYTES = 4 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Key: TypeAlias = str | int


@dataclass(frozen=True)
class YamlFile:
    """A file's data, plain dicts, lists and scalars, with the position of every value beside it."""

    path: str  # as shown in problems
    data: Any
    places: Mapping[tuple[Key, ...], tuple[int, int]] = field(default_factory=dict)  # (line, column), from 1

    def place(self, *keys: Key) -> Place:
        r"""Where the entry of these keys stands, else its nearest ancestor that has a position.

        >>> file, _ = read_yaml_text("name: a\nports:\n  - name: b\n", "product.yaml")
        >>> str(file.place("ports", 0, "name")), str(file.place("ports", 7, "name"))
        ('product.yaml:3:5', 'product.yaml:2:1')
        """
        for end in range(len(keys), -1, -1):
            position = self.places.get(keys[:end])
            if position is not None:
                return Place(self.path, *position)
        return Place(self.path)

    def at(self, *keys: Key) -> Any:
        """The value of these keys, or None where there is none.

        >>> file, _ = read_yaml_text("ports: [{name: b}]", "product.yaml")
        >>> file.at("ports", 0, "name"), file.at("ports", 3)
        ('b', None)
        """
        value = self.data
        for key in keys:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                return None
        return value


def read_yaml(path: Path, shown_as: str | None = None) -> tuple[YamlFile, list[Problem]]:
    """Read a file.

    Args:
        path: the file.
        shown_as: how problems name it; default: the path.

    Returns:
        What could be read, `data` None where nothing could, and every problem met.
    """
    name = shown_as if shown_as is not None else str(path)
    try:
        if not path.is_file():  # a pipe would wait for ever, a device never end
            return YamlFile(name, None), [_no_file(name)]
        size = path.stat().st_size
        if size > MAX_BYTES:
            return YamlFile(name, None), [_too_large(size, name)]
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)  # the file may have grown, or be a device that says it is empty
    except OSError as error:
        reason = error.strerror or "the system refuses"
        problem = Problem(
            "YAML001", f"The file cannot be read: {reason}.", Place(name), fix="Check the path and rights."
        )
        return YamlFile(name, None), [problem]
    return read_yaml_bytes(content, name)


def read_yaml_bytes(content: bytes, path: str) -> tuple[YamlFile, list[Problem]]:
    """Read the bytes of a file; `path` is how problems name it."""
    if len(content) > MAX_BYTES:
        return YamlFile(path, None), [_too_large(len(content), path)]
    problems: list[Problem] = []
    if content.startswith(BYTE_ORDER_MARK):
        content = content[len(BYTE_ORDER_MARK) :]
        problems.append(_byte_order_mark(path))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(_not_utf8(content, error.start, path))
        return YamlFile(path, None), problems
    file, more = read_yaml_text(text, path)
    return file, problems + more


def read_yaml_text(text: str, path: str) -> tuple[YamlFile, list[Problem]]:
    r"""Read a text; `path` is how problems name it.

    >>> file, problems = read_yaml_text("country: NO\nsince: 2026-01-01\nfee: 1.50\n", "a.yaml")
    >>> file.data, problems
    ({'country': 'NO', 'since': '2026-01-01', 'fee': 1.5}, [])
    """
    from weft.base.yaml_events import compose  # PyYAML costs 20 ms, which `weft --help` need not pay

    data, places, problems = compose(text, path)
    return YamlFile(path, data, places), problems


def mapping_of(file: YamlFile) -> tuple[dict[str, Any], list[Problem]]:
    """The file's data where it is a mapping; else an empty one and the problem.

    >>> file, _ = read_yaml_text("[1, 2]", "a.yaml")
    >>> data, problems = mapping_of(file)
    >>> data, problems[0].code
    ({}, 'YAML014')
    """
    if isinstance(file.data, dict):
        return file.data, []
    if file.data is None:
        return {}, []  # told already: empty or broken
    problem = Problem(
        "YAML014",
        "The file must hold keys and values at its top.",
        file.place(),
        found=f"a {'list' if isinstance(file.data, list) else 'single value'}",
        expected="lines such as `name: orders`",
    )
    return {}, [problem]


def walk(data: Any, keys: tuple[Key, ...] = ()) -> Iterator[tuple[tuple[Key, ...], Any]]:
    """Every value with its key path, outermost first.

    >>> list(walk({"a": [1]}))
    [((), {'a': [1]}), (('a',), [1]), (('a', 0), 1)]
    """
    yield keys, data
    if isinstance(data, dict):
        for key, value in data.items():
            yield from walk(value, (*keys, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from walk(value, (*keys, index))


def _no_file(path: str) -> Problem:
    return Problem("YAML001", "There is no such file.", Place(path), fix="Check its path; it must be a plain file.")


def _too_large(size: int, path: str) -> Problem:
    return Problem(
        "YAML002",
        "The file is too large to be a declaration.",
        Place(path),
        found=f"{size:,} bytes" if size <= MAX_BYTES * 1000 else "far more",
        expected=f"at most {MAX_BYTES:,} bytes",
        fix="Keep data out of declarations; split long contracts.",
    )


def _byte_order_mark(path: str) -> Problem:
    return Problem(
        "YAML004",
        "The file starts with a byte-order mark.",
        Place(path, 1, 1),
        found="the bytes EF BB BF, which other readers take for part of the first key",
        fix='Save it as "UTF-8", not as "UTF-8 with BOM".',
    )


def _not_utf8(content: bytes, position: int, path: str) -> Problem:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Problem("YAML003", "The file is UTF-16.", Place(path, 1, 1), expected="UTF-8", fix="Save it as UTF-8.")
    before = content[:position]
    line = before.count(b"\n") + 1
    column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
    return Problem(
        "YAML003",
        "The file is not UTF-8.",
        Place(path, line, column),
        found=f"byte 0x{content[position]:02X}",
        expected="UTF-8",
        fix="Save it as UTF-8; it is most likely Latin-1 or Windows-1252 now.",
    )
