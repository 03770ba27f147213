"""`dbt test`, the Parquet file read as an external source; with `--store-failures` each test's rows go into a table."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from common import called, rules, tell

BROKEN = """
{% test broken(model, column_name, condition) %}
select * from {{ model }} where {{ condition }}
{% endtest %}
"""


def main() -> None:
    data, work, way = called()
    os.environ["DO_NOT_TRACK"] = "1"
    project = work / "project"
    (project / "models").mkdir(parents=True, exist_ok=True)
    (project / "tests" / "generic").mkdir(parents=True, exist_ok=True)
    (project / "tests" / "generic" / "broken.sql").write_text(BROKEN)
    columns: dict[str, list] = {}
    for rule in rules(data):
        columns.setdefault(rule["column"], []).append(_test(rule))
    tables = [
        {"name": "orders", "columns": [{"name": name, "data_tests": tests} for name, tests in columns.items()]},
        {"name": "customers"},
    ]
    source = {"name": "files", "config": {"meta": {"external_location": f"{data}/{{name}}.parquet"}}, "tables": tables}
    (project / "models" / "sources.yml").write_text(json.dumps({"version": 2, "sources": [source]}))
    (project / "dbt_project.yml").write_text(
        json.dumps(
            {"name": "bench", "version": "1.0", "profile": "bench", "flags": {"send_anonymous_usage_stats": False}}
        )
    )
    output = {"type": "duckdb", "path": str(work / "bench.duckdb"), "threads": 1}
    (project / "profiles.yml").write_text(json.dumps({"bench": {"target": "dev", "outputs": {"dev": output}}}))
    from dbt.cli.main import dbtRunner

    store = ["--store-failures"] if way == "stored" else []
    done = dbtRunner().invoke(["-q", "test", "--project-dir", str(project), "--profiles-dir", str(project), *store])
    assert done.exception is None, done.exception
    results = json.loads((project / "target" / "run_results.json").read_text())["results"]
    by_name = {result["unique_id"].split(".")[2]: result for result in results}
    counts = {
        rule["name"]: by_name[_name(rule)]["failures"] if _name(rule) in by_name else None for rule in rules(data)
    }
    tell(work, counts, "all, a table a test" if store else "none")


def _name(rule: dict) -> str:
    return rule["name"].replace(".", "_")


def _test(rule: dict) -> dict:
    if rule["kind"] == "required":
        return {"not_null": {"name": _name(rule)}}
    if rule["kind"] == "unique":
        return {"unique": {"name": _name(rule)}}
    if rule["kind"] == "reference":
        table, column = rule["argument"]
        arguments = {"to": f"source('files', '{table}')", "field": column}
        return {"relationships": {"name": _name(rule), "arguments": arguments}}
    if rule["kind"] == "enum":
        return {"accepted_values": {"name": _name(rule), "arguments": {"values": rule["argument"]}}}
    return {"broken": {"name": _name(rule), "arguments": {"condition": rule["broken"]}}}


if __name__ == "__main__":
    main()
