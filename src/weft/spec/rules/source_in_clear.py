"""A source that is fetched over a connection in clear."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from weft.base.problem import Problem, Severity
from weft.base.server_tls import is_local
from weft.spec.rule import Rule, RuleContext

_PLACES = ("url", "endpoint_url", "endpoint")


class SourceInClear(Rule):
    """SOURCE109: a source is fetched over a connection in clear.

    Why: whoever sits between can read what comes, the credentials sent along too, and put other rows in its place.
    Bad: `path: http://example.org/calls.csv`
    Good: `path: https://example.org/calls.csv`
    """

    code, severity = "SOURCE109", Severity.WARNING

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every source whose address begins with http:// and is not on this machine."""
        for product in context.mesh.products:
            for source in product.making.sources.values():
                places = (source.path, *(source.options.get(name) for name in _PLACES))
                if any(_is_in_clear(place) for place in places):
                    yield self.problem(
                        source.place,
                        f'The source "{source.name}" of {product.name} is fetched over a connection in clear.',
                        found="http://",
                        expected="https://",
                    )


def _is_in_clear(place: object) -> bool:
    if not isinstance(place, str) or not place.lower().startswith("http://"):
        return False
    try:
        return not is_local(urlsplit(place).hostname)
    except ValueError:  # no address at all, which the landing tells
        return False
