"""Where commands speak: results to standard output, progress and problems to standard error.

A result is text for people or JSON for machines; the command gives both and knows neither terminal nor pipe.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TextIO

from weft.base.problem import Problem, Severity

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

Format = Literal["text", "json"]
_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}


@dataclass
class Output:
    """One command's voice."""

    format: Format = "text"
    verbosity: int = 0  # -1 quiet, 0 normal, 1 and more verbose

    def show(self, data: object, text: Callable[[], "str | RenderableType"]) -> None:
        """Print a result: `data` as one JSON value, or what `text` makes of it."""
        if self.format == "json":
            sys.stdout.write(json.dumps(data, indent=2, default=str, ensure_ascii=False) + "\n")
            return
        made = text()
        if isinstance(made, str):
            sys.stdout.write(made if made.endswith("\n") or not made else made + "\n")
        else:
            self.console().print(made)

    def progress(self, line: str) -> None:
        """Say to standard error what is going on; silent with -q."""
        if self.verbosity >= 0:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    def detail(self, line: str) -> None:
        """Say to standard error what only -v asks for."""
        if self.verbosity > 0:
            self.progress(line)

    def problems(self, problems: Iterable[Problem]) -> None:
        """Print problems: JSON to standard output in JSON mode, else text to standard error."""
        found = list(problems)
        if self.format == "json":
            sys.stdout.write(json.dumps({"problems": [p.as_json() for p in found]}, indent=2) + "\n")
            return
        for problem in found:
            sys.stderr.write(self.painted(problem) + "\n")

    def painted(self, problem: Problem) -> str:
        """A problem as text, its code coloured on a terminal."""
        text = str(problem)
        if not is_colour_wanted(sys.stderr):
            return text
        return text.replace(problem.code, f"\x1b[1;{_COLOURS[problem.severity]}m{problem.code}\x1b[0m", 1)

    def is_live(self) -> bool:
        """Whether progress may be drawn in place: a terminal reads it, and nobody asked for quiet."""
        return self.verbosity >= 0 and self.format == "text" and sys.stderr.isatty()

    def console(self, stderr: bool = False) -> "Console":
        """A Rich console that honours NO_COLOR and pipes."""
        from rich.console import Console

        stream: TextIO = sys.stderr if stderr else sys.stdout
        width: dict[str, Any] = {} if stream.isatty() else {"width": _width_of_a_pipe()}
        return Console(file=stream, no_color=not is_colour_wanted(stream), highlight=False, soft_wrap=False, **width)


def _width_of_a_pipe() -> int:
    """COLUMNS where it is set, else wide enough that no cell is folded: the reader is `grep` or a file."""
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdigit() and int(columns) > 0 else 10_000


def is_colour_wanted(stream: TextIO) -> bool:
    """Whether escape codes may go to a stream: a terminal, and NO_COLOR not set (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
