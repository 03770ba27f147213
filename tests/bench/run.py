"""Run every benchmark and print its table: ratios of weft to the bare thing, measured in one run.

python tests/bench/run.py            all of it, with ten million rows
python tests/bench/run.py --smoke    little data, to see that everything runs
python tests/bench/run.py peers      one of them
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Each is imported when its turn comes: a benchmark that starts processes must be small itself.
IN_PROCESS = {
    "startup": ("Start-up", "bench_startup"),
    "mesh": ("A mesh of 100 small models, against the same SQL bare in DuckDB", "bench_mesh"),
    "publish": ("Publish, against a bare COPY TO parquet", "bench_publish"),
    "check": ("Contract check of 20 rules, against a hand-written single scan", "bench_contract_check"),
    "many": ("Many small publications: the last beside the first", "bench_many_publications"),
}
# Script, its words for little data. They start their own processes.
OF_PROCESSES = {
    "peers": ("bench_peers.py", ("--rows", "20000", "--without-peers")),
    "growth": ("bench_growth.py", ("--smoke",)),
}


def main() -> None:
    """Run the benchmarks that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[[], *OF_PROCESSES, *IN_PROCESS], help="which; default: all")
    parser.add_argument("--smoke", action="store_true", help="little data")
    arguments = parser.parse_args()
    for name in arguments.names or [*OF_PROCESSES, *IN_PROCESS]:
        if name in OF_PROCESSES:
            script, little = OF_PROCESSES[name]
            sys.stdout.flush()
            words = little if arguments.smoke else ()
            subprocess.run([sys.executable, str(HERE / script), *words], check=True)
            continue
        title, module = IN_PROCESS[name]
        rows: Callable[..., list] = import_module(module).rows
        from measure import print_table

        with tempfile.TemporaryDirectory(prefix="weft-bench-") as folder:
            print_table(title, rows(Path(folder), smoke=arguments.smoke))


if __name__ == "__main__":
    main()
