"""Repeat a commit when only the catalogue's pointer moved, not what the commit stands on.

PyIceberg's own retry is off (see iceberg_catalog.py): it cannot know what a builder has read. Here each attempt
looks at the table anew and decides for itself whether it may still go on.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.lake.iceberg_catalog import IcebergCatalog, catalog_errors

if TYPE_CHECKING:
    from pyiceberg.table import Table

_ATTEMPTS = 20  # two writers lost commits at 4 and none at 20

Result = TypeVar("Result")


def commit_on_newest(catalog: IcebergCatalog, port: PortName, attempt: "Callable[[Table], Result]") -> Result:
    """Run `attempt` on the port's table as it is now, again when the catalogue says that somebody was quicker.

    Raises:
        Problem: LAKE005, the port was never published; LAKE008, others kept committing; whatever `attempt` raises.
    """
    from pyiceberg.exceptions import CommitFailedException

    for _ in range(_ATTEMPTS):
        table = catalog.table(port)
        if table is None:
            raise Problem("LAKE005", f'Port "{port}" was never published.', fix=f"weft build {port}")
        try:
            with catalog_errors():
                return attempt(table)
        except CommitFailedException:
            continue
    raise Problem(
        "LAKE008",
        f'Port "{port}" is being changed by others all the time; this change was not made.',
        fix="Try again when their builds have ended.",
    )
