"""Write what a long run found as a page for people."""

import platform
from collections.abc import Sequence

from outcome import Outcome

_HEAD = """\
# Torture report

<!-- Written by `make torture`; do not edit. -->

What [the promises](guarantees.md) were held against, and what came of it. Each suite builds a small mesh whose tables
are a function of one number, harms the build, and then looks from another process whether every reader sees one whole
version, whether ledger and lake tell the same, whether the next build gives the identical result, and whether
`weft maintain` leaves no file that nothing needs.

"""


def report(outcomes: Sequence[Outcome], how: str) -> str:
    """The page; `how` says what was called."""
    injected = sum(outcome.tried.total() for outcome in outcomes if outcome.is_fault)
    violations = sum(len(outcome.violations) for outcome in outcomes)
    lines = [
        _HEAD,
        f"**{injected:,} faults injected, {violations} violations.**",
        f"{how}; Python {platform.python_version()}, {platform.system()} {platform.machine()}.",
        "",
        "| suite | faults | violations | minutes |",
        "| --- | ---: | ---: | ---: |",
    ]
    for outcome in outcomes:
        tried = f"skipped: {outcome.skipped}" if outcome.skipped else f"{outcome.tried.total():,}"
        lines.append(f"| {outcome.suite} | {tried} | {len(outcome.violations)} | {outcome.seconds / 60:.1f} |")
    for outcome in outcomes:
        lines += ["", *_section(outcome)]
    return "\n".join(lines) + "\n"


def _section(outcome: Outcome) -> list[str]:
    lines = [f"## {outcome.suite[0].upper()}{outcome.suite[1:]}", "", outcome.what, ""]
    if outcome.skipped:
        return [*lines, f"Not run: {outcome.skipped}."]
    lines += ["| injected | times |", "| --- | ---: |"]
    lines += [f"| {kind} | {times:,} |" for kind, times in outcome.tried.items()]
    if seen := {what: times for what, times in outcome.seen.items() if times}:
        lines += ["", "| seen | times |", "| --- | ---: |"]
        lines += [f"| {what} | {times:,} |" for what, times in seen.items()]
    if outcome.figures:
        lines += ["", "| figure | value |", "| --- | ---: |"]
        lines += [f"| {what} | {value} |" for what, value in outcome.figures.items()]
    if outcome.violations:
        lines += ["", f"{len(outcome.violations)} violations, the first of them:", ""]
        lines += [f"- {' '.join(violation.split())[:300]}" for violation in outcome.violations[:20]]
    return lines
