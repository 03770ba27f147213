"""What a build would make, and why; nothing is landed, made or published."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from weft.base.names import PortName, ProductName
from weft.base.problem import Problem, Problems, errors_of
from weft.build.context import BuildContext, BuildRequest
from weft.build.contract_digest import document_digest
from weft.build.decide import Decision, Values, decide
from weft.build.fingerprint import WILL_CHANGE, Reason
from weft.build.made_before import MadeBefore, recall
from weft.build.staleness import in_words, stale_at
from weft.build.steps import Step, product_order, steps_of
from weft.graph.selection import select
from weft.ledger.facts import ContractPublished
from weft.spec.contract import Contract
from weft.spec.contract_change import ContractChange
from weft.spec.contract_diff import breaking_of, changes_between
from weft.spec.making import Source
from weft.spec.mesh import Mesh
from weft.spec.product import Product


@dataclass(frozen=True)
class PlannedStep:
    """One table: whether it is made, and why."""

    step: Step
    reasons: tuple[Reason, ...]  # empty: it stays as it is
    is_refresh: bool = False  # only the words of its contract are remembered anew
    contract_changes: tuple[ContractChange, ...] = ()  # since the last publication
    notice: str | None = None  # such as a promise of freshness that runs out soon

    @property
    def is_made(self) -> bool:
        """Whether the build makes it."""
        return bool(self.reasons)

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "step": self.step.name,
            "port": str(self.step.port.name) if self.step.port else None,
            "materialization": str(self.step.settings.materialization),
            "action": "make" if self.is_made else "refresh" if self.is_refresh else "keep",
            "reasons": [{"kind": reason.kind, "what": reason.what} for reason in self.reasons],
            "contract_changes": [change.as_json() for change in self.contract_changes],
            "breaking": bool(breaking_of(self.contract_changes)),
            "notice": self.notice,
        }


@dataclass(frozen=True)
class PlannedProduct:
    """One product of the selection."""

    product: ProductName
    sources: Mapping[str, str]  # source -> new | changed | unchanged
    steps: tuple[PlannedStep, ...]
    downstream: tuple[ProductName, ...] = ()  # products that read what this one will make
    problem: Problem | None = None  # why it cannot be planned

    @property
    def is_made(self) -> bool:
        """Whether the build makes anything of it."""
        return any(step.is_made or step.is_refresh for step in self.steps)

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {
            "product": str(self.product),
            "sources": dict(self.sources),
            "steps": [step.as_json() for step in self.steps],
            "downstream": [str(name) for name in self.downstream],
            "problem": self.problem.as_json() if self.problem else None,
        }


@dataclass(frozen=True)
class Plan:
    """All of it, in the order of making."""

    products: tuple[PlannedProduct, ...]
    outside: tuple[ProductName, ...] = ()  # not selected, and read what will be made

    @property
    def is_empty(self) -> bool:
        """Whether a build would do nothing."""
        return not any(product.is_made or product.problem for product in self.products)

    @property
    def has_changed_sources(self) -> bool:
        """Whether something outside changed or cannot be known without reading it."""
        return any(state != "unchanged" for product in self.products for state in product.sources.values())

    @property
    def has_unseen_sources(self) -> bool:
        """Whether sources that were read before may have changed: whether they did shows when they are read."""
        return any(state == "changed" for product in self.products for state in product.sources.values())

    @property
    def products_to_make(self) -> int:
        """How many products have something to do."""
        return sum(1 for product in self.products if product.is_made or product.problem)

    @property
    def steps_to_make(self) -> int:
        """How many tables are to be made, as far as can be told before the sources are read."""
        return sum(1 for product in self.products for step in product.steps if step.is_made)

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        made = [step for product in self.products for step in product.steps if step.is_made]
        return {
            "products": [product.as_json() for product in self.products],
            "outside_selection": [str(name) for name in self.outside],
            "steps_to_make": len(made),
            "steps_to_keep": sum(len(product.steps) for product in self.products) - len(made),
        }


def plan_build(context: BuildContext, request: BuildRequest) -> Plan:
    """Say what a build with this request would make now.

    Raises:
        Problems: the mesh cannot be loaded whole; Problem: the selection chooses nothing.
    """
    refuse_broken_mesh(context.mesh)
    before = recall(context)
    chosen = chosen_products(context, request, before)
    return plan_products(context, before, chosen, "--full" if request.full else None)


def plan_products(
    context: BuildContext,
    before: MadeBefore,
    chosen: Iterable[ProductName],
    forced: str | None,
    kept: frozenset[tuple[str, str]] = frozenset(),
) -> Plan:
    """Plan these products.

    Args:
        context: the opened mesh.
        before: the state to compare with.
        chosen: products, each after those that it waits for.
        forced: why everything is made, such as "--full".
        kept: product and step that this does not hold for.
    """
    return _Planner(context, before, forced, kept).plan(chosen)


def refuse_broken_mesh(mesh: Mesh) -> None:
    """Nothing is built of a mesh whose files could not all be read."""
    if errors := errors_of(mesh.problems):
        raise Problems(errors)


def chosen_products(context: BuildContext, request: BuildRequest, before: MadeBefore) -> tuple[ProductName, ...]:
    """The selected products, each after those that it waits for."""
    asks_for_state = any("state:" in text for text in (*request.selection, *request.exclude))
    modified = modified_products(context, before) if asks_for_state else frozenset()
    chosen = set(select(context.mesh, request.selection, request.exclude, modified))
    return tuple(name for name in product_order(context.mesh).order() if name in chosen)


def modified_products(context: BuildContext, before: MadeBefore) -> frozenset[ProductName]:
    """Products whose own files changed since they were last made: texts, settings, contracts, or never made."""
    own = {"new", "text", "settings", "contract"}
    plan = plan_products(context, before, product_order(context.mesh).order(), None)
    return frozenset(
        product.product
        for product in plan.products
        if product.problem
        or any(reason.kind in own for step in product.steps for reason in step.reasons)
        or any(step.is_refresh for step in product.steps)
    )


def published_contract(fact: ContractPublished) -> Contract:
    """The contract of the last publication, read back from the ledger."""
    from weft.base.yaml_source import YamlFile
    from weft.spec.odcs.normalise import contract_of

    contract, _ = contract_of(YamlFile(fact.path, dict(fact.document)), fact.standard_version)
    return contract


def contract_changes(step: Step, before: MadeBefore) -> tuple[ContractChange, ...]:
    """What changed in a port's contract since it was last published, breaking changes first."""
    if step.port is None or step.port.contract is None:
        return ()
    fact = before.contracts.get(str(step.port.name))
    if fact is None or fact.digest == document_digest(step.port.contract):
        return ()
    return changes_between(published_contract(fact), step.port.contract)


class _Planner:
    def __init__(
        self, context: BuildContext, before: MadeBefore, forced: str | None, kept: frozenset[tuple[str, str]]
    ) -> None:
        self.context = context
        self.before = before
        self.forced = forced
        self.kept = kept
        self.now: datetime = context.clock.now()
        self.storage: Path = context.storage
        self.port_ids: dict[PortName, str] = {port: str(head.content_id) for port, head in before.heads.items()}

    def plan(self, chosen: Iterable[ProductName]) -> Plan:
        from weft.graph.product_graph import ProductGraph

        planned = []
        for name in chosen:
            product = self.context.mesh.product(name)
            assert product is not None, name
            planned.append(self._product(product))
        graph = ProductGraph(self.context.mesh)
        selected = {product.product for product in planned}
        behind: set[ProductName] = set()
        placed = []
        for one in planned:
            readers = tuple(sorted(self._readers(graph, one)))
            behind.update(name for reader in readers for name in (reader, *graph.descendants(reader)))
            placed.append(replace(one, downstream=readers))
        return Plan(tuple(placed), tuple(sorted(behind - selected)))

    def _readers(self, graph: Any, planned: PlannedProduct) -> set[ProductName]:
        ports = [step.step.port.name for step in planned.steps if step.is_made and step.step.port]
        return {reader.product for port in ports for reader in graph.readers(port)}

    def _product(self, product: Product) -> PlannedProduct:
        try:
            steps = steps_of(self.context.mesh, product)
            sources, source_ids = self._sources(product, steps)
            model_ids: dict[str, str] = {}
            planned = []
            for step in steps:
                values = Values(source_ids, model_ids, self.port_ids)
                forced = None if (str(step.product), step.name) in self.kept else self.forced
                decision = decide(step, values, self.before, self.context.environment, self.storage, self.now, forced)
                planned.append(self._step(step, decision))
                self._remember(step, decision, model_ids)
        except Problem as problem:
            return PlannedProduct(product.name, {}, (), problem=problem)
        return PlannedProduct(product.name, sources, tuple(planned))

    def _remember(self, step: Step, decision: Decision, model_ids: dict[str, str]) -> None:
        if step.port is None:
            model_ids[step.name] = WILL_CHANGE if decision.reasons else decision.fingerprint
        elif decision.reasons:
            self.port_ids[step.port.name] = WILL_CHANGE

    def _sources(self, product: Product, steps: tuple[Step, ...]) -> tuple[dict[str, str], dict[str, str]]:
        from weft.ingest.land import changed
        from weft.ingest.landing import Landing

        states, ids = {}, {}
        used = {read.name for step in steps for read in step.inputs if read.kind == "source"}
        for name in sorted(used):
            source: Source = product.making.sources[name]
            fact = self.before.landing(product.name, name)
            previous = Landing.from_json(fact.landing) if fact else None
            is_changed = changed(source, self.context.mesh.root, previous)
            states[name] = "new" if previous is None else "changed" if is_changed else "unchanged"
            ids[name] = WILL_CHANGE if previous is None or is_changed else previous.fingerprint
        return states, ids

    def _step(self, step: Step, decision: Decision) -> PlannedStep:
        changes = contract_changes(step, self.before)
        until = stale_at(step, self.before)
        notice = None
        if until is not None and self.now < until:
            notice = f"its promise of freshness runs out in {in_words(until - self.now)}"
        return PlannedStep(step, decision.reasons, decision.is_refresh, changes, notice)
