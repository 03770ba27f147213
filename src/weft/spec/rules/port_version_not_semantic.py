"""A port's version that says nothing about compatibility."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.semantic_version import parse_version, suggested_version


class PortVersionNotSemantic(Rule):
    """SPEC109: the version of an output port is no semantic version.

    Why: input ports ask for versions; what cannot be compared cannot be asked for.
    Bad: `version: latest`.
    Good: `version: 1.0.0`.
    """

    code = "SPEC109"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every output port whose version is not of three numbers."""
        for port in context.mesh.output_ports():
            if port.version is None or parse_version(port.version):
                continue
            suggestion = suggested_version(port.version)
            yield self.problem(
                port.place,
                f"The version of port {port.name} is no semantic version.",
                found=port.version,
                expected="major.minor.patch, such as 1.0.0",
                fix=f"version: {suggestion}" if suggestion else None,
            )
