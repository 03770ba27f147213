"""Great Expectations on DuckDB by SQLAlchemy, result format COMPLETE with the key of each unexpected row."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from common import called, rules, tell


def main() -> None:
    data, work, way = called()
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import duckdb
    import great_expectations as gx
    from great_expectations.execution_engine import sqlalchemy_execution_engine as of_sql

    # It reads results after it let go of the connection, which DuckDB's driver empties: of its dialects, those that
    # keep theirs are these. https://github.com/great-expectations/great_expectations/issues/10738
    class Dialect(str):
        value = "duckdb"

    of_sql._PERSISTED_CONNECTION_DIALECTS = (*of_sql._PERSISTED_CONNECTION_DIALECTS, Dialect("duckdb"))

    database = work / "bench.duckdb"
    database.unlink(missing_ok=True)
    with duckdb.connect(str(database)) as connection:
        for table in ("orders", "customers"):
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{data}/{table}.parquet')")
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql("duck", connection_string=f"duckdb:///{database}")
    batch = source.add_table_asset("orders", table_name="orders").add_batch_definition_whole_table("all")
    told = rules(data)
    suite = context.suites.add(gx.ExpectationSuite("orders", expectations=[_expectation(gx, rule) for rule in told]))
    validation = context.validation_definitions.add(gx.ValidationDefinition(name="orders", data=batch, suite=suite))
    form: dict = {"result_format": "SUMMARY"}
    if way == "rows":
        form = {
            "result_format": "COMPLETE",
            "unexpected_index_column_names": ["order_id"],
            "return_unexpected_index_query": False,
        }
    found = validation.run(result_format=form)
    counts: dict[str, int | None] = {}
    for result in found.results:
        name = result.expectation_config.meta["rule"]
        value = result.result.get("unexpected_count", result.result.get("observed_value"))
        counts[name] = None if result.exception_info.get("raised_exception") or value is None else int(value)
    tell(
        work, {rule["name"]: counts.get(rule["name"]) for rule in told}, "keys of all" if way == "rows" else "20 values"
    )


def _expectation(gx, rule: dict):
    column, meta, argument = rule["column"], {"rule": rule["name"]}, rule["argument"]
    every = {"column": column, "meta": meta}
    match rule["kind"]:
        case "required":
            return gx.expectations.ExpectColumnValuesToNotBeNull(**every)
        case "unique":
            return gx.expectations.ExpectColumnValuesToBeUnique(**every)
        case "pattern":  # its own expectation says: Regex is not supported for dialect duckdb
            broken = rule["broken"].replace("{", "{{").replace("}", "}}")
            query = f"SELECT * FROM {{batch}} WHERE {broken}"
            return gx.expectations.UnexpectedRowsExpectation(unexpected_rows_query=query, meta=meta)
        case "enum":
            return gx.expectations.ExpectColumnValuesToBeInSet(value_set=argument, **every)
        case "minLength":
            return gx.expectations.ExpectColumnValueLengthsToBeBetween(min_value=argument, **every)
        case "maxLength":
            return gx.expectations.ExpectColumnValueLengthsToBeBetween(max_value=argument, **every)
        case "maximum":
            return gx.expectations.ExpectColumnValuesToBeBetween(max_value=argument, **every)
        case "minimum":
            from datetime import datetime

            least = datetime.fromisoformat(argument) if isinstance(argument, str) else argument
            return gx.expectations.ExpectColumnValuesToBeBetween(min_value=least, **every)
        case "reference":
            table, key = argument
            query = f"SELECT * FROM {{batch}} WHERE {column} NOT IN (SELECT {key} FROM {table})"
            return gx.expectations.UnexpectedRowsExpectation(unexpected_rows_query=query, meta=meta)
    raise AssertionError(rule)


if __name__ == "__main__":
    main()
