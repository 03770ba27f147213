"""A contract that goes back to an earlier version."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in
from weft.spec.semantic_version import parse_version


class ContractVersionLowered(Rule):
    """CONTRACT123: the version of a contract is lower than the one that was published last.

    Why: readers who ask for the published version would be served by an older promise.
    Bad: `version: 1.1.0` after 1.2.0 was published.
    Good: a higher version with the older content.
    """

    code = "CONTRACT123"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every contract that went back."""
        for port in context.mesh.output_ports():
            before, now = context.published.get(port.name), port.contract
            if before is None or now is None:
                continue
            old, new = parse_version(before.version), parse_version(now.version)
            if old is not None and new is not None and new < old:
                yield self.problem(
                    place_in(context.mesh, now.place, "version"),
                    f"The contract of {port.name} goes back to an earlier version.",
                    found=now.version,
                    expected=f"at least {before.version}, which is published",
                )
