"""The names that a step reads, made readable in an engine session just before it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from weft.base.data_files import DataFiles
from weft.base.names import PortName
from weft.base.problem import Problem
from weft.build.cleanse.report import StepReport
from weft.build.referred_files import referred_files
from weft.build.run_model.relation import add_model
from weft.build.run_state import RunState
from weft.build.steps import Step, StepInput
from weft.engine.quote import identifier
from weft.ingest.landing import Landing
from weft.spec.contract import Table
from weft.spec.relationship_target import named_version

if TYPE_CHECKING:
    from weft.engine.protocol import Engine


@dataclass
class Relations:
    """Binds names for the steps of one product, one after the other.

    A name may mean different things to different steps (`models/orders.sql` reads the source `orders`, a later model
    reads the model), so every step binds its own.
    """

    run: RunState
    engine: "Engine"
    step_by_name: Mapping[str, Step]
    landings: Mapping[str, Landing]
    work_files: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of steps that are no ports, absolute
    cleansing: dict[str, tuple[StepReport, ...]] = field(default_factory=dict)  # by step: what was done to its rows

    def bind(self, step: Step) -> None:
        """Make every name that a step reads readable.

        Raises:
            Problem: BUILD004, an input port was never published.
        """
        for read in step.inputs:
            self._bind_input(step, read)

    def references(self, step: Step) -> dict[str, str]:
        """Make the tables that a contract refers to readable; those never published are left out.

        Returns:
            Name in the relationship -> relation.
        """
        found = {}
        for name, port in step.references.items():
            is_to_itself = step.port is not None and port == step.port.name and named_version(name) is None
            files = None if is_to_itself else referred_files(self.run.context.lake, name, port, self.run.files)
            if files is None:
                continue
            relation = f"weft reference {port}@{named_version(name) or 'now'}"
            self.engine.add_files(relation, files)
            found[name] = relation
        return found

    def reference_tables(self, step: Step) -> dict[str, Table]:
        """The table of each reference, which says how its columns are stored."""
        offered = ((name, self.run.context.mesh.output_port(port)) for name, port in step.references.items())
        return {name: port.table for name, port in offered if port is not None and port.table is not None}

    def _bind_input(self, step: Step, read: StepInput) -> None:
        if read.kind == "source":
            landing = self.landings[read.name]
            self.engine.add_parquet(read.name, landing.tables, landing.columns)
        elif read.port is not None:
            self.engine.add_files(read.name, self._published(step, read.port))
        else:
            self._bind_own_model(self.step_by_name[read.name])

    def _bind_own_model(self, maker: Step) -> None:
        if not maker.is_view:
            self.engine.add_parquet(maker.name, self.work_files[maker.name])
            return
        assert maker.model is not None, maker
        self.bind(maker)
        hidden = f"weft view {maker.name}"
        add_model(self.engine, maker.model, hidden, self.run.context.mesh.root)
        if any(read.name == maker.name for read in maker.inputs):
            # The view reads what it is named as: once its name means the view itself, it could not be computed.
            self.engine.add_table(maker.name, f"FROM {identifier(hidden)}")
        else:
            self.engine.add_view(maker.name, f"FROM {identifier(hidden)}")

    def _published(self, step: Step, port: PortName) -> DataFiles:
        files = self.run.files(port)
        if files is None:
            raise Problem(
                "BUILD004",
                f'"{step.name}" reads {port}, which was never published.',
                step.place,
                fix=f"Build what it reads too: weft build +{step.product}",
            )
        return files
