"""Run the `console` blocks of a document as a reader would: one shell, in the order of the page."""

import doctest
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CHECKER = doctest.OutputChecker()
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Step:
    """One command of a page, and what the page says it prints."""

    line: int
    command: str
    expected: str  # may hold `...`; empty: anything, so long as the command succeeds


def steps_of(document: str) -> list[Step]:
    """The commands of a page; a line that starts with `> ` goes on with the command before it."""
    steps: list[Step] = []
    for block in BLOCK.finditer(document):
        first_line = document[: block.start(1)].count("\n") + 1
        command: list[str] = []
        expected: list[str] = []
        started_at = first_line
        for number, line in enumerate(block.group(1).splitlines(), start=first_line):
            if line.startswith("$ "):
                if command:
                    steps.append(Step(started_at, "\n".join(command), "\n".join(expected)))
                command, expected, started_at = [line[2:]], [], number
            elif line.startswith("> ") or line == ">":
                command.append(line[2:])
            else:
                expected.append(line)
        if command:
            steps.append(Step(started_at, "\n".join(command), "\n".join(expected)))
    return steps


def run_document(path: Path, folder: Path) -> None:
    """Run every step of a page in an empty folder; fail at the first that prints something else."""
    here = folder
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("WEFT_")},
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "COLUMNS": "120",
        "WEFT_ACTOR": "ada",
    }
    for step in steps_of(path.read_text(encoding="utf-8")):
        script = f"{step.command}\ncode=$?\npwd > '{folder}/.here'\nexit $code"
        done = subprocess.run(
            ["bash", "-c", script], cwd=here, env=environ, capture_output=True, text=True, timeout=300, check=False
        )
        printed = done.stdout + done.stderr
        where = f"{path}:{step.line}: $ {step.command}"
        assert "Traceback (most recent call last)" not in printed, f"{where}\n{printed}"
        if step.expected.strip():
            # A page may show the result alone, or progress and result as they stand on a terminal.
            shown = (done.stdout, printed, done.stderr + done.stdout)
            assert any(CHECKER.check_output(step.expected + "\n", text, FLAGS) for text in shown), (
                f"{where}\nthe page says:\n{step.expected}\nit printed:\n{printed}"
            )
        else:
            assert done.returncode == 0, f"{where}\nended with {done.returncode}:\n{printed}"
        here = Path((folder / ".here").read_text().strip())
