"""A rule of a contract about drift: which measure, of which column, and from where on it is broken."""

from dataclasses import dataclass

from weft.build.check.foreign.foreign_rule import NotMapped, number_of
from weft.build.check.foreign.implementation import implementation_of, mapping_of
from weft.build.check.threshold import Limit
from weft.spec.contract import Operator, QualityRule, Threshold

ENGINE, KIND = "weft", "drift"
PLAIN = "value"
MEASURES = {
    "psi": True,
    "jensen_shannon": True,
    "kolmogorov_smirnov": True,
    "null_share": True,
    "unseen_categories": True,
    "gone_categories": True,
    "newest_row": True,
    "volume": False,
    "delay": False,
}  # name -> whether it is of a column
_BOUNDS = {
    "must_be_less_than": Operator.MUST_BE_LESS_THAN,
    "must_be_less_or_equal_to": Operator.MUST_BE_LESS_OR_EQUAL_TO,
}
_SEVERITIES = ("error", "warning", "info")


@dataclass(frozen=True)
class DriftRule:
    """What a contract asks about drift."""

    measure: str
    column: str | None  # None: of the table
    limit: Limit | None  # None: what is learnt from history
    severity: str


def is_drift_rule(rule: QualityRule) -> bool:
    """Whether a custom rule is weft's own."""
    return (rule.engine or "").strip().casefold() == ENGINE


def drift_rule(rule: QualityRule) -> DriftRule:
    """Read a rule.

    Raises:
        NotMapped: it is no rule about drift, or a part of it is not known.
    """
    found = mapping_of(implementation_of(rule.implementation), "Its implementation")
    if unknown := sorted(set(found) - {"drift", "column", "severity", *_BOUNDS}):
        raise NotMapped(f"Its part {', '.join(unknown)} is not known.")
    measure = str(found.get("drift") or "").replace("-", "_")
    if measure not in MEASURES:
        raise NotMapped(f"It measures none of {', '.join(MEASURES)}.")
    column = found.get("column", rule.column)
    if MEASURES[measure] and not (isinstance(column, str) and column):
        raise NotMapped("It names no column.")
    severity = found.get("severity", rule.severity)
    if severity not in _SEVERITIES:
        raise NotMapped(f"Its severity is none of {', '.join(_SEVERITIES)}.")
    thresholds = tuple(
        Threshold(operator, (number_of(found[name]),)) for name, operator in _BOUNDS.items() if name in found
    )
    limit = Limit(thresholds or rule.thresholds, PLAIN) if thresholds or rule.thresholds else None
    return DriftRule(measure, str(column) if MEASURES[measure] else None, limit, str(severity))
