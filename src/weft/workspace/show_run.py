"""What one run did, from the ledger."""

from dataclasses import dataclass
from typing import Any

from weft.base.problem import Problem
from weft.build.quarantine.row_balance import RunBalance, run_balance
from weft.ledger.facts import Cleansed, Landed, RunEnded, RunStarted, StepEnded
from weft.workspace.workspace import Workspace


@dataclass(frozen=True)
class ShownRun:
    """One run."""

    started: RunStarted
    ended: RunEnded | None  # None: it runs still, or was killed
    landings: tuple[Landed, ...]
    steps: tuple[StepEnded, ...]
    cleansings: tuple[Cleansed, ...]
    balance: RunBalance

    @property
    def status(self) -> str:
        """How it ended."""
        return self.ended.status if self.ended else "not ended"

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        ended = self.ended
        return {
            "run": self.started.run_id,
            "command": self.started.command,
            "actor": self.started.actor,
            "environment": self.started.environment,
            "started_at": self.started.at.isoformat(),
            "ended_at": ended.at.isoformat() if ended else None,
            "status": self.status,
            "selection": list(self.started.selection),
            "totals": ended and {n: v for n, v in vars(ended).items() if n.startswith(("rows_", "products_"))},
            "sources": [
                {
                    "product": landing.product,
                    "source": landing.source,
                    "rows_in_files": landing.rows_in_files,
                    "rows_landed": landing.rows_landed,
                    "rows_rejected": landing.rows_rejected,
                    "unchanged": landing.unchanged,
                }
                for landing in self.landings
            ],
            "steps": [
                {
                    "product": step.product,
                    "step": step.step,
                    "port": step.port,
                    "status": step.status,
                    "reasons": list(step.reasons),
                    "rows_in": step.rows_in,
                    "rows_published": step.rows_published,
                    "rows_quarantined": step.rows_quarantined,
                    "duration_seconds": round(step.duration_seconds, 3),
                    "problem": step.problem,
                }
                for step in self.steps
            ],
            "cleansing": [cleansing_json(done) for done in self.cleansings],
            "balance": self.balance.as_json(),
        }


def cleansing_json(done: Cleansed) -> dict[str, Any]:
    """What one step of a cleansing did, for a machine."""
    return {
        "product": done.product,
        "step": done.step,
        "port": done.port,
        "position": done.position,
        "kind": done.kind,
        "rule": done.rule,
        "columns": list(done.columns),
        "rows_in": done.rows_in,
        "rows_out": done.rows_out,
        "rows_merged": done.rows_merged,
        "cells": {column: dict(counts) for column, counts in done.cells.items()},
        "notes": list(done.notes),
    }


def show_run(workspace: Workspace, run_id: str) -> ShownRun:
    """One run by its id, or the newest by `last`.

    Raises:
        Problem: SHOW002, there is no such run.
    """
    ledger = workspace.ledger
    started = ledger.latest(RunStarted) if run_id == "last" else ledger.latest(RunStarted, run_id=run_id)
    if started is None:
        newest = [run.run_id for run in ledger.facts(RunStarted, newest_first=True, limit=5)]
        raise Problem(
            "SHOW002",
            "No run was recorded yet." if run_id == "last" else f'There is no run "{run_id}".',
            expected=f"such as {', '.join(newest)}" if newest else None,
            fix="weft show run:last" if newest else "weft build",
        )
    return ShownRun(
        started=started,
        ended=ledger.latest(RunEnded, run_id=started.run_id),
        landings=tuple(ledger.facts(Landed, run_id=started.run_id)),
        steps=tuple(ledger.facts(StepEnded, run_id=started.run_id)),
        cleansings=tuple(ledger.facts(Cleansed, run_id=started.run_id)),
        balance=run_balance(ledger, started.run_id),
    )
