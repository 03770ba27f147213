"""Explanations of the codes that no rule carries: reading files, sources, engines, tables, queries, builds.

They are texts in `spec/codes`, one file a subject, in the same shape as the docstring of a rule. Whoever raises a
new code adds its text there; a habit test fails until it is.
"""

import re
from functools import cache
from importlib.resources import files

from weft.spec.explanation import Explanation, parse_explanation

_BLOCK = re.compile(r"^(?=[A-Z]+\d{3}(?: \([a-z]+\))?: )", re.MULTILINE)


@cache
def problem_codes() -> dict[str, Explanation]:
    """Explanations by code.

    >>> problem_codes()["YAML004"].fact
    'a file starts with a byte-order mark'
    """
    found: dict[str, Explanation] = {}
    for file in sorted(files("weft.spec").joinpath("codes").iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".txt"):
            continue
        for block in _BLOCK.split(file.read_text(encoding="utf-8")):
            if block.strip():
                explanation = parse_explanation(block)
                found[explanation.code] = explanation
    return found
