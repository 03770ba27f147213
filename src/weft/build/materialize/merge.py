"""The one interface of all materializations: new rows and the table as it is, to the table as it shall be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from weft.spec.making import ModelSettings


@dataclass(frozen=True)
class MergeInput:
    """What a materialization works with."""

    new: str  # relation of the model's rows, checked
    current: str | None  # relation of the published table; None before the first publication
    columns: Sequence[str]  # of `new`, in order
    key: tuple[str, ...]
    settings: ModelSettings
    now: datetime


@dataclass(frozen=True)
class Merge:
    """What is to be published."""

    sql: str  # the rows to write
    mode: Literal["replace", "append"]  # instead of the published rows, or beside them


class Materialize(Protocol):
    """One way."""

    def __call__(self, given: MergeInput) -> Merge:
        """Say in SQL what is to be published."""
        ...
