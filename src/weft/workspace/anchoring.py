"""Write down where the ledger ends, in a file outside it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.problem import Problem
from weft.base.secret import resolve_secret
from weft.workspace.workspace import Workspace

if TYPE_CHECKING:
    from weft.ledger.anchor import Anchor


def anchor_file(workspace: Workspace) -> Path | None:
    """The file that the environment's `anchor:` names, relative to the mesh, or None."""
    declared = workspace.environment.anchor
    return workspace.mesh.root / resolve_secret(declared) if declared else None


def present_anchor(workspace: Workspace) -> "Anchor | None":
    """Where the ledger ends now; None where nothing was recorded yet.

    Raises:
        Problem: LEDGER001..003.
    """
    from weft.ledger.anchor import Anchor

    head = workspace.ledger.head()
    if head is None:
        return None
    return Anchor(
        mesh=workspace.mesh.name,
        environment=workspace.environment.name,
        position=head.position,
        hash=head.hash,
        at=workspace.clock.now(),
    )


def write_anchor(workspace: Workspace, file: Path) -> "Anchor | None":
    """Add where the ledger ends now to a file; None where nothing was recorded yet.

    Raises:
        Problem: LEDGER011, the file cannot be written.
    """
    from weft.ledger.anchor import append_anchor

    anchor = present_anchor(workspace)
    if anchor is not None:
        append_anchor(file, anchor)
    return anchor


@contextmanager
def anchored(workspace: Workspace) -> Iterator[None]:
    """Add where the ledger ends to the environment's file, where it has one and the block recorded something.

    Raises:
        Problem: LEDGER011, the file cannot be written.
    """
    file = anchor_file(workspace)
    if file is None:
        yield
        return
    before = workspace.ledger.head()

    def add() -> None:
        if workspace.ledger.head() != before:
            write_anchor(workspace, file)

    try:
        yield
    except BaseException:  # a build that was interrupted has recorded facts too
        with suppress(Problem):  # what stopped it is the news
            add()
        raise
    add()
