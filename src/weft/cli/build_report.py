"""The end of a build in text: a line for each product that was touched, and totals that add up."""

from weft.build.drift.measure import drifted_in
from weft.build.results import BuildResult, ProductResult, StepResult, Totals


def build_report(result: BuildResult) -> str:
    """What a build did, for people."""
    touched = sum(count for status, count in result.totals.products.items() if status != "unchanged")
    if result.note and not touched:
        return result.note
    lines = [_product(product) for product in result.products if product.status != "unchanged"]
    lines += ["", *totals_lines(result.totals)] if lines else totals_lines(result.totals)
    if result.note:
        lines.append(result.note)
    if result.status != "done" and result.run_id:
        lines.append(
            f"Run {result.run_id} {result.status}. Go on with it when the cause is mended: weft build --resume"
        )
    return "\n".join(lines)


def totals_lines(totals: Totals) -> list[str]:
    """The three sums of a build."""
    counted = ", ".join(f"{count} {status}" for status, count in totals.products.items())
    count = sum(totals.products.values())
    lines = [f"{count} product{'' if count == 1 else 's'}: {counted}; {totals.duration_seconds:.1f} s"]
    if totals.rows_in_files:
        lines.append(
            f"sources: {totals.rows_in_files:,} rows in files = {totals.rows_landed:,} landed"
            f" + {totals.rows_rejected:,} rejected"
        )
    if totals.rows_in:
        refused = f" + {totals.rows_refused:,} refused" if totals.rows_refused else ""
        merged = f" + {totals.rows_merged:,} merged" if totals.rows_merged else ""
        lines.append(
            f"ports: {totals.rows_in + totals.rows_merged:,} rows made = {totals.rows_published:,} published"
            f" + {totals.rows_quarantined:,} held back{refused}{merged}"
        )
    return lines


def _product(product: ProductResult) -> str:
    lines = [f"{product.status:<9} {product.product}  {product.duration_seconds:.1f} s"]
    for landing in product.landings:
        if landing.rows_rejected or landing.status == "failed":
            rejected = f", {landing.rows_rejected:,} rejected" if landing.status != "failed" else ""
            lines.append(f"            source {landing.source}: {landing.status}{rejected}")
    for step in product.steps:
        if text := _step(step):
            lines.append(f"            {text}")
            lines += [f"              {done}" for done in step.cleansing]
        if step.drifted:
            lines.append(f"              drifted{_named(drifted_in(step.drifted))}: weft drift {step.port}")
    return "\n".join(lines)


def _step(step: StepResult) -> str | None:
    if step.status == "unchanged" or not step.step:
        return None
    if step.status == "skipped":
        return f"{step.step}: skipped, {step.skipped_because}"
    if step.status == "refused":
        refusing = [finding.rule for finding in step.findings if finding.refuses]
        broken = refusing or [finding.rule for finding in step.findings if finding.broken_rows]
        if not step.rows_refused and step.problems:
            return f"{step.step}: REFUSED ({', '.join(sorted({problem.code for problem in step.problems}))})"
        return f"{step.step}: REFUSED, {step.rows_refused:,} rows not published{_named(broken)}"
    if step.status != "made":
        return f"{step.step}: {step.status}"
    if step.port is None:
        return f"{step.step}: made"
    held = [finding.rule for finding in step.findings if finding.held_rows]
    warned = [finding.rule for finding in step.findings if finding.status == "warned"]
    text = f"{step.step}: {step.rows_published:,} rows published"
    if step.rows_quarantined:
        text += f", {step.rows_quarantined:,} held back{_named(held)}"
    text += f"; warnings{_named(warned)}" if warned else ""
    uncomputed = [finding.rule for finding in step.findings if finding.status == "not_run"]
    return text + (f"; not run{_named(uncomputed)}" if uncomputed else "")


def _named(rules: list[str]) -> str:
    if not rules:
        return ""
    return f" ({', '.join(rules[:4])}{f' and {len(rules) - 4} more' if len(rules) > 4 else ''})"
