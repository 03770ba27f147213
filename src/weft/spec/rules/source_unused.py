"""A source that nobody reads."""

from collections.abc import Iterator

from weft.base.problem import Problem, Severity
from weft.spec.rule import Rule, RuleContext


class SourceUnused(Rule):
    """SOURCE102: no model reads a source, and no registered port points to it.

    Why: landing it costs time and storage for nobody.
    Bad: `sources: {calls_log: ...}` and no model that says `FROM calls_log`.
    Good: remove the source, or read it.
    """

    code, severity = "SOURCE102", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every unread source of products whose models could all be read."""
        for product in context.mesh.products:
            facts = [context.models.get((product.name, model.name)) for model in product.models]
            if any(fact is None or (fact.problem and not fact.reads) for fact in facts):
                continue
            read = {name.casefold() for fact in facts if fact for name, _ in fact.reads}
            read |= {registered.source.casefold() for registered in product.making.registered.values()}
            for source in product.making.sources.values():
                if source.name.casefold() not in read:
                    yield self.problem(
                        source.place,
                        f'Nobody reads the source "{source.name}" of {product.name}.',
                        fix="Remove it, or read it in a model.",
                    )
