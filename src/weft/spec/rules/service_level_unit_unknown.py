"""A service level whose figure means nothing."""

from collections.abc import Iterator
from datetime import datetime

from weft.base.names import did_you_mean
from weft.base.problem import Problem
from weft.spec.contract import ServiceLevel
from weft.spec.contract_walk import contracts_of
from weft.spec.rule import Rule, RuleContext
from weft.spec.service_level_kinds import TIME, LevelKind, kind_of, units_of


class ServiceLevelUnitUnknown(Rule):
    """CONTRACT118: a service level that is measured has no number, no date, or a unit that is not known.

    Why: `freshness: 4` may be minutes or days.
    Bad: `{property: freshness, value: 4, unit: fortnight}`, or `value: soon`; `{property: endOfLife, value: never}`.
    Good: `{property: freshness, value: 4, unit: h}`, `{property: endOfLife, value: 2030-12-31}`.
    """

    code = "CONTRACT118"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every figure that cannot be compared with a measured one."""
        for _, contract in contracts_of(context.mesh):
            for level in contract.service_levels:
                units = units_of(level.property)
                if kind_of(level.property) is LevelKind.MOMENT and not _is_moment(level):
                    yield self.problem(
                        level.place,
                        f'The value of the service level "{level.property}" is no date.',
                        found=str(level.value),
                        expected="a date or a time of ISO 8601, such as 2030-12-31",
                    )
                if units is None:
                    continue
                if not _is_number(level):
                    yield self.problem(
                        level.place,
                        f'The value of the service level "{level.property}" is no number.',
                        found=str(level.value),
                        expected=f"a number, and a unit such as {'h' if units is TIME else units[0]}",
                    )
                elif level.unit is None and units is TIME:
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


def _is_moment(level: ServiceLevel) -> bool:
    try:
        return bool(datetime.fromisoformat(str(level.value)))
    except ValueError:
        return False


def _is_number(level: ServiceLevel) -> bool:
    if isinstance(level.value, bool) or level.value is None:
        return False
    try:
        float(str(level.value).strip().rstrip("%"))
    except ValueError:
        return False
    return True
