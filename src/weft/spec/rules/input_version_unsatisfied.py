"""An input port that asks for another version than the one on offer."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.semantic_version import offers


class InputVersionUnsatisfied(Rule):
    """SPEC107: an input port asks for a version that the offered port does not satisfy.

    Why: the reader was written for another promise; its numbers may be wrong without any failure.
    Bad: `version: 1.0.0` at the input port, `version: 2.0.0` at the output port.
    Good: `version: 2.0.0` after reading what changed; any later 2.x serves it too.
    """

    code = "SPEC107"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every input port whose version is not offered."""
        for product in context.mesh.products:
            for port in product.input_ports:
                offered = context.mesh.output_port(port.port) if port.port else None
                if offered is None or not port.version:
                    continue
                version = offered.version or (offered.contract.version if offered.contract else None)
                if version and offers(version, port.version) is False:
                    yield self.problem(
                        port.place,
                        f'Input port "{port.name}" of {product.name} asks for a version of {offered.name} that is '
                        "not offered.",
                        found=f"version {version} is offered",
                        expected=f"{port.version}, or a later version that keeps its promise",
                        fix=f"Read what changed, adapt the models, and ask for {version}.",
                    )
