"""weft's own rules: drift. A build measures it against earlier publications; where there are none, nothing is said."""

from collections.abc import Iterator
from dataclasses import replace

from weft.build.check.foreign.drift_rule import KIND, drift_rule
from weft.build.check.foreign.foreign_rule import ForeignRule
from weft.build.check.promise import Promise

NO_HISTORY = "It is measured against earlier publications, and there are none here."


def promises(rule: ForeignRule) -> Iterator[Promise]:
    """The promise of one rule with `engine: weft`."""
    asked = drift_rule(rule.rule)
    column = rule.value_of(asked.column) if asked.column else None
    yield replace(
        rule.unchecked(NO_HISTORY),
        kind=KIND,
        severity=asked.severity,
        columns=(column.path,) if column else (),
        applies=False,
    )
