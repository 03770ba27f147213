"""Every rule finds what its `bad` mesh does wrong, at the line that says so, and nothing in its `good` mesh.

A mesh is `base/` with the files of `<rule>/bad` or `<rule>/good` laid over it. Lines that end in `<- here` are where
the rule must point to; a file with `<- file` is pointed to as a whole. `published/` holds contracts as they were
published last, `removed.txt` names files that are left out.
"""

import re
import shutil
from pathlib import Path

import pytest

from weft.base.problem import errors_of
from weft.base.yaml_source import read_yaml
from weft.build.check.foreign.known import reasons_not_computed
from weft.build.compile import compile_models
from weft.engine.duckdb_engine import DuckDBEngine
from weft.spec.load import load_mesh
from weft.spec.odcs.normalise import contract_of
from weft.spec.rule import RuleContext
from weft.spec.rule_book import rule_book, run_rules

HERE = Path(__file__).parent
RULES = {type(rule).__module__.rpartition(".")[2]: rule for rule in rule_book()}
MARK = re.compile(r"<- (here|file)\b")


@pytest.fixture(scope="module")
def engine():
    with DuckDBEngine() as session:
        yield session


def lay_out(overlay: Path, target: Path) -> Path:
    """The base mesh with the overlay's files over it."""
    shutil.copytree(HERE / "base", target)
    if overlay.exists():
        shutil.copytree(overlay, target, dirs_exist_ok=True)
    removed = overlay / "removed.txt"
    for path in removed.read_text().split() if removed.exists() else ():
        (target / path).unlink()
    return target


def context_of(root: Path, engine) -> RuleContext:
    mesh = load_mesh(root, environ={})
    landed = {(p.name, name): source.columns for p in mesh.products for name, source in p.making.sources.items()}
    published = {}
    for path in sorted((root / "published").rglob("*.yaml")):
        contract, _ = contract_of(read_yaml(path)[0])
        published.update({port.name: contract for port in mesh.output_ports() if port.contract_id == contract.id})
    return RuleContext(mesh, compile_models(mesh, engine, landed), published, reasons_not_computed)


def marked(root: Path) -> set[tuple[str, int | None]]:
    found = set()
    for path in root.rglob("*.*"):
        if path.is_dir() or "published" in path.parts:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            match = MARK.search(line)
            if match:
                found.add((path.relative_to(root).as_posix(), number if match[1] == "here" else None))
    return found


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_points_to_every_line_that_breaks_it(name, tmp_path, engine):
    root = lay_out(HERE / name / "bad", tmp_path / "mesh")
    problems = list(RULES[name].check(context_of(root, engine)))
    assert {problem.code for problem in problems} == {RULES[name].code}
    assert {(p.where.path, p.where.line) for p in problems} == marked(root), "\n".join(map(str, problems))


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_rule_says_nothing_of_a_mesh_that_keeps_it(name, tmp_path, engine):
    root = lay_out(HERE / name / "good", tmp_path / "mesh")
    context = context_of(root, engine)
    assert [str(problem) for problem in RULES[name].check(context)] == []
    broken = errors_of([*context.mesh.problems, *run_rules(context)])
    assert [str(problem) for problem in broken] == [], "a good example must be good in every respect"


def test_the_base_mesh_keeps_every_rule(tmp_path, engine):
    context = context_of(lay_out(HERE / "none", tmp_path / "mesh"), engine)
    assert [str(problem) for problem in [*context.mesh.problems, *run_rules(context)]] == []


def test_every_rule_has_a_bad_and_a_good_example():
    examples = {folder.name for folder in HERE.iterdir() if folder.is_dir() and not folder.name.startswith("_")}
    assert examples - {"base"} == set(RULES)
    for name in RULES:
        assert (HERE / name / "bad").is_dir(), name
        assert (HERE / name / "good").is_dir(), name
