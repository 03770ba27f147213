"""Hand the parts of an opened mesh to a build."""

from weft.build.context import BuildContext
from weft.workspace.workspace import Workspace


def build_context(workspace: Workspace) -> BuildContext:
    """What a build needs; the ledger and the lake are opened here."""
    return BuildContext(
        mesh=workspace.mesh,
        environment=workspace.environment,
        storage=workspace.storage,
        ledger=workspace.ledger,
        lake=workspace.lake,
        new_engine=workspace.new_engine,
        clock=workspace.clock,
        actor=workspace.actor,
    )
