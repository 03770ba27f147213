"""What a mesh that is up to date stands on, for the next build to look at."""

from typing import TYPE_CHECKING

from weft.base.names import PortName
from weft.build.context import BuildContext
from weft.build.made_before import MadeBefore
from weft.build.plan import Plan
from weft.build.staleness import stale_at
from weft.build.up_to_date import Standing, remember

if TYPE_CHECKING:
    from weft.lake.iceberg_lake import Lake


def remember_standing(context: BuildContext, before: MadeBefore, plan: Plan) -> str:
    """Note that nothing is left to do, if the plan is of the whole mesh.

    Args:
        context: the opened mesh.
        before: the state just now.
        plan: of that state; it makes nothing.

    Returns:
        What to say of it.
    """
    note = nothing_to_do(context.lake, before, plan)
    if len(plan.products) != len(context.mesh.products):
        return note
    steps = [step.step for product in plan.products for step in product.steps]
    landings = {}
    for product in plan.products:
        for source in product.sources:
            fact = before.landing(product.product, source)
            assert fact is not None, "a source that is unchanged was landed"
            landings[f"{product.product} {source}"] = fact.landing
    work = [file for step in steps if step.port is None and (made := before.step(step)) for file in made.files]
    ports = [step.port.name for step in steps if step.port]
    until = [instant for step in steps if (instant := stale_at(step, before)) is not None]
    standing = Standing(
        products=len(plan.products),
        landings=landings,
        files=(*work, *(path.removeprefix("file://") for port in ports for path in _paths(context, port))),
        fresh_until=min(until, default=None),
        note=note,
    )
    remember(context.storage, context.mesh, context.environment, standing)
    return note


def nothing_to_do(lake: "Lake", before: MadeBefore, plan: Plan) -> str:
    """The sentence of a build that makes nothing, with what a reader should not mistake for the newest."""
    count = len(plan.products)
    if not count:
        return "Nothing to do: nothing of the selection was modified."
    said = f"Nothing to do: {count} product{' is' if count == 1 else 's are'} up to date."
    held = [str(port) for port in rolled_back(lake, before, plan)]
    if held:
        said += f" Rolled back and kept so until something changes: {', '.join(held)}."
    return said


def rolled_back(lake: "Lake", before: MadeBefore, plan: Plan) -> list[PortName]:
    """Ports of the plan whose head is an older snapshot than the one that was published last."""
    found = []
    for product in plan.products:
        for step in product.steps:
            port = step.step.port.name if step.step.port else None
            fact = before.published.get(str(port))
            head = before.heads.get(port) if port else None
            if port is None or fact is None or head is None or head.content_id == fact.snapshot_id:
                continue
            newest_first = [snapshot.snapshot_id for snapshot in lake.snapshots(port)]
            if fact.snapshot_id in newest_first[: newest_first.index(head.snapshot_id)]:
                found.append(port)
    return found


def _paths(context: BuildContext, port: PortName) -> tuple[str, ...]:
    files = context.lake.files(port)
    return files.paths if files else ()
