"""What every peer's run.py needs: the rules, and a place to tell the counts. Only the standard library."""

import json
import sys
from pathlib import Path
from typing import Any


def called() -> tuple[Path, Path, str]:
    """DATA_FOLDER WORK_FOLDER [WAY]."""
    return Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else ""


def rules(data: Path) -> list[dict[str, Any]]:
    """The rules, each with name, column, kind, argument and, of row-level ones, `broken` as SQL."""
    found: list[dict[str, Any]] = json.loads((data / "rules.json").read_text())
    return found


def tell(work: Path, counts: dict[str, int | None], rows_named: str) -> None:
    """Write counts.json: what was found of each rule, and how much is told of which rows these are."""
    (work / "counts.json").write_text(json.dumps({"counts": counts, "rows_named": rows_named}, indent=1))
