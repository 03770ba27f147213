"""Repeat a commit when only the catalogue's pointer moved, or its database went away for a while.

PyIceberg's own retry is off (see iceberg_catalog.py): it cannot know what a builder has read. Here each attempt
looks at the table anew and decides for itself whether it may still go on, and whether an attempt whose answer
was lost has done the work already.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.lake.catalog_pointers import sqlite_path
from weft.lake.iceberg_catalog import CatalogGone, IcebergCatalog, catalog_errors

if TYPE_CHECKING:
    from pyiceberg.table import Table

_ATTEMPTS = 20  # two writers lost commits at 4 and none at 20
_PAUSES_SECONDS = (0.1, 0.2, 0.5, 1, 2, 4, 8, 8)  # a database that restarts is back within seconds

Result = TypeVar("Result")


def commit_on_newest(catalog: IcebergCatalog, port: PortName, attempt: "Callable[[Table], Result]") -> Result:
    """Run `attempt` on the port's table as it is now, again when the catalogue says that somebody was quicker.

    Raises:
        Problem: LAKE005, the port was never published; LAKE008, others kept committing; whatever `attempt` raises.
    """

    def on_table(table: "Table | None") -> Result:
        if table is None:
            raise Problem("LAKE005", f'Port "{port}" was never published.', fix=f"weft build {port}")
        return attempt(table)

    return commit_repeatedly(catalog, port, on_table)


def commit_repeatedly(catalog: IcebergCatalog, port: PortName, attempt: "Callable[[Table | None], Result]") -> Result:
    """The same for a port that may have no table yet."""
    from pyiceberg.exceptions import CommitFailedException, TableAlreadyExistsError

    # A file answers at once or not at all, and every attempt on a full disk leaves files: one more look, no waiting.
    pauses = iter(_PAUSES_SECONDS if sqlite_path(catalog.url) is None else _PAUSES_SECONDS[:1])
    for _ in range(_ATTEMPTS):
        try:
            with catalog_errors():
                return attempt(catalog.table(port))
        except (CommitFailedException, TableAlreadyExistsError):
            continue
        except CatalogGone:
            pause = next(pauses, None)
            if pause is None:
                raise
            time.sleep(pause)
    raise Problem(
        "LAKE008",
        f'Port "{port}" is being changed by others all the time; this change was not made.',
        fix="Try again when their builds have ended.",
    )
