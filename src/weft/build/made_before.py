"""What the ledger and the lake say was made before: the state that a plan compares with."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from weft.base.names import PortName, ProductName
from weft.build.context import BuildContext
from weft.build.steps import Step
from weft.ledger.facts import CheckFinding, ContractPublished, Landed, Published, StepEnded

if TYPE_CHECKING:
    from weft.lake.snapshot import Snapshot

# A step is known by what it last made; an attempt that failed since then changes nothing.
MADE = ("made", "refreshed")


@dataclass(frozen=True)
class MadeBefore:
    """The last making of every step, the last landing of every source, and the head of every port."""

    steps: Mapping[tuple[str, str], StepEnded]  # by product and step
    published: Mapping[str, Published]  # by port
    contracts: Mapping[str, ContractPublished]  # by port
    landings: Mapping[tuple[str, str], Landed]  # by product and source
    ages: Mapping[tuple[str, str], CheckFinding] = field(default_factory=dict)  # freshness, by port and rule
    heads: Mapping[PortName, "Snapshot"] = field(default_factory=dict)
    lost: frozenset[PortName] = frozenset()  # ports of which a file is gone

    def step(self, step: Step) -> StepEnded | None:
        """The last making of a step; None where its table is no longer there."""
        made = self.steps.get((str(step.product), step.name))
        if made is None or (step.port is not None and step.port.name not in self.heads):
            return None
        return made

    def landing(self, product: ProductName, source: str) -> Landed | None:
        """The last landing of a source."""
        return self.landings.get((str(product), source))


def recall(context: BuildContext) -> MadeBefore:
    """Read the state once, so that everything in a run sees the same."""
    ledger, lake = context.ledger, context.lake
    heads = {port: snapshot for port in lake.heads() if (snapshot := lake.snapshot(port)) is not None}
    return MadeBefore(
        steps={(product, step): fact for (product, step), fact in _made_steps(context).items()},
        published={port: fact for (port,), fact in ledger.latest_by(Published, "port").items()},
        contracts={port: fact for (port,), fact in ledger.latest_by(ContractPublished, "port").items()},
        landings={(product, source): fact for (product, source), fact in _landings(context).items()},
        ages={(port, rule): fact for (port, rule), fact in _ages(context).items()},
        heads=heads,
        lost=frozenset(port for port in heads if _has_lost_files(context, port)),
    )


def _has_lost_files(context: BuildContext, port: PortName) -> bool:
    files = context.lake.files(port)
    paths = (path.removeprefix("file://") for path in (files.paths if files else ()))
    return any(path.startswith("/") and not os.path.exists(path) for path in paths)  # noqa: PTH110  # quicker


def _made_steps(context: BuildContext) -> dict[tuple[str, str], StepEnded]:
    found = context.ledger.latest_by(StepEnded, "product", "step", status=MADE)
    return {(str(product), str(step)): fact for (product, step), fact in found.items()}


def _landings(context: BuildContext) -> dict[tuple[str, str], Landed]:
    found = context.ledger.latest_by(Landed, "product", "source")
    return {(str(product), str(source)): fact for (product, source), fact in found.items()}


def _ages(context: BuildContext) -> dict[tuple[str, str], CheckFinding]:
    found = context.ledger.latest_by(CheckFinding, "port", "rule", kind="freshness")
    return {(str(port), str(rule)): fact for (port, rule), fact in found.items()}
