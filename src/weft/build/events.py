"""What a build says while it runs, for whoever draws it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from weft.base.names import ProductName
from weft.build.results import LandingResult, ProductResult, StepResult


@dataclass(frozen=True)
class Event:
    """One thing that just happened; called from several threads."""

    kind: Literal["run", "source", "landed", "step", "made", "product", "note"]
    product: ProductName | None = None
    name: str = ""  # of the source or step
    count: int = 0  # kind run: steps that will be made
    text: str = ""  # kind note
    result: LandingResult | StepResult | ProductResult | None = None


OnEvent: TypeAlias = Callable[[Event], None]


def say_nothing(event: Event) -> None:
    """Hear no event."""
