"""A source of files without a path."""

from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.source_kinds import FILE_KINDS


class SourcePathMissing(Rule):
    """SOURCE103: a source of files does not say where they are.

    Why: there is nothing to read.
    Bad: `calls: {kind: csv}`.
    Good: `calls: {kind: csv, path: data/calls-*.csv}`.
    """

    code = "SOURCE103"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every source of files without path."""
        for product in context.mesh.products:
            for source in product.making.sources.values():
                if source.kind in FILE_KINDS and not source.path:
                    yield self.problem(
                        source.place,
                        f'The source "{source.name}" of {product.name} does not say where its files are.',
                        expected="`path:` relative to the mesh, or s3://, https://",
                    )
