"""Payments: one file of bank events a day, with references as people type them."""

import json
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from dated_files import DatedFiles
from parties import Party, variant_of
from truth import Truth

_PORT = "payments/payments"


class BankFeed:
    """Writes `bank/YYYY-MM-DD.ndjson`."""

    def __init__(self, out: Path, truth: Truth) -> None:
        self._folder = out / "bank"
        self._folder.mkdir()
        self._truth = truth
        self._files = DatedFiles(self._write)
        self._events = 0
        self.write_before = self._files.write_before

    def payment(self, party: Party, invoice_no: str, day: date, cents: int, random: Random, *, whole: bool) -> None:
        """Write one payment of an invoice; only whole payments may have a garbled reference."""
        kind = random.choices(tuple(_GARBLE), weights=(70, 8, 7, 6, 5, 4))[0] if whole else "clean"
        payer = variant_of(party.name, random) if random.random() < 0.2 else party.name
        event_id = self._event(day, cents, payer, f"XX{party.number:018d}", _GARBLE[kind](invoice_no), random)
        self._truth.payment(event_id, invoice_no, kind, cents)

    def others(self, random: Random, count: int, first: date, last: date) -> None:
        """Write payments that pay no invoice: refunds of suppliers, mistakes of others."""
        for _ in range(count):
            # Days that are written already would be written anew: these come in the last month.
            day = last - timedelta(days=random.randrange(28))
            cents = random.randrange(500, 90_000)
            event_id = self._event(day, cents, "Insurance refund office", "XX" + "9" * 18, "Refund 2025", random)
            self._truth.payment(event_id, "", "not_ours", cents)

    def close(self) -> dict[str, int]:
        """Write what waits; returns rows by table."""
        self._files.write_before(date.max)
        return {"payments": self._files.rows}

    def _event(self, day: date, cents: int, payer: str, iban: str, reference: str, random: Random) -> str:
        self._events += 1
        event_id = f"E{self._events:09d}"
        booked_at = datetime.combine(day, time(5)) + timedelta(seconds=random.randrange(60_000))
        row: dict[str, object] = {
            "event_id": event_id,
            "booked_at": booked_at.isoformat(),
            "value_date": day.isoformat(),
            "amount": f"{cents // 100}.{cents % 100:02d}",
            "currency": "EUR",
            "payer_name": payer,
            "payer_iban": iban,
            "reference": reference,
        }
        turn, plant = self._truth.turn, self._truth.plant
        if turn("resent_payment", 80):
            self._files.add(day, row)
            plant("payments", "payments", event_id, "resent_payment", holds_back=_PORT)
        elif turn("missing_value_date", 120):
            row["value_date"] = None
            plant("payments", "payments", event_id, "missing_value_date", holds_back=_PORT)
        elif turn("nothing_paid", 140):
            row["amount"] = "0.00"
            plant("payments", "payments", event_id, "nothing_paid", holds_back=_PORT)
        self._files.add(day, row)
        return event_id

    def _write(self, day: date, rows: list[dict[str, object]]) -> None:
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (self._folder / f"{day:%Y-%m-%d}.ndjson").write_bytes(text.encode())


def _clean(invoice_no: str) -> str:
    return f"Invoice {invoice_no}"


def _spaced(invoice_no: str) -> str:
    year, number = invoice_no[4:8], invoice_no[9:]
    return f"inv {year} {number[:3]} {number[3:]} thank you"


def _misread(invoice_no: str) -> str:
    # A scanned slip: zeros are read as the letter O, ones as a small l.
    return invoice_no.replace("0", "O").replace("1", "l")


def _cut(invoice_no: str) -> str:
    return invoice_no[:-3]


def _empty(_: str) -> str:
    return ""


def _other_words(_: str) -> str:
    return "Your delivery of last month"


_GARBLE = {
    "clean": _clean,
    "spaced": _spaced,
    "misread": _misread,
    "cut": _cut,
    "empty": _empty,
    "other_words": _other_words,
}
