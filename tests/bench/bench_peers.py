"""Check, quarantine and publish in one go, beside the same by hand and beside other tools; each in its own process.

All read the same Parquet file and check the same twenty rules. What each says of every rule is compared with what the
hand-written script found; the files of weft and of the script are compared row by row.

python tests/bench/bench_peers.py                 10 million rows, one in a thousand broken
python tests/bench/bench_peers.py --rows 1000000 --broken 0.05 --repeats 3
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from process import ProcessCost, cost_of_process

HERE = Path(__file__).resolve().parent
PEERS = HERE.parents[1] / ".bench" / "peers"
GOAL_RATIO, GOAL_MIB = 1.2, 1024.0
MEMORY = os.environ.get("BENCH_MEMORY", "700MB")  # of DuckDB, for weft and the scripts; tools keep their own setting


@dataclass(frozen=True)
class Contender:
    """One line of the table."""

    name: str
    command: tuple[str, ...]  # of its process; the data's and the work's folder follow
    way: str = ""
    names_rows: bool = True  # whether it says which rows broke a rule
    is_peer: bool = False


@dataclass(frozen=True)
class Measured:
    """What several runs of one contender took, and how its counts compare."""

    contender: Contender
    runs: tuple[ProcessCost, ...]
    remark: str

    @property
    def cpu(self) -> float:
        """Median CPU seconds."""
        return statistics.median(run.cpu_seconds for run in self.runs)

    @property
    def wall(self) -> float:
        """Median wall seconds."""
        return statistics.median(run.wall_seconds for run in self.runs)

    @property
    def peak_mib(self) -> float:
        """Highest peak of memory."""
        return max(run.peak_mib for run in self.runs)


def own(name: str, script: str, *words: str) -> Contender:
    """A script beside this one, in the Python that runs this one."""
    return Contender(name, (sys.executable, str(HERE / script), *words))


def peer(name: str, folder: str, way: str = "", *, names_rows: bool = False) -> Contender:
    """A tool with an environment of its own."""
    python = PEERS / folder / ".venv" / "bin" / "python"
    return Contender(name, (str(python), str(HERE / "peers" / folder / "run.py")), way, names_rows, is_peer=True)


BY_HAND = own("by hand, judged again for each file", "by_hand.py", "plain")
CAREFUL = own("by hand, split by row number", "by_hand.py", "careful")
COUNTED = own("by hand, counts only", "by_hand.py", "count")
WEFT = own("weft: check, quarantine, publish", "weft_step.py", "files")
WEFT_MODEL = own("weft: the same behind a model", "weft_step.py", "model")
WEFT_BUILD = own("weft build: landing and profile too", "weft_build.py")
OWN = (BY_HAND, CAREFUL, COUNTED, WEFT, WEFT_MODEL, WEFT_BUILD)
OF_PEERS = (
    peer("datacontract-cli", "datacontract_cli"),
    peer("datacontract-cli, failed samples", "datacontract_cli", "samples"),
    peer("dbt test", "dbt"),
    peer("dbt test --store-failures", "dbt", "stored", names_rows=True),
    peer("Great Expectations, counts", "great_expectations"),
    peer("Great Expectations, row ids", "great_expectations", "rows", names_rows=True),
    peer("Soda v3, counts", "soda_v3"),
    peer("Soda v3, samples", "soda_v3", "samples"),
    peer("Soda v4, counts", "soda_v4"),
)


def measure(contenders: tuple[Contender, ...], data: Path, folder: Path, repeats: int) -> list[Measured]:
    """Run all of them in turn, as often as asked for, and compare what they found.

    Raises:
        AssertionError: the rows of weft and those of the script differ.
    """
    runs: dict[str, list[ProcessCost]] = {contender.name: [] for contender in contenders}
    for _ in range(repeats):
        for number, contender in enumerate(contenders):
            work = folder / f"work{number}"
            subprocess.run(["rm", "-rf", str(work)], check=True)
            work.mkdir()
            command = [*contender.command, str(data), str(work), *([contender.way] if contender.way else [])]
            print(f"  {contender.name} ...", end="", flush=True, file=sys.stderr)
            cost = cost_of_process(command, folder / f"work{number}.log", {"BENCH_MEMORY": MEMORY})
            print(f" {cost.cpu_seconds:.1f} s CPU, {cost.peak_mib:.0f} MiB", file=sys.stderr)
            runs[contender.name].append(cost)
    truth = json.loads((folder / "work0" / "counts.json").read_text())
    found = []
    for number, contender in enumerate(contenders):
        told = json.loads((folder / f"work{number}" / "counts.json").read_text())
        if "good" in told:
            _same_rows(folder / "work0", told)
        found.append(Measured(contender, tuple(runs[contender.name]), _compared(truth, told)))
    return found


_DIFFERENCES = """
import duckdb, json, sys
sides = [
    f"SELECT hash(t) AS h, count(*) AS n FROM"
    f" (SELECT COLUMNS(c -> NOT starts_with(c, '_')) FROM read_parquet({files!r})) AS t GROUP BY 1"
    for files in json.loads(sys.argv[1])
]
duckdb.execute("SET memory_limit = '2GB'")
duckdb.execute("SET enable_progress_bar = false")
print(sum(
    duckdb.execute(f"SELECT count(*) FROM ({a} EXCEPT ALL {b})").fetchone()[0] for a, b in (sides, sides[::-1])
))
"""


def _same_rows(by_hand: Path, told: dict[str, list[str]]) -> None:
    """Hold that the good and the bad rows are those of the script, in both directions."""
    for kind in ("good", "bad"):
        files = json.dumps([[str(by_hand / f"{kind}.parquet")], told[kind]])
        done = subprocess.run(
            [sys.executable, "-c", _DIFFERENCES, files], check=True, stdout=subprocess.PIPE, text=True
        )
        assert int(done.stdout) == 0, f"the {kind} rows of weft and of the script differ: {done.stdout}"


def _compared(truth: dict[str, dict[str, int]], told: dict[str, dict[str, int | None]]) -> str:
    """Say where the counts of a tool are others than those of the script."""
    counts = told["counts"]
    other, unsaid, ways = [], [], set()
    for rule, rows in truth["counts"].items():
        value = counts.get(rule)
        if value is None:
            unsaid.append(rule)
        elif value == rows:
            continue
        elif rule in truth["keys"] and value in (truth["keys"][rule], truth["beyond_first"][rule]):
            ways.add("of a repeated key, one row or the key is counted")
        else:
            other.append(f"{rule} {value} for {rows}")
    parts = [*sorted(ways)]
    if other:
        parts.append(f"other counts: {', '.join(other)}")
    if unsaid:
        parts.append(f"not expressed: {', '.join(unsaid)}")
    return "; ".join(parts) or "same counts"


def table(found: list[Measured]) -> str:
    """The table in Markdown, weft's ratio to both scripts, and which goals are met."""
    cpu = {measured.contender.name: measured.cpu for measured in found}
    lines = [
        "| | CPU s | wall s | peak MiB | beside by hand | names the rows | counts |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for measured in found:
        ratio = " / ".join(f"{measured.cpu / cpu[script.name]:.2f}" for script in (BY_HAND, CAREFUL))
        told = "yes" if measured.contender.names_rows and measured.contender != COUNTED else "no"
        told = "some" if measured.contender.way == "samples" else told
        lines.append(
            f"| {measured.contender.name} | {measured.cpu:.1f} | {measured.wall:.1f} | {measured.peak_mib:.0f}"
            f" | {ratio} | {told} | {measured.remark} |"
        )
    return "\n".join([*lines, "", *_verdicts(found)])


def _verdicts(found: list[Measured]) -> list[str]:
    by_name = {measured.contender.name: measured for measured in found}
    said = []
    for ours in (WEFT, WEFT_MODEL):
        for script in (BY_HAND, CAREFUL):
            ratio = by_name[ours.name].cpu / by_name[script.name].cpu
            said.append(
                f"- {ours.name}, at most {GOAL_RATIO} times the CPU of {script.name}: {ratio:.2f},"
                f" {_verdict(ratio <= GOAL_RATIO)}"
            )
    for ours in (WEFT, WEFT_MODEL, WEFT_BUILD):
        peak = by_name[ours.name].peak_mib
        said.append(f"- {ours.name}, at most {GOAL_MIB:.0f} MiB: {peak:.0f}, {_verdict(peak <= GOAL_MIB)}")
    weft = by_name[WEFT.name].cpu
    for measured in found:
        if measured.contender.is_peer:
            said.append(
                f"- below {measured.contender.name}: {weft:.1f} to {measured.cpu:.1f}, {_verdict(weft < measured.cpu)}"
            )
    return said


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "missed"


def run(rows: int, broken: float, repeats: int, *, with_peers: bool) -> None:
    """Make the data, measure, print."""
    chosen = [peer for peer in OF_PEERS if Path(peer.command[0]).exists()] if with_peers else []
    with tempfile.TemporaryDirectory(prefix="weft-bench-") as made:
        folder = Path(made)
        data = folder / "data"
        make = [sys.executable, str(HERE / "orders.py"), str(data), str(rows), str(broken)]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        found = measure((*OWN, *chosen), data, folder, repeats)
    print(f"\nCheck, quarantine and publish: {rows:,} rows, 20 rules, {broken:.1%} broken, {repeats} run(s) in turn")
    print(table(found))
    missing = sorted({Path(p.command[1]).parent.name for p in OF_PEERS if p not in chosen})
    if missing and with_peers:
        print(f"Not installed: {', '.join(missing)}. `make bench-peers` installs them below .bench/peers.")


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--broken", type=float, default=0.001, help="share of the rows")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--without-peers", action="store_true")
    asked = parser.parse_args()
    run(asked.rows, asked.broken, asked.repeats, with_peers=not asked.without_peers)


if __name__ == "__main__":
    main()
