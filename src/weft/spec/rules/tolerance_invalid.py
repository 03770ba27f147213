"""A quarantine tolerance that is neither a share nor a count."""

import re
from collections.abc import Iterator
from typing import Any

from weft.base.problem import Problem
from weft.spec.contract_walk import contracts_of
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in

_SHARE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*%\s*$")
_COUNT = re.compile(r"^\s*\d+\s*$")


class ToleranceInvalid(Rule):
    """SPEC125: a quarantine tolerance is neither a share nor a count of rows.

    Why: it decides when a publication is refused; what cannot be read cannot decide.
    Bad: `quarantine_tolerance: some`, or `value: 150%`.
    Good: `quarantine_tolerance: 5%`, or `value: 100` for a hundred rows.
    """

    code = "SPEC125"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every unreadable tolerance of environments and contracts."""
        mesh = context.mesh
        for environment in mesh.environments.values():
            if not _is_tolerance(environment.quarantine_tolerance):
                yield self.problem(
                    place_in(mesh, mesh.place, "environments", environment.name, "quarantine_tolerance"),
                    f'The quarantine tolerance of environment "{environment.name}" cannot be read.',
                    found=environment.quarantine_tolerance,
                    expected="a share such as 5%, or a count of rows",
                )
        for _, contract in contracts_of(mesh):
            value = contract.custom.get("quarantineTolerance")
            if "quarantineTolerance" in contract.custom and not _is_tolerance(value):
                entries = contract.document.get("customProperties") or []
                index = next(
                    (i for i, entry in enumerate(entries) if entry.get("property") == "quarantineTolerance"), 0
                )
                yield self.problem(
                    place_in(mesh, contract.place, "customProperties", index, "value"),
                    f'The quarantine tolerance of contract "{contract.id}" cannot be read.',
                    found=str(value),
                    expected="a share such as 5%, or a count of rows",
                )


def _is_tolerance(value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return False
    share = _SHARE.match(str(value))
    return float(share[1]) <= 100 if share else bool(_COUNT.match(str(value)))
