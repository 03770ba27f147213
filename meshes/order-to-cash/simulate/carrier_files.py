"""Fulfilment and shipping: daily files of two carriers, each in its own dialect, some of them late."""

from datetime import date, datetime, timedelta
from pathlib import Path

from dated_files import DatedFiles
from parties import Party
from truth import Truth

_PORT = "fulfilment/shipments"
_LATE_DAYS = (33, 47)  # files of the southern carrier, counted from the first day


class CarrierFiles:
    """Writes `shipping/north/*.csv` (Latin-1, semicolons, decimal commas) and `shipping/south/*.tsv` (UTF-8, tabs).

    A file holds the consignments that were delivered on its day.
    """

    def __init__(self, out: Path, truth: Truth, first_day: date) -> None:
        self._out = out
        self._truth = truth
        self._late_days = {first_day + timedelta(days=days) for days in _LATE_DAYS}
        self._north = DatedFiles(self._write_north)
        self._south = DatedFiles(self._write_south)
        self._shipments = 0

    def shipment(
        self, order_no: str, party: Party, consignee: str, shipped_at: datetime, delivered_at: datetime, grams: int
    ) -> None:
        """Write one consignment of an order into the file of the day of its delivery."""
        self._shipments += 1
        day = delivered_at.date()
        row: dict[str, object] = {
            "order_no": order_no,
            "consignee": consignee,
            "city": party.city,
            "grams": grams,
            "shipped_at": shipped_at,
            "delivered_at": delivered_at,
        }
        # The northern carrier's machine has no letters beyond Latin-1, so the southern one takes those parcels.
        goes_north = self._shipments % 2 == 0 and _is_latin_1(consignee + party.city)
        tracking_no = f"{'N' if goes_north else 'S'}{self._shipments:09d}"
        row["tracking_no"] = tracking_no
        if goes_north or day not in self._late_days:
            self._spoil(row, tracking_no, goes_north=goes_north)
        (self._north if goes_north else self._south).add(day, row)

    def write_before(self, day: date) -> None:
        """Write the files of all days before this one."""
        self._north.write_before(day)
        self._south.write_before(day)

    def close(self) -> dict[str, int]:
        """Write what waits; returns rows by table, those of late files included."""
        self.write_before(date.max)
        return {"northern shipments": self._north.rows, "southern shipments": self._south.rows}

    def _spoil(self, row: dict[str, object], tracking_no: str, *, goes_north: bool) -> None:
        turn, plant = self._truth.turn, self._truth.plant
        if turn("mangled_tracking_number", 100):
            row["tracking_no"] = tracking_no[:6]
            plant("fulfilment", "shipments", tracking_no, "mangled_tracking_number", holds_back=_PORT)
        elif turn("missing_weight", 110):
            row["grams"] = None
            plant("fulfilment", "shipments", tracking_no, "missing_weight", holds_back=_PORT)
        elif turn("delivered_before_shipped", 140):
            row["shipped_at"] = row["delivered_at"] + timedelta(days=3)  # type: ignore[operator]
            plant("fulfilment", "shipments", tracking_no, "delivered_before_shipped", holds_back=_PORT)
        elif goes_north and turn("unreadable_line", 70):
            row["consignee"] = f"{row['consignee']}; dock 2"  # nobody quotes: the line has one field too many
            plant("fulfilment", "shipments", tracking_no, "unreadable_line")
            self._truth.rejected_lines["fulfilment/shipments/north"] += 1

    def _write_north(self, day: date, rows: list[dict[str, object]]) -> None:
        lines = ["Sendung;Auftrag;Empfänger;Ort;Gewicht_kg;Versandt;Zugestellt"]
        for row in rows:
            kilos = "" if row["grams"] is None else f"{row['grams'] / 1000:.3f}".replace(".", ",")  # type: ignore[operator]
            fields = (row["tracking_no"], row["order_no"], row["consignee"], row["city"], kilos)
            times = (f"{row[name]:%d.%m.%Y %H:%M}" for name in ("shipped_at", "delivered_at"))
            lines.append(";".join((*map(str, fields), *times)))
        _write(self._out / "shipping" / "north" / f"{day:%Y-%m-%d}.csv", "\r\n".join(lines) + "\r\n", "latin-1")

    def _write_south(self, day: date, rows: list[dict[str, object]]) -> None:
        lines = ["tracking_no\torder_no\tconsignee\tcity\tweight_kg\tshipped_at\tdelivered_at"]
        for row in rows:
            kilos = "" if row["grams"] is None else f"{row['grams'] / 1000:.3f}"  # type: ignore[operator]
            fields = (row["tracking_no"], row["order_no"], row["consignee"], row["city"], kilos)
            times = (f"{row[name]:%Y-%m-%d %H:%M:%S}" for name in ("shipped_at", "delivered_at"))
            lines.append("\t".join((*map(str, fields), *times)))
        path = Path("shipping") / "south" / f"{day:%Y-%m-%d}.tsv"
        folder = self._out
        if day in self._late_days:
            folder = self._out / "late"
            self._truth.late_files.append({"path": path.as_posix(), "rows": len(rows)})
        _write(folder / path, "\n".join(lines) + "\n", "utf-8")


def _is_latin_1(text: str) -> bool:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _write(path: Path, text: str, encoding: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
