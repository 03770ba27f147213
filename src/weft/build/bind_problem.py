"""Say where and why the engine could not bind a model, in words of the mesh.

The engine speaks of a query; whoever wrote the model thinks of a file, a line and the columns of their inputs.
"""

import re
from collections.abc import Mapping

from weft.base.names import did_you_mean
from weft.base.problem import Place, Problem
from weft.spec.making import Model

DOES_NOT_BIND = "MODEL103"

_POSITION = re.compile(r"\n+LINE (?P<line>\d+): (?P<excerpt>[^\n]*)\n(?P<caret> *)\^\s*$")
_COLUMN = re.compile(
    r'(?:Referenced column "(?P<plain>[^"]+)" not found'
    r'|(?:Table|Values list) "(?P<table>[^"]+)" does not have a column named "(?P<of_table>[^"]+)")'
)
_TABLE = re.compile(r'Referenced table "(?P<table>[^"]+)" not found')
_HINT = re.compile(r'Did you mean "(?P<hint>[^"]+)"')
_CANDIDATES = re.compile(r'Candidate (?:bindings|tables): "(?P<first>[^"]+)"')
_FUNCTION = re.compile(
    r"No function matches the given name and argument types '(?P<call>[^']+)'"
    r'|Could not choose a best candidate function for the function call "(?P<unclear>[^"]+)"'
)


def bind_problem(problem: Problem, model: Model, columns_by_input: Mapping[str, Mapping[str, str]]) -> Problem:
    """The engine's complaint about a model as a Problem at the place in its file.

    Args:
        problem: what the engine raised.
        model: the model that it was asked to bind.
        columns_by_input: columns that each input of the model has.
    """
    message = problem.what.removeprefix("The query cannot be run: ")
    match = _POSITION.search(message)
    head = message[: match.start()] if match else message
    place = _place(match, model) if match else Place(model.path)
    known = sorted({column for columns in columns_by_input.values() for column in columns})
    column = _COLUMN.search(head)
    if column is not None:
        name = column["plain"] or column["of_table"]
        of_table = columns_by_input.get((column["table"] or "").casefold())
        what = f'Model "{model.name}" names the column "{name}", which its inputs do not have.'
        expected = ", ".join(sorted(of_table or known))
        fix = did_you_mean(name, of_table or known) or _hint(head)
        return Problem(DOES_NOT_BIND, what, place, expected=f"one of {expected}" if expected else None, fix=fix)
    table = _TABLE.search(head)
    if table is not None:
        what = f'Model "{model.name}" names the table "{table["table"]}", which is not in its FROM.'
        return Problem(DOES_NOT_BIND, what, place, fix=_hint(head))
    function = _FUNCTION.search(head)
    if function is not None:
        what = f'Model "{model.name}" calls a function with types that it does not take.'
        return Problem(DOES_NOT_BIND, what, place, found=function["call"] or function["unclear"], fix="Add a CAST.")
    first = head.strip().split("\n")[0].rstrip("!.")
    return Problem(DOES_NOT_BIND, f'Model "{model.name}" does not fit its inputs: {first}.', place, fix=_hint(head))


def _hint(head: str) -> str | None:
    match = _HINT.search(head) or _CANDIDATES.search(head)
    return f'Did you mean "{match.group(1)}"?' if match else None


def _place(match: re.Match[str], model: Model) -> Place:
    """The place that the caret points to.

    The engine may have wrapped the text and cuts long lines, so the words at the caret are looked up in the file.
    """
    line = int(match["line"])
    at_caret = match["excerpt"][max(len(match["caret"]) - len(f"LINE {line}: "), 0) :].removesuffix("...")
    lines = model.text.split("\n")
    if not 1 <= line <= len(lines):
        return Place(model.path)
    for words in (at_caret, at_caret.split(" ")[0]):
        column = lines[line - 1].find(words) if words else -1
        if column >= 0:
            return Place(model.path, line, column + 1)
    return Place(model.path, line)
