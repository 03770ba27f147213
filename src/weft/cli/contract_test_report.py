"""What a test of a contract found, for people and for build servers."""

import xml.etree.ElementTree as ET
from collections import Counter
from typing import TYPE_CHECKING

from weft.base.counted import counted
from weft.base.measured import measured_text

if TYPE_CHECKING:
    from weft.build.check.finding import Finding
    from weft.workspace.contract_test import ContractTest, TableTest

_SIGN = {"passed": "ok  ", "failed": "FAIL", "warned": "warn", "not_run": "?   ", "not_applicable": "-   "}
_SAME_REASON = 3  # rules that did not run for one reason are told in one line beyond these
_ORDER = ("failed", "not_run", "warned", "passed", "not_applicable")


def report_text(found: "ContractTest", *, every_rule: bool, strict: bool) -> str:
    """A few lines a table: what failed, what did not run, and counts of the rest."""
    lines: list[str] = []
    for table in found.tables:
        lines += [*_table_lines(table, every_rule), ""]
    kept = found.is_kept(strict=strict)
    verdict = "keeps" if kept else "does not keep"
    lines.append(f"The data {verdict} the contract {found.contract} {found.version}{_but(found) if kept else ''}.")
    return "\n".join(lines)


def _but(found: "ContractTest") -> str:
    """What a verdict of "keeps" does not cover; a person reads the last line first."""
    tables = sum(table.data is None for table in found.tables)
    rules = sum(finding.status == "not_run" for table in found.tables for finding in table.findings)
    parts = [counted(tables, "table")] * bool(tables) + [counted(rules, "rule")] * bool(rules)
    return f" as far as it was checked: {' and '.join(parts)} not" if parts else ""


def _table_lines(table: "TableTest", every_rule: bool) -> list[str]:
    if table.data is None:
        return [f"{table.table}: no data was given, nothing was checked"]
    lines = [f"{table.table}: {counted(table.rows, 'row')} of {table.data}"]
    if table.rejected:
        lines.append(f"  FAIL  {counted(table.rejected, 'line')} could not be read as rows")
    shown = sorted(table.findings, key=lambda finding: _ORDER.index(finding.status))
    reasons = Counter(finding.message for finding in shown if finding.status == "not_run")
    together = {reason for reason, times in reasons.items() if times > _SAME_REASON and not every_rule}
    for finding in shown:
        if finding.status == "not_run" and finding.message in together:
            continue
        if every_rule or finding.status in ("failed", "not_run", "warned"):
            lines.append(f"  {_SIGN[finding.status]}  {finding.rule}{_said(finding)}")
    lines += [f"  {_SIGN['not_run']}  {reasons[reason]} rules  ({reason})" for reason in sorted(map(str, together))]
    counts = [(status, sum(f.status == status for f in table.findings)) for status in _ORDER]
    words = ", ".join(f"{number} {status.replace('_', ' ')}" for status, number in counts if number)
    broken = f"; {counted(table.broken_rows, 'row')} broken" if table.broken_rows else ""
    lines.append(f"  {counted(len(table.findings), 'rule')}: {words}{broken}")
    if table.bad_rows is not None:
        lines.append(f"  broken rows, with the rules that they break: {table.bad_rows}")
    return lines


def _said(finding: "Finding") -> str:
    parts = []
    if finding.broken_rows:
        parts.append(f"{counted(finding.broken_rows, 'row')} broken")
    elif finding.status in ("failed", "warned") and finding.measured is not None:
        parts.append(f"measured {measured_text(finding.measured, finding.unit)}")
    if finding.status in ("failed", "warned") and finding.threshold:
        parts.append(f"promised: {finding.threshold}")
    if finding.message:
        parts.append(finding.message)
    return f"  ({'; '.join(parts)})" if parts else ""


def junit(found: "ContractTest", *, strict: bool) -> str:
    """One suite a table, one case a rule."""
    suites = ET.Element("testsuites", name=f"weft contract test {found.contract}")
    for table in found.tables:
        cases = [(f, _outcome(f, strict)) for f in table.findings]
        failures = sum(outcome == "failure" for _, outcome in cases) + bool(table.rejected)
        suite = ET.SubElement(
            suites,
            "testsuite",
            name=f"{found.contract}.{table.table}",
            tests=str(len(cases) + bool(table.rejected) + (table.data is None)),
            failures=str(failures + (strict and table.data is None)),
            skipped=str(sum(o == "skipped" for _, o in cases) + (table.data is None and not strict)),
        )
        if table.data is None:
            case = ET.SubElement(suite, "testcase", classname=table.table, name="data")
            ET.SubElement(case, "failure" if strict else "skipped", message="No data was given.")
        if table.rejected:
            case = ET.SubElement(suite, "testcase", classname=table.table, name="readable lines")
            ET.SubElement(case, "failure", message=f"{counted(table.rejected, 'line')} could not be read as rows")
        for finding, outcome in cases:
            case = ET.SubElement(suite, "testcase", classname=table.table, name=finding.rule)
            if outcome:
                ET.SubElement(case, outcome, message=f"{finding.status.replace('_', ' ')}{_said(finding)}")
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _outcome(finding: "Finding", strict: bool) -> str | None:
    if finding.status == "failed" and finding.severity == "error":
        return "failure"
    if finding.status == "not_run":
        return "failure" if strict or finding.refuses else "skipped"
    return "skipped" if finding.status == "not_applicable" else None
