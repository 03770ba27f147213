"""`soda contract verify` of Soda v4, its contract made from the same rules. Without its cloud it names no rows."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from common import called, rules, tell


def main() -> None:
    data, work, _ = called()
    os.environ["SODA_CORE_TELEMETRY_ENABLED"] = "false"
    import duckdb

    database = work / "bench.duckdb"
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database)) as connection:
        for table in ("orders", "customers"):
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{data}/{table}.parquet')")
    told = rules(data)
    columns: dict[str, list] = {}
    for rule in told:
        columns.setdefault(rule["column"], []).append(_check(rule))
    contract = {
        "dataset": "duck/main/orders",
        "columns": [{"name": name, "checks": checks} for name, checks in columns.items()],
    }
    (work / "contract.yml").write_text(json.dumps(contract))
    source = {"type": "duckdb", "name": "duck", "connection": {"database": str(database)}}
    (work / "source.yml").write_text(json.dumps(source))
    from soda_core.contracts import verify_contract_locally

    result = verify_contract_locally(
        contract_file_path=str(work / "contract.yml"), data_source_file_path=str(work / "source.yml")
    )
    counts: dict[str, int | None] = {rule["name"]: None for rule in told}
    for found in result.contract_verification_results[0].check_results:
        value = found.threshold_value
        counts[found.check.name] = None if value is None else int(value)
    tell(work, counts, "none")


def _check(rule: dict) -> dict:
    argument, name = rule["argument"], {"name": rule["name"], "qualifier": rule["name"].replace(".", "_")}
    match rule["kind"]:
        case "required":
            return {"missing": name}
        case "unique":
            return {"duplicate": name}
        case "reference":
            table, key = argument
            return {"invalid": {**name, "valid_reference_data": {"dataset": f"duck/main/{table}", "column": key}}}
        case "pattern":
            return {"invalid": {**name, "valid_format": {"name": rule["name"], "regex": argument}}}
        case "enum":
            return {"invalid": {**name, "valid_values": argument}}
        case "minLength":
            return {"invalid": {**name, "valid_min_length": argument}}
        case "maxLength":
            return {"invalid": {**name, "valid_max_length": argument}}
        case "maximum":
            return {"invalid": {**name, "valid_max": argument}}
        case "minimum" if not isinstance(argument, str):
            return {"invalid": {**name, "valid_min": argument}}
    return {"failed_rows": {**name, "expression": rule["broken"]}}


if __name__ == "__main__":
    main()
