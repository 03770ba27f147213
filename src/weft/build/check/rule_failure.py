"""Tell a rule that cannot be computed from an engine that cannot go on."""

from collections.abc import Iterator
from contextlib import contextmanager

from weft.base.problem import Problem

_SQL_FAILED = "ENGINE001"  # the code that engines give to a query that is at fault itself


class RuleFailed(Exception):
    """The query of a rule cannot be run; says why, without cell values."""


@contextmanager
def failing_alone() -> Iterator[None]:
    """Turn the failure of one rule's query into `RuleFailed`; a full disk or an interrupt stops the audit."""
    try:
        yield
    except Problem as problem:
        if problem.code != _SQL_FAILED:
            raise
        raise RuleFailed(" ".join(f"{problem.what} {problem.found or ''}".split())) from None
