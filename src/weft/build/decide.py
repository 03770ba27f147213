"""Whether a step has to be made, and why. The plan asks with what it expects, the build with what it sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from weft.base.names import PortName
from weft.build.contract_digest import digest_of
from weft.build.fingerprint import Reason, differences, fingerprint_of, is_only_words, own_parts
from weft.build.made_before import MadeBefore
from weft.build.quarantine.batches import quarantine_folder
from weft.build.quarantine.corrections import waiting_corrections
from weft.build.staleness import in_words, stale_at
from weft.build.steps import Step
from weft.ledger.facts import StepEnded
from weft.spec.mesh import Environment


@dataclass(frozen=True)
class Values:
    """What the inputs of steps are right now: ids that change when the content does."""

    source_ids: Mapping[str, str]  # of the product at hand, by source
    model_ids: Mapping[str, str]  # of the product at hand, by step that is no port
    port_ids: Mapping[PortName, str]  # of the whole mesh


@dataclass(frozen=True)
class Decision:
    """What is to be done with a step."""

    parts: Mapping[str, str]
    reasons: tuple[Reason, ...]  # empty: nothing to make
    is_refresh: bool  # only the contract's words changed
    before: StepEnded | None

    @property
    def fingerprint(self) -> str:
        """One name for all parts."""
        return fingerprint_of(self.parts)


def decide(
    step: Step,
    values: Values,
    before: MadeBefore,
    environment: Environment,
    storage: Path,
    now: datetime,
    forced: str | None = None,
) -> Decision:
    """Compare what a step would be made of with what it was made of.

    Args:
        step: the step.
        values: what its inputs are.
        before: the state at the start of the run.
        environment: settings that decide which rows are published.
        storage: folder that files of steps on the way are relative to.
        now: this instant.
        forced: why it is made in any case, such as "--full".
    """
    made = before.step(step)
    parts = {**own_parts(step, environment, made.parts if made else None), **_input_parts(step, values)}
    parts |= _correction_parts(step, storage)
    if made is None:
        return Decision(parts, (Reason("new", "it was never made"),), False, None)
    reasons = [Reason("forced", forced)] if forced else []
    reasons += differences(made.parts, parts)
    if not reasons:
        reasons += _lost_files(step, made, before, storage)
    if not reasons:
        reasons += _stale(step, before, now)
    return Decision(parts, tuple(reasons), not reasons and is_only_words(made.parts, parts), made)


def _input_parts(step: Step, values: Values) -> dict[str, str]:
    parts = {}
    for read in step.inputs:
        if read.kind == "source":
            parts[f"source {read.name}"] = values.source_ids.get(read.name, "")
        elif read.port is not None:
            parts[f"input {read.name}"] = values.port_ids.get(read.port, "")
        else:
            parts[f"model {read.name}"] = values.model_ids.get(read.name, "")
    for port in step.references.values():
        if step.port is None or port != step.port.name:
            parts[f"reference {port}"] = values.port_ids.get(port, "")
    return parts


def _correction_parts(step: Step, storage: Path) -> dict[str, str]:
    """Corrections that wait for a build are an input of the port."""
    if step.port is None:
        return {}
    waiting = waiting_corrections(quarantine_folder(storage, step.port.name))
    return {"corrections": digest_of(waiting)} if waiting else {}


def _lost_files(step: Step, made: StepEnded, before: MadeBefore, storage: Path) -> list[Reason]:
    if step.port is not None:
        is_lost = step.port.name in before.lost
    else:
        is_lost = any(not (storage / file).exists() for file in made.files)
    return [Reason("files", "a file of its table is gone")] if is_lost else []


def _stale(step: Step, before: MadeBefore, now: datetime) -> list[Reason]:
    until = stale_at(step, before)
    if until is None or now < until:
        return []
    return [Reason("stale", f"its promise of freshness ran out {in_words(now - until)} ago")]
