"""The catalogue and what describes each table: database file, metadata, manifests, lists of files."""

from collections.abc import Callable, Iterator
from pathlib import Path

from weft.base.counted import counted
from weft.base.problem import Problem
from weft.workspace.examine.examination import Examination
from weft.workspace.workspace import Workspace


def examine_tables(workspace: Workspace, say: Callable[[str], None]) -> Iterator[Examination]:
    """Read everything that describes published tables, of all snapshots that are kept."""
    from weft.lake.examine_table import examine_table

    damage = workspace.lake.damage()
    if damage:
        yield Examination(
            "catalogue",
            "failed",
            f"its database file is damaged: {damage[0].splitlines()[0]}",
            "Bring the file back from a backup.",
            "LEDGER009",
        )
    ports = workspace.lake.ports()
    is_sound = not damage
    for port in ports:
        try:
            faults = list(examine_table(workspace.lake, port))
        except Problem as problem:
            is_sound = False
            yield Examination.of_problem(f"port {port}", problem)
            continue
        for fault in faults:
            is_sound = False
            fix = "Remove the file: the next reader makes it again." if fault.is_remade else (
                f"Bring it back from a backup, or publish anew: weft build --full {port.product_name}"
            )  # fmt: skip
            yield Examination(f"port {port}", "failed", f"{relative(workspace, fault.path)} {fault.what}", fix)
    if is_sound:
        yield Examination("tables", "ok", f"{counted(len(ports), 'table')}: metadata and manifests agree")


def relative(workspace: Workspace, path: Path) -> str:
    """A file as people find it: relative to the storage folder where it lies below it."""
    storage = workspace.storage.absolute()
    return path.relative_to(storage).as_posix() if path.is_relative_to(storage) else str(path)
