"""Relations that the steps of one cleansing need on their way; none of them outlives it."""

from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING

ROW = "weft row"  # numbers the rows from the first step to the last: joins do not keep their order

if TYPE_CHECKING:
    from weft.engine.protocol import Engine


@dataclass
class Scratch:
    """Hands out names of relations and forgets the relations at the end."""

    engine: "Engine"
    prefix: str
    names: list[str] = field(default_factory=list)

    def name(self, what: str) -> str:
        """A name that no other relation has."""
        name = f"{self.prefix} {what} {len(self.names)}"
        self.names.append(name)
        return name

    def view(self, what: str, sql: str) -> str:
        """A query under a name of its own; nothing is computed yet."""
        name = self.name(what)
        self.engine.add_view(name, sql)
        return name

    def table(self, what: str, sql: str) -> str:
        """A query's rows under a name of their own, computed once."""
        name = self.name(what)
        self.engine.add_table(name, sql)
        return name

    def __enter__(self) -> "Scratch":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in reversed(self.names):
            self.engine.drop(name)
