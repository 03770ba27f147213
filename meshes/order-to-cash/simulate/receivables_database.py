"""Accounts receivable: a SQLite database with debtors' accounts and open items."""

import sqlite3
from datetime import date
from pathlib import Path

from parties import Party
from truth import Truth

_TABLES = """
CREATE TABLE accounts (account_no TEXT, name TEXT, country TEXT);
CREATE TABLE open_items (
    item_no TEXT, account_no TEXT, invoice_no TEXT, posted_on TEXT, due_on TEXT, amount_cents INTEGER
);
"""
_PORT = "receivables/accounts/open_items"
_BATCH = 20_000


class ReceivablesDatabase:
    """Writes `receivables.db`. It has its own numbers of debtors and its own spelling of their names."""

    def __init__(self, out: Path, truth: Truth) -> None:
        self._truth = truth
        self._connection = sqlite3.connect(out / "receivables.db")
        self._connection.executescript(_TABLES)
        self._accounts: list[tuple[object, ...]] = []
        self._items: list[tuple[object, ...]] = []
        self._item_count = 0

    def account(self, party: Party, name: str) -> None:
        """Open an account for a company."""
        account_no = _account_no(party)
        self._accounts.append((account_no, name, party.country))
        self._truth.party(party.number, "receivables", account_no, name)

    def open_item(self, party: Party, invoice_no: str, posted_on: date, due_on: date, cents: int) -> None:
        """Post an invoice to the account of its company."""
        self._item_count += 1
        item_no = f"P{self._item_count:08d}"
        account_no, amount = _account_no(party), cents
        if self._truth.turn("unknown_account", 100):
            account_no = "R000000"
            self._truth.plant("receivables", "open_items", item_no, "unknown_account", holds_back=_PORT)
        elif self._truth.turn("missing_amount", 130):
            amount = None  # type: ignore[assignment]
            self._truth.plant("receivables", "open_items", item_no, "missing_amount", holds_back=_PORT)
        self._items.append((item_no, account_no, invoice_no, posted_on.isoformat(), due_on.isoformat(), amount))
        if len(self._items) >= _BATCH:
            self._write()

    def close(self) -> dict[str, int]:
        """Write what waits; returns rows by table."""
        self._connection.executemany("INSERT INTO accounts VALUES (?, ?, ?)", self._accounts)
        self._write()
        self._connection.commit()
        self._connection.close()
        return {"accounts": len(self._accounts), "open items": self._item_count}

    def _write(self) -> None:
        self._connection.executemany("INSERT INTO open_items VALUES (?, ?, ?, ?, ?, ?)", self._items)
        self._connection.commit()
        self._items.clear()


def _account_no(party: Party) -> str:
    return f"R{party.number + 1:06d}"
