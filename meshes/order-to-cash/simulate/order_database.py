"""Order management: a SQLite database with customers, orders and lines."""

import sqlite3
from datetime import datetime
from pathlib import Path

from parties import Party
from truth import Truth

_TABLES = """
CREATE TABLE customers (customer_no TEXT, name TEXT, city TEXT, country TEXT, email TEXT);
CREATE TABLE orders (order_no TEXT, customer_no TEXT, ordered_at TEXT, status TEXT, currency TEXT);
CREATE TABLE order_lines (order_no TEXT, line_no INTEGER, article TEXT, quantity INTEGER, unit_price_cents INTEGER);
"""
_BATCH = 20_000


class OrderDatabase:
    """Writes `orders.db`. Amounts are whole cents, as SQLite has no decimals."""

    def __init__(self, out: Path, truth: Truth) -> None:
        self._truth = truth
        self._connection = sqlite3.connect(out / "orders.db")
        self._connection.executescript(_TABLES)
        self._waiting: dict[str, list[tuple[object, ...]]] = {"customers": [], "orders": [], "order_lines": []}
        self._counts = dict.fromkeys(self._waiting, 0)

    def customer(self, party: Party, name: str) -> str:
        """Write a customer record and return its number."""
        customer_no = f"K{self._counts['customers'] + 1:06d}"
        email: str | None = f"orders@{party.number:05d}.example"
        if self._truth.turn("missing_email", 30):
            email = None
            self._truth.plant("orders", "customers", customer_no, "missing_email")
        self._add("customers", (customer_no, name, party.city, party.country, email))
        self._truth.party(party.number, "orders", customer_no, name)
        return customer_no

    def prospect(self, party: Party) -> None:
        """Write a record that never orders, with its country as a word instead of two letters."""
        customer_no = f"K{self._counts['customers'] + 1:06d}"
        self._add("customers", (customer_no, party.name, party.city, "Europe", None))
        self._truth.party(party.number, "orders", customer_no, party.name)
        self._truth.plant("orders", "customers", customer_no, "country_is_a_word", holds_back="orders/customers")

    def order(
        self, number: int, customer_no: str, ordered_at: datetime, lines: list[tuple[int, int]], *, cancelled: bool
    ) -> str:
        """Write an order with its lines (quantity, price in cents) and return its number."""
        order_no = f"A{2026_000_000 + number + 1}"
        currency: str | None = "EUR"
        dirt = None
        if self._truth.turn("missing_currency", 90):
            dirt, currency = "missing_currency", None
        elif self._truth.turn("unknown_customer", 110):
            dirt, customer_no = "unknown_customer", f"X{number:06d}"
        if dirt:
            self._truth.plant("orders", "orders", order_no, dirt, holds_back="orders/orders")
            # Lines of an order that is held back point to nothing that is published.
            self._truth.held_back["orders/orders/lines"] += len(lines)
        status = "cancelled" if cancelled else "released"
        self._add("orders", (order_no, customer_no, ordered_at.isoformat(sep=" "), status, currency))
        for line_no, (quantity, cents) in enumerate(lines, 1):
            if not dirt and self._truth.turn("no_quantity", 150):
                self._truth.plant(
                    "orders", "order_lines", f"{order_no}/{line_no}", "no_quantity", holds_back="orders/orders/lines"
                )
                quantity = 0
            self._add("order_lines", (order_no, line_no, f"ART-{cents:05d}", quantity, cents))
        return order_no

    def close(self) -> dict[str, int]:
        """Write what waits; returns rows by table."""
        for table in self._waiting:
            self._write(table)
        self._connection.close()
        return self._counts

    def _add(self, table: str, row: tuple[object, ...]) -> None:
        self._counts[table] += 1
        self._waiting[table].append(row)
        if len(self._waiting[table]) >= _BATCH:
            self._write(table)

    def _write(self, table: str) -> None:
        rows = self._waiting[table]
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
            self._connection.commit()
            rows.clear()
