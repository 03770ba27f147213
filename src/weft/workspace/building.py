"""Plan and build an opened mesh."""

from typing import TYPE_CHECKING

from weft.base.problem import Problems, errors_of
from weft.build.up_to_date import is_up_to_date
from weft.workspace.anchoring import anchored
from weft.workspace.workspace import Workspace

if TYPE_CHECKING:
    from weft.build.context import BuildContext, BuildRequest
    from weft.build.events import OnEvent
    from weft.build.plan import Plan
    from weft.build.results import BuildResult


def nothing_to_build(workspace: Workspace, request: "BuildRequest") -> str | None:
    """What a build would say that finds nothing to do, told without opening anything; None where it has to look."""
    if request.selection or request.exclude or request.full or request.resume or request.dry_run:
        return None
    return is_up_to_date(workspace.storage, workspace.mesh, workspace.environment, workspace.clock.now())


def build_mesh(
    workspace: Workspace, request: "BuildRequest", on_event: "OnEvent", *, wait_seconds: float = 0.0
) -> "BuildResult":
    """Build what the request chooses; see `weft.build.run.build`.

    Raises:
        Problem: LEDGER011, the build came to its end, but the file of `anchor:` cannot be written.
        Problems: the mesh breaks a rule; what `weft check` would say of it without compiling its models.
    """
    from weft.build.run import build

    _refuse_what_breaks_a_rule(workspace)
    with anchored(workspace):
        return build(build_context(workspace), request, on_event, wait_seconds=wait_seconds)


def _refuse_what_breaks_a_rule(workspace: Workspace) -> None:
    """Stop before anything is landed or made; models that do not compile are told by their own step."""
    from weft.spec.rule import RuleContext
    from weft.spec.rule_book import run_rules

    errors = errors_of(run_rules(RuleContext(workspace.mesh)))
    if errors:
        raise Problems(errors)


def plan_mesh(workspace: Workspace, request: "BuildRequest") -> "Plan":
    """What a build would make, and why; refused like the build itself."""
    from weft.build.plan import plan_build

    _refuse_what_breaks_a_rule(workspace)
    return plan_build(build_context(workspace), request)


def build_context(workspace: Workspace) -> "BuildContext":
    """The parts of the mesh that a build needs; the ledger and the lake are opened here."""
    from weft.build.context import BuildContext

    return BuildContext(
        mesh=workspace.mesh,
        environment=workspace.environment,
        storage=workspace.storage,
        ledger=workspace.ledger,
        lake=workspace.lake,
        new_engine=workspace.new_engine,
        clock=workspace.clock,
        actor=workspace.actor,
        vault=workspace.vault,
    )
