"""What a validation rule is: one file in spec/rules, a code, and documentation in its docstring."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from weft.base.names import PortName, ProductName
from weft.base.problem import Place, Problem, Severity
from weft.spec.contract import Contract, QualityRule, Table
from weft.spec.mesh import Mesh


@dataclass(frozen=True)
class ModelFacts:
    """What compiling a model showed, without touching data."""

    product: ProductName
    model: str
    reads: tuple[tuple[str, Place | None], ...]  # names of tables as written, with their place
    columns: Mapping[str, str] | None = None  # output column -> DuckDB type; None where it could not be known
    problem: Problem | None = None  # it does not parse or bind
    query_columns: Mapping[str, str] | None = None  # before a declared cleansing; the same where none is


@dataclass(frozen=True)
class RuleContext:
    """All that a rule may look at. Compiled models and earlier contracts are handed in from the floors above."""

    mesh: Mesh
    models: Mapping[tuple[ProductName, str], ModelFacts] = field(default_factory=dict)
    published: Mapping[PortName, Contract] = field(default_factory=dict)  # contract of the last publication
    # Why parts of a rule of another tool are not computed; None where nobody can say.
    reasons_not_computed: Callable[[Table, QualityRule], tuple[str, ...]] | None = None


class Rule(ABC):
    """One thing that can be wrong with a mesh.

    The docstring of a rule is its documentation; its first line is `CODE: fact.`, then `Why:`, `Bad:`, `Good:`.
    """

    code: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR

    @abstractmethod
    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every place where the mesh breaks this rule."""

    def problem(
        self,
        where: Place | None,
        what: str,
        *,
        found: str | None = None,
        expected: str | None = None,
        fix: str | None = None,
    ) -> Problem:
        """A problem with this rule's code and severity."""
        return Problem(self.code, what, where, found, expected, fix, self.severity)
