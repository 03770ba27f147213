"""A service level whose figure means nothing."""

from collections.abc import Iterator

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.contract import ServiceLevel
from weft.spec.contract_walk import contracts_of
from weft.spec.rule import Rule, RuleContext

_TIME_WORDS = (
    "ms millisecond milliseconds s sec second seconds m min minute minutes h hr hour hours d day days w week weeks "
    "mo month months y yr year years"
)
_TIME = tuple(_TIME_WORDS.split())
_SHARE = ("percent", "%")
_DURATIONS = "freshness latency frequency retention duration timeToDetect timeToNotify timeToRepair"
_UNITS_BY_PROPERTY = {
    **dict.fromkeys(_DURATIONS.split(), _TIME),
    **dict.fromkeys(("availability", "errorRate"), _SHARE),
    "completeness": (*_SHARE, "rows"),
}
_FOLDED = {name.casefold(): units for name, units in _UNITS_BY_PROPERTY.items()}


class ServiceLevelUnitUnknown(Rule):
    """CONTRACT118: a service level that is measured has no number, or a unit that is not known.

    Why: `freshness: 4` may be minutes or days.
    Bad: `{property: freshness, value: 4, unit: fortnight}`, or `value: soon`.
    Good: `{property: freshness, value: 4, unit: h}`.
    """

    code = "CONTRACT118"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every figure that cannot be compared with a measured one."""
        for _, contract in contracts_of(context.mesh):
            for level in contract.service_levels:
                units = _FOLDED.get(level.property.casefold())
                if units is None:
                    continue
                if not _is_number(level):
                    yield self.problem(
                        level.place,
                        f'The value of the service level "{level.property}" is no number.',
                        found=str(level.value),
                        expected=f"a number, and a unit such as {units[0]}",
                    )
                elif level.unit is None and units is _TIME:
                    yield self.problem(
                        level.place,
                        f'The service level "{level.property}" has no unit.',
                        expected="a unit such as h for hours or d for days",
                    )
                elif level.unit is not None and level.unit.casefold() not in units:
                    yield self.problem(
                        level.place,
                        f'The unit of the service level "{level.property}" is not known.',
                        found=level.unit,
                        expected=f"one of {', '.join(units)}",
                        fix=did_you_mean(level.unit, units),
                    )


def _is_number(level: ServiceLevel) -> bool:
    if isinstance(level.value, bool) or level.value is None:
        return False
    try:
        float(str(level.value).strip().rstrip("%"))
    except ValueError:
        return False
    return True
