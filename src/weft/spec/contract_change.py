"""One difference between two contracts, and what it means for whoever reads the port."""

from dataclasses import dataclass
from enum import StrEnum

from weft.base.problem import Place


class ChangeClass(StrEnum):
    """What a change asks of readers.

    A promise that is weakened or taken back breaks its readers; one that is kept or strengthened does not; words
    change nothing that was promised.
    """

    BREAKING = "breaking"
    NON_BREAKING = "non-breaking"
    DOCS = "docs"


@dataclass(frozen=True)
class ContractChange:
    """One difference between two contracts."""

    kind: str  # column_removed, type_changed, rule_loosened, ...
    change_class: ChangeClass
    what: str  # a sentence
    reason: str  # why it is of this class; completes "because ..."
    place: Place | None = None  # in the newer contract; of something removed: what held it
    table: str | None = None
    column: str | None = None

    def as_json(self) -> dict[str, object]:
        """The same fields for a machine."""
        return {
            "kind": self.kind,
            "class": str(self.change_class),
            "what": self.what,
            "reason": self.reason,
            "place": str(self.place) if self.place else None,
            "table": self.table,
            "column": self.column,
        }


def breaking(kind: str, what: str, reason: str, place: Place, table: str, column: str | None = None) -> ContractChange:
    """A change that readers must follow."""
    return ContractChange(kind, ChangeClass.BREAKING, what, reason, place, table, column)


def harmless(kind: str, what: str, reason: str, place: Place, table: str, column: str | None = None) -> ContractChange:
    """A change of the promise that readers need not follow."""
    return ContractChange(kind, ChangeClass.NON_BREAKING, what, reason, place, table, column)


def wording(kind: str, what: str, place: Place, table: str | None = None, column: str | None = None) -> ContractChange:
    """A change of words."""
    return ContractChange(kind, ChangeClass.DOCS, what, "the promise is the same", place, table, column)
