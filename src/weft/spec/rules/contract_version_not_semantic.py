"""A contract's version that says nothing about compatibility."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.contract_walk import contracts_of
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in
from weft.spec.semantic_version import parse_version, suggested_version


class ContractVersionNotSemantic(Rule):
    """CONTRACT103: the version of a contract is no semantic version.

    Why: a change that breaks readers must raise the first number; without one nobody sees it coming.
    Bad: `version: v1`, or `version: 1.0` (which YAML reads as a number).
    Good: `version: 1.0.0`.
    """

    code = "CONTRACT103"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every contract whose version is not of three numbers."""
        for _, contract in contracts_of(context.mesh):
            if not contract.version or parse_version(contract.version):
                continue
            suggestion = suggested_version(contract.version)
            yield self.problem(
                place_in(context.mesh, contract.place, "version"),
                f'The version of contract "{contract.id}" is no semantic version.',
                found=contract.version,
                expected="major.minor.patch, such as 1.0.0",
                fix=f"version: {suggestion}" if suggestion else None,
            )
