"""Run every benchmark and print its table: ratios of weft to the bare thing, measured in one run.

python tests/bench/run.py            all of it, with ten million rows
python tests/bench/run.py --smoke    little data, to see that everything runs
"""

import argparse
import tempfile
from pathlib import Path

import bench_contract_check
import bench_mesh
import bench_publish
import bench_startup
from measure import print_table

BENCHMARKS = {
    "startup": ("Start-up", bench_startup.rows),
    "mesh": ("A mesh of 100 small models, against the same SQL bare in DuckDB", bench_mesh.rows),
    "publish": ("Publish, against a bare COPY TO parquet", bench_publish.rows),
    "check": ("Contract check of 20 rules, against a hand-written single scan", bench_contract_check.rows),
}


def main() -> None:
    """Run the benchmarks that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *BENCHMARKS], help="which; default: all")
    parser.add_argument("--smoke", action="store_true", help="little data")
    arguments = parser.parse_args()
    for name in arguments.names or BENCHMARKS:
        title, rows = BENCHMARKS[name]
        with tempfile.TemporaryDirectory(prefix="weft-bench-") as folder:
            print_table(title, rows(Path(folder), smoke=arguments.smoke))


if __name__ == "__main__":
    main()
