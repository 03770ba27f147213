"""Explanations of the codes that no rule carries: reading files, engines, tables, queries, builds."""

from weft.spec.explanation import Explanation

CODES: dict[str, Explanation] = {}
