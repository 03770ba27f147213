"""A file that is to be imported: its bytes, its text, and places in it."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weft.base.problem import Place, Problem
from weft.base.yaml_source import YamlFile, read_yaml_text

MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Source:
    """One file in some format."""

    path: str  # as problems show it
    content: bytes
    dialect: str | None = None  # of SQL
    file: Path | None = None  # where it lies, for formats whose schema is a small part of a large file
    notes: list[Problem] = field(default_factory=list)  # what a reader could not carry over; grows

    @property
    def stem(self) -> str:
        """The file's name without its endings.

        >>> Source("schemas/orders.schema.json", b"").stem
        'orders'
        """
        return Path(self.path).name.split(".", 1)[0] or "contract"

    @property
    def text(self) -> str:
        """The content as text.

        Raises:
            Problem: FORMAT002 it is none.
        """
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self.content.count(b"\n", 0, error.start) + 1
            raise self.problem("FORMAT002", "The file is no text in UTF-8.", line=line) from None

    def json(self, what: str) -> Any:
        """The content as JSON.

        Args:
            what: what the file should be, for the problem: `an Avro schema`.

        Raises:
            Problem: FORMAT002 it is none.
        """
        try:
            return json.loads(self.text)
        except json.JSONDecodeError as error:
            raise Problem(
                "FORMAT002",
                f"The file is not {what}: it is no JSON.",
                Place(self.path, error.lineno, error.colno),
                found=error.msg,
            ) from None
        except RecursionError:
            raise self.problem("FORMAT002", f"The file is not {what}: it nests too deeply.") from None

    def yaml(self) -> YamlFile:
        """The content as YAML, or JSON, whose values know their places.

        Raises:
            Problem: the first mistake of the file.
        """
        file, problems = read_yaml_text(self.text, self.path)
        if problems:
            raise problems[0]
        return file

    def line_of(self, *words: str) -> int | None:
        """The line in which the words first stand one after the other, each in quotes or alone.

        JSON's own reader knows no lines; names are found again by their text, which is near enough for a note.
        """
        text, position, is_found = self.text, 0, False
        for word in words:
            found = text.find(json.dumps(word, ensure_ascii=False), position)
            if found < 0:
                found = text.find(word, position)
            if found < 0:
                break
            position, is_found = found, True
        return text.count("\n", 0, position) + 1 if is_found else None

    def problem(self, code: str, what: str, *, line: int | None = None, **more: Any) -> Problem:
        """A problem of this file."""
        return Problem(code, what, Place(self.path, line), **more)
