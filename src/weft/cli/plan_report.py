"""A plan in text: what is made and why, what a contract's change breaks, what lies downstream."""

from weft.base.counted import counted
from weft.build.plan import Plan, PlannedProduct, PlannedStep
from weft.spec.contract_change import ChangeClass


def plan_report(plan: Plan) -> str:
    """What a build would do, for people."""
    lines: list[str] = []
    for product in plan.products:
        if product.is_made or product.problem or any(step.notice for step in product.steps):
            lines += _product(product)
    kept = sum(1 for product in plan.products if not product.is_made and not product.problem)
    if not plan.products:
        lines.append("Nothing to make: nothing of the selection was modified.")
    elif plan.is_empty:
        lines.append(f"Nothing to make: {counted(kept, 'product')} up to date.")
    else:
        made = counted(plan.steps_to_make, "table")
        lines.append(
            f"To make: {made} of {counted(plan.products_to_make, 'product')}; {counted(kept, 'product')} kept."
        )
    if plan.has_unseen_sources:
        lines.append("Some sources can only be compared by reading them; if they hold nothing new, less is made.")
    if plan.outside:
        lines.append(f"Behind it and not selected: {', '.join(str(name) for name in plan.outside)}.")
    return "\n".join(lines)


def _product(product: PlannedProduct) -> list[str]:
    lines = [str(product.product)]
    if product.problem:
        lines += [f"  {line}" for line in str(product.problem).splitlines()]
    lines += [f"  source {name}: {state}" for name, state in product.sources.items() if state != "unchanged"]
    for step in product.steps:
        lines += _step(step)
    if product.downstream:
        lines.append(f"  read by {', '.join(str(name) for name in product.downstream)}")
    return [*lines, ""]


def _step(step: PlannedStep) -> list[str]:
    name = step.step.name
    lines = []
    if step.is_made:
        how = "" if step.step.port else ", on the way"
        reasons = "; ".join(str(reason) for reason in step.reasons)
        lines.append(f"  + {name} ({step.step.settings.materialization}{how}): {reasons}")
    elif step.is_refresh:
        lines.append(f"  ~ {name}: only words of its contract changed, nothing is made")
    elif step.notice:
        lines.append(f"    {name}: up to date; {step.notice}")
    for change in step.contract_changes:
        if change.change_class is not ChangeClass.DOCS:
            lines.append(f"      {change.change_class}: {change.what} ({change.reason})")
    return lines
