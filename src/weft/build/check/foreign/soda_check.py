"""One check of Soda as data, and its thresholds in the words of the contract's standard."""

import re
from dataclasses import dataclass, field
from typing import Any

from weft.build.check.foreign.foreign_rule import NotMapped
from weft.build.check.threshold import Limit
from weft.spec.contract import Operator, Threshold

_BY_SIGN = {
    "=": Operator.MUST_BE,
    "!=": Operator.MUST_NOT_BE,
    "<>": Operator.MUST_NOT_BE,
    "<": Operator.MUST_BE_LESS_THAN,
    "<=": Operator.MUST_BE_LESS_OR_EQUAL_TO,
    ">": Operator.MUST_BE_GREATER_THAN,
    ">=": Operator.MUST_BE_GREATER_OR_EQUAL_TO,
}
_OPPOSITE = {
    Operator.MUST_BE: Operator.MUST_NOT_BE,
    Operator.MUST_NOT_BE: Operator.MUST_BE,
    Operator.MUST_BE_LESS_THAN: Operator.MUST_BE_GREATER_OR_EQUAL_TO,
    Operator.MUST_BE_LESS_OR_EQUAL_TO: Operator.MUST_BE_GREATER_THAN,
    Operator.MUST_BE_GREATER_THAN: Operator.MUST_BE_LESS_OR_EQUAL_TO,
    Operator.MUST_BE_GREATER_OR_EQUAL_TO: Operator.MUST_BE_LESS_THAN,
    Operator.MUST_BE_BETWEEN: Operator.MUST_NOT_BE_BETWEEN,
    Operator.MUST_NOT_BE_BETWEEN: Operator.MUST_BE_BETWEEN,
}
_NUMBER = r"-?\d+(?:\.\d+)?"
_COMPARED = re.compile(rf"(<=|>=|!=|<>|=|<|>)\s*({_NUMBER})\s*(%)?$")
_BETWEEN = re.compile(rf"(not\s+)?between\s*\[?\s*({_NUMBER})\s*%?\s+and\s+({_NUMBER})\s*%?\s*\]?$", re.IGNORECASE)
_AGE = re.compile(r"(<=|<)\s*((?:\d+\s*[dhms]\s*)+)$", re.IGNORECASE)
_SECONDS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True)
class SodaCheck:
    """A metric of some columns with what it may be."""

    metric: str  # row_count, missing_count, avg, ...
    columns: tuple[str, ...] = ()
    allowed: tuple[tuple[str, Limit], ...] = ()  # severity and limit; more than one where it warns before it fails
    settings: dict[str, Any] = field(default_factory=dict)  # valid values, filter, ...


def limit_of(text: str, unit: str) -> Limit:
    """What a line allows: `> 0`, `between 5 and 10`, `< 1d12h`.

    Raises:
        NotMapped: it is none of these.

    >>> str(limit_of("< 5%", "percent")), str(limit_of("< 1d12h", "seconds"))
    ('must be less than 5 percent', 'must be less than 129600 seconds')
    """
    text = text.strip()
    if unit == "seconds":
        age = _AGE.match(text)
        if age is None:
            raise NotMapped("Its age is not written as in `< 1d` or `< 12h`.")
        parts = re.findall(r"(\d+)\s*([dhms])", age[2].lower())
        seconds = sum(int(amount) * _SECONDS[letter] for amount, letter in parts)
        return Limit((Threshold(_BY_SIGN[age[1]], (float(seconds),)),), unit)
    compared, between = _COMPARED.match(text), _BETWEEN.match(text)
    if compared is not None:
        return Limit((Threshold(_BY_SIGN[compared[1]], (float(compared[2]),)),), unit)
    if between is not None:
        operator = Operator.MUST_NOT_BE_BETWEEN if between[1] else Operator.MUST_BE_BETWEEN
        return Limit((Threshold(operator, (float(between[2]), float(between[3]))),), unit)
    raise NotMapped("Its threshold is not one that weft can read.")


def limit_unless(text: object, unit: str) -> Limit:
    """What an alert leaves as allowed: `when > 5` allows at most 5.

    Raises:
        NotMapped: the alert cannot be read.

    >>> str(limit_unless("when > 5", "rows"))
    'must be at most 5'
    """
    if not isinstance(text, str) or not text.strip().lower().startswith("when "):
        raise NotMapped("Its alert is not written as in `when > 5`.")
    words = text.strip()[5:]
    if unit == "seconds":
        words = words.replace(">", "<", 1)  # an age is told too old by `>`
        limit = limit_of(words, unit)
        fixed = {"<": Operator.MUST_BE_LESS_OR_EQUAL_TO, "<=": Operator.MUST_BE_LESS_THAN}
        sign = "<=" if words.strip().startswith("<=") else "<"
        return Limit((Threshold(fixed[sign], limit.thresholds[0].bounds),), unit)
    limit = limit_of(words, unit)
    return Limit(tuple(Threshold(_OPPOSITE[t.operator], t.bounds) for t in limit.thresholds), unit)


def unit_of(metric: str) -> str:
    """What a metric is counted in."""
    if metric.endswith("_percent"):
        return "percent"
    if metric == "freshness":
        return "seconds"
    return "rows" if metric.endswith("_count") or metric == "failed rows" else "value"
