"""Measure a function or a command: CPU seconds, wall seconds, peak memory; and print ratios as a table."""

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """What one measurement took."""

    cpu_seconds: float
    wall_seconds: float


@dataclass(frozen=True)
class Row:
    """One line of a table: a thing of weft's beside the bare thing, in the same run."""

    what: str
    weft: Cost
    bare: Cost | None
    goal: str = ""
    ratio_of: str = "cpu"  # or wall
    is_met: bool | None = None  # where the goal is absolute; None: judged by the ratio
    goal_ratio: float | None = None

    @property
    def ratio(self) -> float | None:
        """weft / bare; None where there is nothing to compare with."""
        if self.bare is None:
            return None
        if self.ratio_of == "cpu":
            return self.weft.cpu_seconds / self.bare.cpu_seconds
        return self.weft.wall_seconds / self.bare.wall_seconds

    @property
    def verdict(self) -> str:
        """Whether the goal is met."""
        if self.goal_ratio is not None and self.ratio is not None:
            return "met" if self.ratio <= self.goal_ratio else "missed"
        if self.is_met is None:
            return ""
        return "met" if self.is_met else "missed"


def cost_of(work: Callable[[], object]) -> Cost:
    """Run a function once and take its CPU and wall seconds, those of its threads included."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    return Cost((after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime), wall)


def cost_of_command(command: Sequence[str], *, times: int = 1, environ: dict[str, str] | None = None) -> Cost:
    """Run a command some times and take the median of its CPU and wall seconds.

    Raises:
        RuntimeError: the command failed; its output is in the message.
    """
    costs = []
    for _ in range(times):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, env={**os.environ, **(environ or {})}
        )
        wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        costs.append(Cost((after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime), wall))
    return Cost(
        statistics.median(cost.cpu_seconds for cost in costs), statistics.median(cost.wall_seconds for cost in costs)
    )


def print_table(title: str, rows: Sequence[Row]) -> None:
    """Print rows with their ratios and whether the goals are met."""
    print(f"\n{title}")
    header = ("", "weft cpu s", "weft wall s", "bare cpu s", "bare wall s", "ratio", "goal", "")
    lines = [header]
    for row in rows:
        bare = (f"{row.bare.cpu_seconds:.3f}", f"{row.bare.wall_seconds:.3f}") if row.bare else ("", "")
        ratio = f"{row.ratio:.2f} ({row.ratio_of})" if row.ratio is not None else ""
        lines.append(
            (
                row.what,
                f"{row.weft.cpu_seconds:.3f}",
                f"{row.weft.wall_seconds:.3f}",
                *bare,
                ratio,
                row.goal,
                row.verdict,
            )
        )
    widths = [max(len(line[i]) for line in lines) for i in range(len(header))]
    for line in lines:
        print(
            "  "
            + "  ".join(
                cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))
            )
        )
