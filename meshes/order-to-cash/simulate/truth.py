"""What is wrong on purpose, written down while it is done."""

import csv
import json
from collections import Counter
from pathlib import Path
from random import Random


class Truth:
    """The planted dirt, the companies behind the records, and the invoice behind each payment."""

    def __init__(self, folder: Path, random: Random) -> None:
        self._folder = folder
        self._random = random
        self._turns: dict[str, int] = {}
        self._files: list[object] = []
        (folder / "truth").mkdir(parents=True, exist_ok=True)
        self._dirt = self._table("dirt", "system", "table", "key", "kind")
        self._parties = self._table("parties", "party", "system", "id", "name")
        self._payments = self._table("payments", "event_id", "invoice_no", "reference_is", "amount_cents")
        self.held_back: Counter[str] = Counter()  # port -> rows that its contract must hold back
        self.rejected_lines: Counter[str] = Counter()  # system -> lines that cannot be read
        self.kinds: Counter[str] = Counter()
        self.references: Counter[str] = Counter()
        self.late_files: list[dict[str, object]] = []

    def turn(self, kind: str, every: int) -> bool:
        """Whether it is this one's turn: one in `every`, beginning somewhere in the first round."""
        if kind not in self._turns:
            self._turns[kind] = self._random.randrange(every)
        self._turns[kind] += 1
        return self._turns[kind] % every == 0

    def plant(self, system: str, table: str, key: str, kind: str, *, holds_back: str | None = None) -> None:
        """Write down one piece of dirt, and the port that must hold its row back."""
        self._dirt.writerow((system, table, key, kind))
        self.kinds[kind] += 1
        if holds_back:
            self.held_back[holds_back] += 1

    def party(self, party: int, system: str, identifier: str, name: str) -> None:
        """Write down which company a record is of."""
        self._parties.writerow((party, system, identifier, name))

    def payment(self, event_id: str, invoice_no: str, reference_is: str, amount_cents: int) -> None:
        """Write down which invoice a payment pays, whatever its reference says."""
        self._payments.writerow((event_id, invoice_no, reference_is, amount_cents))
        self.references[reference_is] += 1

    def close(self, seed: int, scale: float, rows: dict[str, int]) -> None:
        """Write truth.json and end the tables."""
        summary = {
            "seed": seed,
            "scale": scale,
            "rows": rows,
            "held_back": dict(sorted(self.held_back.items())),
            "rejected_lines": dict(sorted(self.rejected_lines.items())),
            "planted": dict(sorted(self.kinds.items())),
            "references": dict(sorted(self.references.items())),
            "late_files": self.late_files,
        }
        text = json.dumps(summary, indent=2, ensure_ascii=False) + "\n"
        (self._folder / "truth.json").write_text(text, encoding="utf-8", newline="\n")
        for file in self._files:
            file.close()  # type: ignore[attr-defined]

    def _table(self, name: str, *columns: str) -> "csv._writer":  # type: ignore[name-defined]
        file = (self._folder / "truth" / f"{name}.csv").open("w", encoding="utf-8", newline="")
        self._files.append(file)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        return writer
