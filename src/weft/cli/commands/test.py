"""`weft test`: the unit tests of models."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from weft.base.problem import Problem
from weft.cli.exit_codes import ExitCode
from weft.cli.options import format_option
from weft.cli.session import Session

if TYPE_CHECKING:
    from weft.build.model_test.difference import Difference
    from weft.build.model_test.run_tests import ModelTestResult


@click.command()
@click.argument("selection", nargs=-1)
@click.option("--exclude", multiple=True, metavar="SELECTION", help="Leave these out.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Also write the results as JUnit XML.")
@format_option
@click.pass_context
def command(ctx: click.Context, selection: tuple[str, ...], exclude: tuple[str, ...], junit: Path | None) -> None:
    """Run the unit tests of models.

    A case is tests/<case>.yaml of a product: rows given, rows expected. No data of the mesh is read.

    \b
    Examples:
      weft test                         every case of the mesh
      weft test billing/fees            those of one product
      weft test --junit report.xml      for a build server
    """  # noqa: D301 - \b is Click's mark for text that keeps its lines
    from weft.build.model_test.junit import junit_xml
    from weft.build.model_test.run_tests import run_model_tests
    from weft.workspace.selected import selected

    session = ctx.find_object(Session)
    assert session is not None
    workspace = session.open()
    chosen = set(selected(workspace, selection, exclude))
    results: list[ModelTestResult] = []
    for product in workspace.mesh.products:
        if product.name in chosen:
            for result in run_model_tests(workspace.mesh, product, workspace.new_engine):
                session.output.progress(f"{'ok  ' if result.is_passed else 'FAIL'}  {_title(result)}")
                results.append(result)
    if junit is not None:
        junit.write_text(junit_xml(results), encoding="utf-8")
    session.output.show([_as_json(result) for result in results], lambda: _text(results))
    if not all(result.is_passed for result in results):
        ctx.exit(ExitCode.CHECK_FAILED)


def _title(result: "ModelTestResult") -> str:
    return f"{result.product}  {result.case.model}: {result.case.description or result.case.name}"


def _text(results: list["ModelTestResult"]) -> str:
    lines: list[str] = []
    for result in results:
        if result.is_passed:
            continue
        lines += ["", f"{_title(result)}  ({result.case.place})"]
        if result.problem is not None:
            lines.append(str(result.problem))
        elif result.difference is not None:
            lines += _difference_lines(result.difference)
    failed = sum(not result.is_passed for result in results)
    lines += ["", f"{len(results) - failed} of {len(results)} cases passed."] if results else ["There are no cases."]
    return "\n".join(lines).strip("\n")


def _difference_lines(difference: "Difference") -> list[str]:
    """A table: `-` expected and missing, `+` there and unexpected, `~` cells that differ as expected -> found."""
    if difference.is_order_wrong:
        return ["  The rows are as expected, but in another order."]
    rows = [("-", *(_cell(value) for value in row)) for row in difference.missing]
    rows += [("+", *(_cell(value) for value in row)) for row in difference.unexpected]
    for expected, found in difference.changed:
        pairs = zip(expected, found, strict=True)
        rows.append(("~", *(_cell(a) if a == b else f"{_cell(a)} -> {_cell(b)}" for a, b in pairs)))
    table = [("", *difference.columns), *rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    legend = "  - expected, not there   + there, not expected   ~ expected -> found"
    drawn = ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table]
    return [legend, *(line.rstrip() for line in drawn)]


def _cell(value: Any) -> str:
    return "NULL" if value is None else str(value)


def _as_json(result: "ModelTestResult") -> dict[str, Any]:
    difference, problem = result.difference, result.problem
    return {
        "product": str(result.product),
        "case": result.case.name,
        "model": result.case.model,
        "file": str(result.case.place),
        "passed": result.is_passed,
        "duration_seconds": round(result.duration_seconds, 3),
        "problem": problem.as_json() if isinstance(problem, Problem) else None,
        "columns": list(difference.columns) if difference is not None else None,
        "missing": [list(row) for row in difference.missing] if difference is not None else None,
        "unexpected": [list(row) for row in difference.unexpected] if difference is not None else None,
        "changed": [{"expected": list(a), "found": list(b)} for a, b in difference.changed] if difference else None,
    }
