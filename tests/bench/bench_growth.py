"""How the check grows: with rows, with rules, with columns. Beside it the same rules counted and split by hand.

A table of `columns` columns, four in five numbers and every fifth a word, with rules spread over them evenly: limits of
numbers, then patterns and lengths of words; one row in a thousand breaks one of them. Each measurement is a process.

python tests/bench/bench_growth.py              1 and 10 million rows; draws docs/explanation/growth.svg with --draw
python tests/bench/bench_growth.py --large      100 million rows too: 10 GB of disk, a quarter of an hour
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from process import ProcessCost, cost_of_process

HERE = Path(__file__).resolve().parent
DRAWING = HERE.parents[1] / "docs" / "explanation" / "growth.svg"
MILLION = 1_000_000


@dataclass(frozen=True)
class Shape:
    """What is checked."""

    rows: int
    columns: int
    rules: int


@dataclass(frozen=True)
class Grown:
    """What that took."""

    shape: Shape
    weft: ProcessCost
    by_hand: ProcessCost


def shapes(*, smoke: bool, large: bool) -> list[Shape]:
    """More rows; more rules; more columns."""
    if smoke:
        return [Shape(20_000, 10, 20), Shape(40_000, 10, 20), Shape(20_000, 100, 200)]
    rows = [MILLION, 10 * MILLION, *([100 * MILLION] if large else [])]
    return [
        *(Shape(count, 10, 20) for count in rows),
        Shape(MILLION, 10, 200),
        Shape(MILLION, 100, 20),
        Shape(MILLION, 100, 200),
    ]


def measure(folder: Path, shape: Shape) -> Grown:
    """Make the data, check it by weft and by hand.

    Raises:
        AssertionError: they found other numbers.
    """
    data = folder / "data"
    subprocess.run([sys.executable, str(HERE / "wide.py"), "data", str(data), *_words(shape)], check=True)
    costs = {}
    for way in ("by_hand", "weft"):
        work = folder / way
        work.mkdir()
        command = [sys.executable, str(HERE / "wide.py"), way, str(data), *_words(shape), str(work)]
        costs[way] = cost_of_process(command, folder / f"{way}.log")
    found = [json.loads((folder / way / "counts.json").read_text()) for way in ("by_hand", "weft")]
    assert found[0] == found[1], f"by hand and weft found other rows: {found}"
    for name in ("data", "by_hand", "weft"):
        shutil.rmtree(folder / name)
    return Grown(shape, costs["weft"], costs["by_hand"])


def _words(shape: Shape) -> list[str]:
    return [str(shape.rows), str(shape.columns), str(shape.rules)]


def table(grown: list[Grown]) -> str:
    """In Markdown."""
    lines = [
        "| rows | columns | rules | CPU s | wall s | peak MiB | CPU µs a row | by hand CPU s | by hand MiB | ratio |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for one in grown:
        weft, by_hand, shape = one.weft, one.by_hand, one.shape
        lines.append(
            f"| {shape.rows:,} | {shape.columns} | {shape.rules} | {weft.cpu_seconds:.1f} | {weft.wall_seconds:.1f}"
            f" | {weft.peak_mib:.0f} | {weft.cpu_seconds / shape.rows * 1e6:.2f} | {by_hand.cpu_seconds:.1f}"
            f" | {by_hand.peak_mib:.0f} | {weft.cpu_seconds / by_hand.cpu_seconds:.2f} |"
        )
    return "\n".join(lines)


def drawing(grown: list[Grown]) -> str:
    """CPU seconds over rows, both axes by powers of ten, as SVG; only measurements that differ in their rows."""
    from math import log10

    first = grown[0].shape
    line = [one for one in grown if (one.shape.columns, one.shape.rules) == (first.columns, first.rules)]
    costs = [cost for one in line for cost in (one.weft.cpu_seconds, one.by_hand.cpu_seconds)]
    x0, x1 = log10(line[0].shape.rows), log10(line[-1].shape.rows)
    y0, y1 = log10(min(costs)) - 0.1, log10(max(costs)) + 0.1

    def place(rows: int, seconds: float) -> tuple[float, float]:
        x = 70 + 480 * (log10(rows) - x0) / ((x1 - x0) or 1)
        return x, 260 - 220 * (log10(seconds) - y0) / (y1 - y0)

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 320" font-family="sans-serif" font-size="13">',
        "<title>CPU seconds by rows, weft and by hand; both axes by powers of ten</title>",
        '<rect width="640" height="320" fill="white"/>',
        '<path d="M70 30V260H570" fill="none" stroke="#666"/>',
    ]
    for name, colour, drop in (("weft", "#0b5394", -8), ("by hand", "#b45f06", 18)):
        points = []
        for one in line:
            cost = one.weft if name == "weft" else one.by_hand
            x, y = place(one.shape.rows, cost.cpu_seconds)
            points.append(f"{x:.0f},{y:.0f}")
            parts.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{colour}"/>')
            parts.append(f'<text x="{x + 6:.0f}" y="{y + drop:.0f}" fill="{colour}">{cost.cpu_seconds:.1f} s</text>')
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x, y = (float(value) for value in points[-1].split(","))
        parts.append(f'<text x="{x - 70:.0f}" y="{y + 2 * drop:.0f}" fill="{colour}">{name}</text>')
    for one in line:
        x, _ = place(one.shape.rows, costs[0])
        parts.append(f'<text x="{x:.0f}" y="280" text-anchor="middle">{one.shape.rows // 1000:,} thousand</text>')
    parts.append('<text x="320" y="304" text-anchor="middle">rows (CPU seconds upwards)</text></svg>')
    return "\n".join(parts) + "\n"


def run(*, smoke: bool, large: bool = False, draw: bool = False) -> None:
    """Measure every shape and print the table."""
    grown = []
    with tempfile.TemporaryDirectory(prefix="weft-bench-") as made:
        if large and shutil.disk_usage(made).free < 20 * 2**30:
            print("100 million rows are left out: less than 20 GiB of disk are free.")
            large = False
        for shape in shapes(smoke=smoke, large=large):
            grown.append(measure(Path(made), shape))
            print(f"  {shape} ... {grown[-1].weft.cpu_seconds:.1f} s CPU", file=sys.stderr)
    print("\nHow it grows")
    print(table(grown))
    if draw:
        DRAWING.write_text(drawing(grown))
        print(f"drawn: {DRAWING}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="little data")
    parser.add_argument("--large", action="store_true", help="100 million rows too")
    parser.add_argument("--draw", action="store_true", help="write docs/explanation/growth.svg")
    given = parser.parse_args()
    run(smoke=given.smoke, large=given.large, draw=given.draw)
