"""A contract that changed under the same version."""

from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.contract_change import ChangeClass
from weft.spec.contract_diff import changes_between
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in


class ContractVersionNotRaised(Rule):
    """CONTRACT131: a contract promises something else than the last published one under the same version.

    Why: two readers of one version would hold two promises in hand.
    Bad: a column added, and the version still 1.0.0.
    Good: `version: 1.1.0`. Changed words alone ask for nothing; breaking changes are told by CONTRACT122.
    """

    code, severity = "CONTRACT131", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every contract that changed and kept its version."""
        for port in context.mesh.output_ports():
            before, now = context.published.get(port.name), port.contract
            if before is None or now is None or before.version != now.version:
                continue
            changes = changes_between(before, now)
            classes = {change.change_class for change in changes}
            if ChangeClass.NON_BREAKING in classes and ChangeClass.BREAKING not in classes:
                first = next(change for change in changes if change.change_class is ChangeClass.NON_BREAKING)
                yield self.problem(
                    place_in(context.mesh, now.place, "version"),
                    f"The contract of {port.name} changed and its version did not.",
                    found=f"version {now.version}; {first.what}",
                    expected="a new minor version",
                )
