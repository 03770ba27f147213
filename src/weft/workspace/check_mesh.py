"""Check a declared mesh without touching data: what loading found, and all rules.

Models are bound against empty tables. What the ledger remembers of the last publications (contracts, columns of
landed sources) is used where a ledger is there; none is made for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from weft.base.names import PortName, ProductName
from weft.base.problem import Problem, Severity, errors_of
from weft.base.yaml_source import YamlFile
from weft.build.check.foreign.known import reasons_not_computed
from weft.build.compile import compile_models
from weft.ledger.facts import ContractPublished, Landed
from weft.spec.contract import Contract
from weft.spec.odcs.normalise import contract_of
from weft.spec.rule import RuleContext
from weft.spec.rule_book import rule_book, run_rules, sorted_problems
from weft.workspace.workspace import Workspace

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger


@dataclass(frozen=True)
class MeshCheck:
    """What a check found, and how much it looked at."""

    problems: tuple[Problem, ...]  # by file and line
    files: int
    products: int
    ports: int
    models: int
    models_bound: int  # models whose columns are known
    rules: int

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Those that stop a build."""
        return errors_of(self.problems)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Those that are worth a look."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.WARNING)


def check_mesh(workspace: Workspace) -> MeshCheck:
    """Run everything that can be checked without data."""
    mesh = workspace.mesh
    told = list(mesh.problems)
    source_columns: Mapping[tuple[ProductName, str], Mapping[str, str]] = {}
    published: Mapping[PortName, Contract] = {}
    try:
        ledger = existing_ledger(workspace)
        if ledger is not None:
            source_columns, published = landed_columns(ledger), published_contracts(ledger)
    except Problem as problem:
        told.append(
            Problem(
                "WORK002",
                "The ledger cannot be read, so contracts were not compared with the published ones.",
                problem.where or mesh.place,
                found=problem.what,
                fix=problem.fix,
                severity=Severity.INFO,
            )
        )
    with workspace.new_engine() as engine:
        models = compile_models(mesh, engine, source_columns)
    told += run_rules(RuleContext(mesh, models, published, reasons_not_computed))
    return MeshCheck(
        problems=sorted_problems(told),
        files=len(mesh.files),
        products=len(mesh.products),
        ports=sum(1 for _ in mesh.output_ports()),
        models=len(models),
        models_bound=sum(1 for facts in models.values() if facts.columns is not None),
        rules=len(rule_book()),
    )


def existing_ledger(workspace: Workspace) -> "Ledger | None":
    """The ledger where there is one already; a check leaves no file behind.

    Raises:
        Problem: the declared database does not answer, or its reference cannot be resolved.
    """
    if workspace.environment.ledger is None and not (workspace.storage / "ledger.db").is_file():
        return None
    return workspace.ledger


def published_contracts(ledger: "Ledger") -> dict[PortName, Contract]:
    """The contract of the last publication of every port."""
    return dict(_contracts(ledger))


def _contracts(ledger: "Ledger") -> Iterator[tuple[PortName, Contract]]:
    seen: set[str] = set()
    for fact in ledger.facts(ContractPublished, newest_first=True):
        if fact.port not in seen:
            seen.add(fact.port)
            document = YamlFile(fact.path, dict(fact.document))
            contract, _ = contract_of(document, fact.standard_version)
            yield PortName.parse(fact.port), contract


def landed_columns(ledger: "Ledger") -> dict[tuple[ProductName, str], Mapping[str, str]]:
    """Columns and types of every source as it was landed last."""
    columns: dict[tuple[ProductName, str], Mapping[str, str]] = {}
    for fact in ledger.facts(Landed, newest_first=True):
        key = (ProductName.parse(fact.product), fact.source)
        landed = fact.landing.get("columns")
        if key not in columns and isinstance(landed, Mapping) and landed:
            columns[key] = {str(name): str(kind) for name, kind in landed.items()}
    return columns
