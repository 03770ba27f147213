"""Soda v3 (SodaCL) on DuckDB; with samples, a sampler that takes the hundred rows of each check."""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from common import called, rules, tell


def main() -> None:
    data, work, way = called()
    os.environ["HOME"] = str(work)
    (work / ".soda").mkdir(exist_ok=True)
    (work / ".soda" / "config.yml").write_text("send_anonymous_usage_stats: false\n")
    import duckdb
    from soda.sampler.sampler import Sampler
    from soda.scan import Scan

    class Kept(Sampler):
        def __init__(self) -> None:
            self.rows = 0

        def store_sample(self, sample_context):
            self.rows += len(sample_context.sample.get_rows())

    connection = duckdb.connect()
    for table in ("orders", "customers"):
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{data}/{table}.parquet')")
    told = rules(data)
    scan = Scan()
    scan.add_duckdb_connection(connection)
    scan.set_data_source_name("duckdb")
    scan.set_scan_definition_name("bench")
    sampler = Kept()
    if way == "samples":
        scan.sampler = sampler
    else:
        scan.add_configuration_yaml_str("sampler:\n  disable_samples: true\n")
    checks = [_check(rule) for rule in told]
    scan.add_sodacl_yaml_str(json.dumps({"checks for orders": checks}))
    scan.execute()
    by_name = {check.name: check for check in scan._checks}
    counts = {rule["name"]: _count(by_name.get(rule["name"])) for rule in told}
    tell(work, counts, f"100 a check ({sampler.rows} seen)" if way == "samples" else "none")


def _count(check) -> int | None:
    return None if check is None or check.check_value is None else int(check.check_value)


def _check(rule: dict):
    column, argument, name = rule["column"], rule["argument"], {"name": rule["name"]}
    match rule["kind"]:
        case "required":
            return {f"missing_count({column}) = 0": name}
        case "unique":
            return {f"duplicate_count({column}) = 0": name}
        case "reference":
            table, key = argument
            return {f"values in ({column}) must exist in {table} ({key})": name}
        case "pattern":
            return {f"invalid_count({column}) = 0": {**name, "valid regex": argument}}
        case "enum":
            return {f"invalid_count({column}) = 0": {**name, "valid values": argument}}
        case "minLength":
            return {f"invalid_count({column}) = 0": {**name, "valid min length": argument}}
        case "maxLength":
            return {f"invalid_count({column}) = 0": {**name, "valid max length": argument}}
        case "maximum":
            return {f"invalid_count({column}) = 0": {**name, "valid max": argument}}
        case "minimum" if not isinstance(argument, str):
            return {f"invalid_count({column}) = 0": {**name, "valid min": argument}}
    return {"failed rows": {**name, "fail condition": rule["broken"]}}


if __name__ == "__main__":
    main()
