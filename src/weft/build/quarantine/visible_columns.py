"""Which columns of held-back rows a reader may see: the one place where the policies of a mesh are asked.

Today what a contract calls personal is seen by nobody; so is a column that the contract does not know, for nobody has
said what is in it.
"""

from dataclasses import dataclass

from weft.build.personal import MASK, is_personal
from weft.engine.quote import identifier, text
from weft.spec.contract import Column


@dataclass(frozen=True)
class Reader:
    """Who reads, and what for."""

    actor: str
    purpose: str | None = None


def is_visible(column: Column | None, reader: Reader) -> bool:
    """Whether a reader may see the values of a column.

    Args:
        column: of the contract; None for one that the contract does not know.
        reader: who reads; kept with the record of the read.
    """
    return column is not None and not is_personal(column)


def shown(name: str, column: Column | None, reader: Reader) -> str:
    """The SQL of what a reader gets of a column: its values, or a mask wherever there is one."""
    quoted = identifier(name)
    if is_visible(column, reader):
        return quoted
    return f"CASE WHEN {quoted} IS NULL THEN NULL ELSE {text(MASK)} END AS {quoted}"
