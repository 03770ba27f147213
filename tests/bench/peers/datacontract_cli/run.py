"""`datacontract test` on the ODCS contract itself; with samples, the five rows a check that the tool collects."""

import json
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from common import called, rules, tell

TYPES = {
    "required": "field_required",
    "unique": "field_unique",
    "pattern": "field_regex",
    "reference": "field_relationships",
    "minimum": "field_minimum",
    "maximum": "field_maximum",
    "enum": "field_enum",
    "minLength": "field_min_length",
    "maxLength": "field_max_length",
}


def main() -> None:
    data, work, way = called()
    contract = json.loads((data / "contract.yaml").read_text())
    contract["servers"] = [
        {"server": "local", "type": "local", "path": f"{data}/{{model}}.parquet", "format": "parquet"}
    ]
    (work / "contract.yaml").write_text(json.dumps(contract))
    command = [str(Path(sys.executable).parent / "datacontract"), "test", "contract.yaml"]
    command += ["--output", "results.json", "--output-format", "json"]
    if way == "samples":
        command.append("--include-failed-samples")
    done = subprocess.run(command, cwd=work, check=False, stdout=subprocess.DEVNULL)
    checks = json.loads((work / "results.json").read_text())["checks"]
    counts: dict[str, int | None] = {}
    for rule in rules(data):
        found = [
            c
            for c in checks
            if c["model"] == "orders" and c["field"] == rule["column"] and c["type"] == TYPES[rule["kind"]]
        ]
        counts[rule["name"]] = _count(found[0]) if found else None
    assert done.returncode in (0, 1), done.returncode
    tell(work, counts, "5 a check" if way == "samples" else "none")


def _count(check: dict) -> int | None:
    value = (check.get("diagnostics") or {}).get("value")
    return None if value is None else int(value)


if __name__ == "__main__":
    main()
