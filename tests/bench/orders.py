"""Orders to check: twelve columns, twenty rules, a share of rows that breaks each of the rules in turn.

The rules are told once, here, and every tool that is measured gets its own files made from them.
`python tests/bench/orders.py FOLDER ROWS SHARE` writes orders.parquet, customers.parquet, rules.json, contract.yaml.
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

CUSTOMERS = 100_003
TABLE, TARGET = "orders", "customers"
STATUSES = ("new", "paid", "shipped", "done")
HEX, EMAIL = "^[0-9a-f]{32}$", "^[^@ ]+@[^@ ]+[.][a-z]+$"
COLUMNS = {
    "order_id": ("integer", "BIGINT"),
    "reference": ("string", "VARCHAR"),
    "customer_id": ("integer", "INTEGER"),
    "amount": ("number", "DECIMAL(12,2)"),
    "status": ("string", "VARCHAR"),
    "email": ("string", "VARCHAR"),
    "country": ("string", "VARCHAR"),
    "quantity": ("integer", "INTEGER"),
    "score": ("number", "DOUBLE"),
    "ordered_at": ("timestamp", "TIMESTAMP"),
    "is_paid": ("boolean", "BOOLEAN"),
    "day": ("date", "DATE"),
}


@dataclass(frozen=True)
class Rule:
    """What one column promises."""

    column: str
    kind: str  # required, unique, reference, minimum, maximum, minLength, maxLength, pattern, enum
    argument: Any = None

    @property
    def name(self) -> str:
        """Such as order_id.unique."""
        return f"{self.column}.{self.kind}"

    @property
    def broken(self) -> str:
        """SQL that is true of a row that breaks it; none of keys and references, which a row alone cannot tell."""
        literal = f"TIMESTAMP '{self.argument}'" if self.column == "ordered_at" else self.argument
        allowed = ", ".join(f"'{value}'" for value in self.argument) if self.kind == "enum" else ""
        return {
            "required": f"{self.column} IS NULL",
            "unique": "",
            "reference": "",
            "minimum": f"{self.column} < {literal}",
            "maximum": f"{self.column} > {literal}",
            "minLength": f"length({self.column}) < {self.argument}",
            "maxLength": f"length({self.column}) > {self.argument}",
            "pattern": f"NOT regexp_matches({self.column}, '{self.argument}')",
            "enum": f"{self.column} NOT IN ({allowed})",
        }[self.kind]


RULES = (
    Rule("order_id", "required"),
    Rule("order_id", "unique"),
    Rule("reference", "required"),
    Rule("reference", "unique"),
    Rule("reference", "pattern", HEX),
    Rule("customer_id", "required"),
    Rule("customer_id", "reference", [TARGET, "customer_id"]),
    Rule("amount", "minimum", 0),
    Rule("amount", "maximum", 100000),
    Rule("status", "enum", STATUSES),
    Rule("email", "pattern", EMAIL),
    Rule("country", "minLength", 2),
    Rule("country", "maxLength", 2),
    Rule("quantity", "minimum", 0),
    Rule("quantity", "maximum", 1000),
    Rule("score", "minimum", 0),
    Rule("ordered_at", "required"),
    Rule("ordered_at", "minimum", "2020-01-01"),
    Rule("is_paid", "required"),
    Rule("day", "required"),
)


def contract() -> dict[str, Any]:
    """The rules as an ODCS contract."""
    properties = []
    for name, (logical, physical) in COLUMNS.items():
        column: dict[str, Any] = {"name": name, "logicalType": logical, "physicalType": physical}
        for rule in (rule for rule in RULES if rule.column == name):
            if rule.kind in ("required", "unique"):
                column[rule.kind] = True
            elif rule.kind == "reference":
                column["relationships"] = [{"type": "foreignKey", "to": ".".join(rule.argument)}]
            elif rule.kind == "enum":
                column["enum"] = [{"value": value} for value in rule.argument]
            else:
                column.setdefault("logicalTypeOptions", {})[rule.kind] = rule.argument
        properties.append(column)
    target = {"name": "customer_id", "logicalType": "integer", "physicalType": "INTEGER"}
    return {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": "sales/orders/orders",
        "version": "1.0.0",
        "status": "active",
        "name": TABLE,
        "description": {"purpose": "Orders to measure checks with."},
        "schema": [{"name": TABLE, "properties": properties}, {"name": TARGET, "properties": [target]}],
        "customProperties": [{"property": "quarantineTolerance", "value": "100%"}],
    }


def orders(rows: int, broken_share: float) -> str:
    """A query for orders of which a share breaks one of the rules, each rule in its turn."""
    every = round(1 / broken_share) if broken_share else rows + 1
    turn = {rule.name: number for number, rule in enumerate(RULES)}

    def unless(values: dict[str, str], otherwise: str) -> str:
        cases = " ".join(f"WHEN b = {turn[rule]} THEN {value}" for rule, value in values.items())
        return f"CASE {cases} ELSE {otherwise} END"

    values = {
        "order_id": unless({"order_id.required": "NULL", "order_id.unique": "i - 1"}, "i"),
        "reference": unless(
            {
                "reference.required": "NULL",
                "reference.unique": "md5((i - 1)::VARCHAR)",
                "reference.pattern": "'no hexadecimal ' || i",
            },
            "md5(i::VARCHAR)",
        ),
        "customer_id": unless(
            {"customer_id.required": "NULL", "customer_id.reference": f"{CUSTOMERS} + i % 1000"},
            f"(i * 7919) % {CUSTOMERS}",
        ),
        "amount": unless({"amount.minimum": "-1", "amount.maximum": "100001"}, "(i * 31) % 100000 / 100.0"),
        "status": unless({"status.enum": "'lost'"}, "['new', 'paid', 'shipped', 'done'][1 + i % 4]"),
        "email": unless({"email.pattern": "'nobody'"}, "'user' || (i % 500000) || '@example.org'"),
        "country": unless(
            {"country.minLength": "'N'", "country.maxLength": "'NOR'"}, "['NO', 'SE', 'DK', 'FI'][1 + i % 4]"
        ),
        "quantity": unless({"quantity.minimum": "-1", "quantity.maximum": "1001"}, "i % 97"),
        "score": unless({"score.minimum": "-0.5"}, "(hash(i) % 10000) / 100"),
        "ordered_at": unless(
            {"ordered_at.required": "NULL", "ordered_at.minimum": "TIMESTAMP '2019-12-31 23:59:59'"},
            "TIMESTAMP '2026-01-01' + INTERVAL (i % 100000) SECOND",
        ),
        "is_paid": unless({"is_paid.required": "NULL"}, "i % 3 = 0"),
        "day": unless({"day.required": "NULL"}, "DATE '2025-01-01' + (i % 365)::INTEGER"),
    }
    columns = ", ".join(f"({value})::{COLUMNS[name][1]} AS {name}" for name, value in values.items())
    broken = f"CASE WHEN i % {every} = {every} - 1 THEN (i // {every}) % {len(RULES)} ELSE -1 END"
    return f"SELECT {columns} FROM (SELECT i, {broken} AS b FROM range({rows}) AS t(i))"


def write_orders(folder: Path, rows: int, broken_share: float) -> None:
    """Write the data, the rules and the contract."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    options = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
    customers = f"SELECT range::INTEGER AS customer_id FROM range({CUSTOMERS})"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({orders(rows, broken_share)}) TO '{folder}/{TABLE}.parquet' {options}")
        connection.execute(f"COPY ({customers}) TO '{folder}/{TARGET}.parquet' {options}")
    told = [{**asdict(rule), "name": rule.name, "broken": rule.broken} for rule in RULES]
    (folder / "rules.json").write_text(json.dumps(told, indent=1))
    (folder / "contract.yaml").write_text(json.dumps(contract(), indent=1))  # JSON is YAML


if __name__ == "__main__":
    write_orders(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
