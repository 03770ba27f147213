"""Credit: one Parquet file of decisions a month."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from dated_files import DatedFiles
from parties import Party
from truth import Truth

_SCHEMA = pa.schema(
    [
        ("decision_id", pa.string()),
        ("order_no", pa.string()),
        ("debtor_id", pa.string()),
        ("debtor_name", pa.string()),
        ("decided_at", pa.timestamp("us")),
        ("outcome", pa.string()),
        ("score", pa.int32()),
        ("credit_limit", pa.decimal128(12, 2)),
    ]
)
_PORT = "credit/decisions"


class CreditFiles:
    """Writes `credit/decisions-YYYY-MM.parquet`."""

    def __init__(self, out: Path, truth: Truth) -> None:
        self._folder = out / "credit"
        self._folder.mkdir()
        self._truth = truth
        self._files = DatedFiles(self._write, by_month=True)
        self._names: dict[int, str] = {}
        self._decisions = 0
        self.write_before = self._files.write_before

    def debtor(self, party: Party, name: str) -> None:
        """Remember what credit calls a company."""
        self._names[party.number] = name
        self._truth.party(party.number, "credit", f"D{party.number:06d}", name)

    def decision(self, order_no: str, party: Party, decided_at: datetime, *, approved: bool, score: int) -> None:
        """Write one decision about one order."""
        self._decisions += 1
        decision_id = f"B{self._decisions:08d}"
        row: dict[str, object] = {
            "decision_id": decision_id,
            "order_no": order_no,
            "debtor_id": f"D{party.number:06d}",
            "debtor_name": self._names[party.number],
            "decided_at": decided_at,
            "outcome": "approved" if approved else "declined",
            "score": score,
            "credit_limit": Decimal(score) * 100,
        }
        day, turn, plant = decided_at.date(), self._truth.turn, self._truth.plant
        if turn("missing_outcome", 100):
            row["outcome"] = None
            plant("credit", "decisions", decision_id, "missing_outcome", holds_back=_PORT)
        elif turn("impossible_score", 130):
            row["score"] = 1000 + score
            plant("credit", "decisions", decision_id, "impossible_score", holds_back=_PORT)
        elif turn("resent_decision", 120):
            self._files.add(day, row)  # the same row twice: one of them stays
            plant("credit", "decisions", decision_id, "resent_decision", holds_back=_PORT)
        elif turn("conflicting_decision", 200):
            other = "declined" if approved else "approved"
            self._files.add(day, {**row, "outcome": other})  # nobody can say which is right: both wait
            plant("credit", "decisions", decision_id, "conflicting_decision", holds_back=_PORT)
            self._truth.held_back[_PORT] += 1
        self._files.add(day, row)

    def close(self) -> dict[str, int]:
        """Write what waits; returns rows by table."""
        self._files.write_before(date.max)
        return {"credit decisions": self._files.rows}

    def _write(self, month: date, rows: list[dict[str, object]]) -> None:
        pq.write_table(pa.Table.from_pylist(rows, _SCHEMA), self._folder / f"decisions-{month:%Y-%m}.parquet")
