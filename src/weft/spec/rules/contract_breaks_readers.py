"""A contract that breaks its readers without saying so."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.contract_diff import breaking_of, changes_between
from weft.spec.rule import Rule, RuleContext
from weft.spec.semantic_version import parse_version


class ContractBreaksReaders(Rule):
    """CONTRACT122: a contract breaks the last published version without a new major version.

    Why: whoever reads the port relies on what it promised; a new first number is how they learn that it changed.
    Bad: a column removed, and the version still 1.x.
    Good: the same with `version: 2.0.0`; or keep the column and mark it `deprecated` for a while.
    """

    code = "CONTRACT122"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every breaking change that the version does not announce."""
        for port in context.mesh.output_ports():
            before, now = context.published.get(port.name), port.contract
            if before is None or now is None:
                continue
            old, new = parse_version(before.version), parse_version(now.version)
            if old is None or new is None or new[0] > old[0]:
                continue
            if old[0] == new[0] == 0 and new[1] > old[1]:  # before 1.0.0 the second number announces breaks
                continue
            next_version = f"{old[0] + 1}.0.0" if old[0] else f"0.{old[1] + 1}.0"
            for change in breaking_of(changes_between(before, now)):
                yield self.problem(
                    change.place or now.place,
                    f"{change.what} This breaks readers of {port.name}: {change.reason}.",
                    found=f"version {now.version}, published {before.version}",
                    expected=f"a new {'major' if old[0] else 'minor'} version, or the promise as it was",
                    fix=f"Set `version: {next_version}` here and where the product offers the port, or take it back.",
                )
