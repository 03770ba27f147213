"""Run suites of fault injection and say what they found.

python tests/torture/run.py --suite random_kills --count 20 --json found.json
python tests/torture/run.py --count 1000 --report docs/explanation/torture-report.md
"""

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from child_process import preload, use_quiet_libraries, weft

use_quiet_libraries()

SUITES = {  # in the order of the report: the share of --count that each gets, and how much of it the short set tries
    "random_kills": (1.0, 8),
    "kills_at_system_calls": (1.0, 3),
    "failing_system_calls": (0.5, 4),
    "full_disk": (0.06, 1),
    "power_cut": (0.06, 2),
    "read_only_folders": (0.008, 3),
    "many_builds": (0.02, 2),
    "clocks": (0.014, 2),
    "told_to_stop": (0.04, 2),
    "damaged_files": (0.11, 4),
    "postgres_restarts": (0.03, 1),
    "lost_replies": (0.03, 2),
    "refusals": (0.005, 1),
    "many_publications": (0.6, 22),
}


def main() -> int:
    """Run what was asked for; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", action="append", choices=list(SUITES), help="only this one  [repeatable]")
    parser.add_argument("--count", type=int, default=1000, help="random kill points; the others follow from it")
    parser.add_argument("--exactly", type=int, help="this many faults in each suite, whatever its share")
    parser.add_argument("--short", action="store_true", help="the set of `make test`")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="to do the same again")
    parser.add_argument("--json", type=Path, help="write what was found here")
    parser.add_argument("--report", type=Path, help="write the page for people here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="weft-torture-") as folder:
        _warm_up(Path(folder) / "warm-up")
        outcomes = []
        for name in asked.suite or SUITES:
            share, few = SUITES[name]
            count = asked.exactly or (few if asked.short else max(1, round(asked.count * share)))
            place = Path(folder) / name
            place.mkdir()
            outcome = importlib.import_module(f"suites.{name}").run(place, count, asked.seed)
            outcomes.append(outcome)
            print(
                f"{outcome.suite}: {outcome.skipped or dict(outcome.tried)}; {len(outcome.violations)} violations; "
                f"{outcome.seconds:.0f} s; {dict(outcome.seen)} {outcome.figures}",
                file=sys.stderr,
                flush=True,
            )
            for violation in outcome.violations[:30]:
                print(f"    {violation}", file=sys.stderr, flush=True)
    if asked.json:
        names = asked.suite or list(SUITES)
        found = [{"module": name, **outcome.as_json()} for name, outcome in zip(names, outcomes, strict=True)]
        asked.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    if asked.report:
        from write_report import report

        asked.report.write_text(
            report(outcomes, f"`run.py {' '.join(sys.argv[1:])}` with seed {asked.seed}, commit {_commit()}"),
            encoding="utf-8",
        )
    return int(any(outcome.violations for outcome in outcomes))


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], check=False, capture_output=True, text=True, cwd=Path(__file__).parent
    )
    return found.stdout.strip() or "unknown"


def _warm_up(folder: Path) -> None:
    from invariants import check_all
    from small_mesh import give, make_mesh

    make_mesh(folder)
    give(folder, 1)
    preload(
        [
            weft(folder, "build"),
            lambda: check_all(folder, 1, 1, settled=True),
            weft(folder, "maintain", "--orphans", "--grace-hours", "0"),
            weft(folder, "doctor"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
