"""A product's version that says nothing about compatibility."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in
from weft.spec.semantic_version import parse_version, suggested_version


class ProductVersionNotSemantic(Rule):
    """SPEC108: the version of a product is no semantic version.

    Why: readers decide by the first number whether a change concerns them.
    Bad: `version: v1`, or `version: 1.0` (which YAML reads as a number).
    Good: `version: 1.0.0`.
    """

    code = "SPEC108"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every product whose version is not of three numbers."""
        for product in context.mesh.products:
            if product.version is None or parse_version(product.version):
                continue
            suggestion = suggested_version(product.version)
            yield self.problem(
                place_in(context.mesh, product.place, "version"),
                f'The version of product "{product.name}" is no semantic version.',
                found=product.version,
                expected="major.minor.patch, such as 1.0.0",
                fix=f"version: {suggestion}" if suggestion else None,
            )
