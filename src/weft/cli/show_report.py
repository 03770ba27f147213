"""A port, a product or a run as text."""

from collections import Counter

from weft.base.counted import counted
from weft.base.measured import measured_text
from weft.build.cleanse.report import said
from weft.build.drift.measure import drifted_in
from weft.cli.balance_report import balance_lines
from weft.lake.snapshot import Snapshot
from weft.ledger.facts import CheckFinding, Cleansed
from weft.workspace.show import ShownProduct
from weft.workspace.show_port import ShownPort
from weft.workspace.show_run import ShownRun

Shown = ShownRun | ShownPort | ShownProduct


def show_report(shown: Shown) -> str:
    """What was asked for, for people."""
    if isinstance(shown, ShownRun):
        return _run(shown)
    if isinstance(shown, ShownPort):
        return _port(shown)
    return _product(shown)


def _product(shown: ShownProduct) -> str:
    product = shown.product
    lines = [f"{product.name}  {product.title or ''}".rstrip()]
    if product.description:
        lines.append(f"  {product.description}")
    lines.append(
        f"  version {product.version or 'none'}, {product.status or 'no status'}, owner {product.owner or 'none'}"
    )
    if product.input_ports:
        lines.append(f"  reads {', '.join(str(port.port or port.contract_id) for port in product.input_ports)}")
    if product.making.sources:
        lines.append(f"  lands {', '.join(sorted(product.making.sources))}")
    for port in shown.ports:
        lines += ["", _port(port)]
    return "\n".join(lines)


def _port(shown: ShownPort) -> str:
    port, contract = shown.port, shown.port.contract
    promise = f"contract {contract.id} {contract.version}" if contract else "no contract"
    lines = [f"{port.name.product_name}/{port.name.port}  {promise}"]
    if port.description or (contract and contract.description):
        lines.append(f"  {port.description or (contract and contract.description)}")
    lines += ["  " + line for line in _state(shown)]
    lines.append("  columns")
    width = max((len(column.name) for column in shown.columns), default=0)
    kinds = max((len(column.type) for column in shown.columns), default=0)
    for column in shown.columns:
        marks = "key" if column.key else "required" if column.required else ""
        figures = _figures(shown, column.name)
        lines.append(f"    {column.name:<{width}}  {column.type:<{kinds}}  {marks:<8}  {figures}".rstrip())
    if shown.cleansings:
        lines.append(f"  cleansed {shown.cleansings[0].at:%Y-%m-%d %H:%M:%S} UTC")
        lines += [f"    {_cleansed(done)}" for done in shown.cleansings]
    lines += _findings(shown.findings)
    if len(shown.snapshots) > 1:
        lines.append("  snapshots, newest first")
        lines += [f"    {_snapshot(snapshot, shown)}" for snapshot in shown.snapshots]
    if shown.readers:
        lines.append(f"  read by {', '.join(str(name) for name in shown.readers)}")
    return "\n".join(lines)


def _state(shown: ShownPort) -> list[str]:
    lines = []
    if shown.head is None:
        lines.append("never published")
    else:
        rows = f"{shown.head.rows:,} rows"
        held = f", {shown.held_rows:,} held back in quarantine" if shown.held_rows else ""
        version = shown.head.properties.get("weft.contract-version")
        under = f" under contract version {version}" if version else ""
        lines.append(f"published {shown.head.committed_at:%Y-%m-%d %H:%M:%S} UTC{under}: {rows}{held}")
    if shown.drift is not None and shown.drift.drifted:
        measures = shown.drift.measures.items()
        names = drifted_in(name for name, found in measures if found.get("status") == "drifted")
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        said = f"{', '.join(names[:4])}{more}"
        name = shown.port.name
        lines.append(f"drifted in {said}: weft drift {name.product_name}/{name.port}")
    if shown.rolled_back:
        at, actor = shown.rolled_back.at, shown.rolled_back.actor
        lines.append(f"rolled back to it by {actor} on {at:%Y-%m-%d %H:%M:%S} UTC; kept so until something changes")
    if shown.attempt:
        what = (shown.attempt.problem or {}).get("what") or shown.attempt.status
        lines.append(f"the last build {shown.attempt.status} it on {shown.attempt.at:%Y-%m-%d %H:%M:%S} UTC: {what}")
    return lines


def _figures(shown: ShownPort, column: str) -> str:
    if shown.profile is None or column not in shown.profile.columns:
        return ""
    figures = shown.profile.columns[column]
    parts = []
    if figures.get("null_share"):
        parts.append(f"{figures['null_share']:.1%} empty")
    if figures.get("distinct") is not None:
        parts.append(f"about {figures['distinct']:,} distinct")
    if figures.get("is_personal"):
        parts.append("personal: values not shown")
    elif figures.get("min") is not None:
        parts.append(f"{figures['min']} to {figures['max']}")
    return ", ".join(parts)


def _cleansed(done: Cleansed) -> str:
    totals: Counter[str] = Counter()
    for counts in done.cells.values():
        totals.update({what: count for what, count in counts.items() if count})
    return said(done.kind, done.columns, done.rule, done.rows_merged, totals, done.notes)


def _findings(findings: tuple[CheckFinding, ...]) -> list[str]:
    if not findings:
        return []
    counts = Counter(finding.status for finding in findings)
    uncomputed = "".join(
        f", {counts[status]} {status.replace('_', ' ')}" for status in ("not_run", "not_applicable") if counts[status]
    )
    at = f"{findings[0].at:%Y-%m-%d %H:%M:%S} UTC"
    lines = [f"  checks of {at}: {counts['passed']} of {len(findings)} passed{uncomputed}"]
    for finding in findings:
        if finding.status == "passed":
            continue
        measured = "" if finding.measured is None else f" {measured_text(finding.measured, finding.unit)}"
        threshold = f" ({finding.threshold})" if finding.threshold else ""
        message = f": {finding.message}" if finding.message else ""
        status = finding.status.replace("_", " ")
        lines.append(f"    {status:<7} {finding.rule}{measured}{threshold}{message}  {finding.place or ''}".rstrip())
    return lines


def _snapshot(snapshot: Snapshot, shown: ShownPort) -> str:
    mark = "  <- readers see this" if shown.head and snapshot.snapshot_id == shown.head.snapshot_id else ""
    return f"{snapshot.snapshot_id}  {snapshot.committed_at:%Y-%m-%d %H:%M:%S} UTC  {snapshot.rows:,} rows{mark}"


def _run(shown: ShownRun) -> str:
    started, ended = shown.started, shown.ended
    asked = " ".join(started.selection) or "everything"
    lines = [
        f"run {started.run_id}: {started.command} of {asked} by {started.actor} in {started.environment}",
        f"  began {started.at:%Y-%m-%d %H:%M:%S} UTC, {shown.status}"
        + (f" after {ended.duration_seconds:.1f} s" if ended else " (it runs still, or was killed)"),
    ]
    for landing in shown.landings:
        rows = (
            "nothing new" if landing.unchanged else f"{landing.rows_landed:,} rows, {landing.rows_rejected:,} rejected"
        )
        lines.append(f"  source    {landing.product} {landing.source}: {rows}")
    for step in shown.steps:
        name = step.port or f"{step.product}:{step.step}"
        rows = f", {step.rows_published:,} rows" if step.status == "made" else ""
        held = f", {step.rows_quarantined:,} held back" if step.rows_quarantined else ""
        why = f" ({'; '.join(step.reasons)})" if step.reasons else ""
        what = f": {step.problem.get('what')}" if step.problem else ""
        lines.append(f"  {step.status:<9} {name}{rows}{held}{why}{what}")
        made = [done for done in shown.cleansings if (done.product, done.step) == (step.product, step.step)]
        lines += [f"            {_cleansed(done)}" for done in made]
    products = (
        ended and ended.products_built + ended.products_unchanged + ended.products_failed + ended.products_skipped
    )
    if ended and products:  # a dismissal and the like make no product
        lines.append(
            f"  {counted(ended.products_built, 'product')} built, {ended.products_unchanged} unchanged,"
            f" {ended.products_failed} failed, {ended.products_skipped} skipped"
        )
        lines.append(
            f"  {ended.rows_in:,} rows made = {ended.rows_published:,} published"
            f" + {ended.rows_quarantined:,} held back + {ended.rows_refused:,} refused"
        )
    lines += balance_lines(shown.balance)
    return "\n".join(lines)
