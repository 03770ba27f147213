"""Run suites of fault injection and say what they found.

python tests/torture/run.py --suite random_kills --count 20 --json found.json
python tests/torture/run.py --count 1000 --report docs/explanation/torture-report.md
"""

import argparse
import importlib
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from child_process import preload, use_quiet_libraries, weft

use_quiet_libraries()

SUITES = {  # in the order of the report; with the share of --count that each gets
    "random_kills": 1.0,
    "kills_at_system_calls": 1.0,
    "failing_system_calls": 0.5,
    "full_disk": 0.06,
    "power_cut": 0.06,
    "read_only_folders": 0.008,
    "many_builds": 0.02,
    "clocks": 0.014,
    "told_to_stop": 0.04,
    "damaged_files": 0.11,
    "postgres_restarts": 0.03,
    "lost_replies": 0.03,
    "refusals": 0.005,
    "many_publications": 0.6,
}


def main() -> int:
    """Run what was asked for; 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suite", action="append", choices=list(SUITES), help="only this one  [repeatable]")
    parser.add_argument("--count", type=int, default=1000, help="random kill points; the others follow from it")
    parser.add_argument("--exactly", type=int, help="this many faults in each suite, whatever its share")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="to do the same again")
    parser.add_argument("--json", type=Path, help="write what was found here")
    parser.add_argument("--report", type=Path, help="write the page for people here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="weft-torture-") as folder:
        _warm_up(Path(folder) / "warm-up")
        outcomes = []
        for name in asked.suite or SUITES:
            count = asked.exactly or max(1, round(asked.count * SUITES[name]))
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
        asked.json.write_text(json.dumps([outcome.as_json() for outcome in outcomes], indent=1), encoding="utf-8")
    if asked.report:
        from write_report import report

        asked.report.write_text(report(outcomes, asked.count, asked.seed), encoding="utf-8")
    return int(any(outcome.violations for outcome in outcomes))


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
