"""A pattern that is no regular expression."""

import re
from collections.abc import Iterator
from typing import Any

from weft.base.problem import Place, Problem
from weft.spec.contract_walk import columns_at_any_depth, rules_of, tables_of
from weft.spec.rule import Rule, RuleContext

_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_BEYOND_LINEAR = re.compile(r"\(\?<?[=!]|\\[1-9]|\(\?P=|\(\?>|[*+?}]\+")
# Written by RE2 and unknown to Python: replaced by something of the same shape before Python compiles it.
_ONLY_IN_RE2 = (
    (re.compile(r"\\[pP](\{\^?\w+\}|\w)"), "x"),
    (re.compile(r"\[:\^?\w+:\]"), "x"),
    (re.compile(r"\\z"), "$"),
)


class PatternInvalid(Rule):
    """CONTRACT108: a pattern is no regular expression that the engine can run.

    Why: a check that cannot run protects nobody. Patterns run in linear time on every row, which rules out look-around
    and back-references.
    Bad: `pattern: "^[A-Z{3}$"`, or `pattern: "^(?!X).*$"`.
    Good: `pattern: "^[A-Z]{3}$"`.
    """

    code = "CONTRACT108"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every pattern of columns and rules that cannot run."""
        for _, _, table in tables_of(context.mesh):
            for path, column in columns_at_any_depth(table):
                yield from self._pattern(
                    column.logical_type_options.get("pattern"), column.place, f'The pattern of column "{path}"'
                )
            for rule in rules_of(table):
                yield from self._pattern(
                    rule.arguments.get("pattern"), rule.place, f'The pattern of the rule "{rule.name}"'
                )

    def _pattern(self, pattern: Any, where: Place, whose: str) -> Iterator[Problem]:
        if pattern is None:
            return
        if not isinstance(pattern, str):
            yield self.problem(where, f"{whose} is no text.", fix="Quote it.")
            return
        readable = pattern
        for only, instead in _ONLY_IN_RE2:
            readable = only.sub(instead, readable)
        if _BEYOND_LINEAR.search(_CLASS.sub("x", readable.replace("\\\\", ""))):
            yield self.problem(
                where,
                f"{whose} needs more than the engine's linear-time expressions.",
                found=pattern,
                expected="no look-around, no back-references, no possessive quantifiers",
                fix="Say what the text must be like, or write a SQL rule.",
            )
            return
        try:
            re.compile(readable)
        except re.error as error:
            yield self.problem(
                where, f"{whose} is no regular expression: {error.msg}.", found=pattern, fix="Mend the expression."
            )
