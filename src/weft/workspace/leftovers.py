"""What builds that were killed left beside the tables: unfinished landings, and held-back rows that no run recorded.

The files of the tables themselves are the lake's business (`weft.lake.orphans`).
"""

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.names import PortName, ProductName
from weft.build.quarantine.batches import held_files
from weft.ledger.facts import Quarantined

if TYPE_CHECKING:
    from weft.ledger.ledger import Ledger

# Names of what is not whole yet; see weft.ingest.land, weft.ingest.content_store and the engine's `write_parquet`.
_UNFINISHED = (".scratch-*", "*/.part-*", ".part-*", "*/*-unsealed.parquet", "*/*-part.parquet")


def leftovers_of_landings(storage: Path, product: ProductName) -> Iterator[Path]:
    """Files and folders that landings of a product began and never finished."""
    folder = storage / "landings" / product.domain / product.product
    for source in folder.glob("*"):
        for pattern in _UNFINISHED:
            yield from source.glob(pattern)


def leftovers_of_quarantine(ledger: "Ledger", storage: Path, port: PortName) -> Iterator[Path]:
    """Files of held-back rows that the ledger never named: their build ended between writing and recording.

    The rows themselves come again with the next build, which makes the same candidate.
    """
    there = held_files(storage, port)
    if there:
        named = {storage / file for fact in ledger.facts(Quarantined, port=str(port)) for file in fact.files}
        yield from there - named


def remove_leftovers(paths: Iterable[Path], *, older_than: datetime, dry_run: bool) -> tuple[int, int]:
    """Remove what was last touched before an instant; returns how many files and bytes."""
    count = size_bytes = 0
    for path in sorted(paths):
        try:
            if path.stat().st_mtime >= older_than.timestamp():
                continue
            files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
            count, size_bytes = count + len(files), size_bytes + sum(file.stat().st_size for file in files)
            if not dry_run:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()
        except FileNotFoundError:  # somebody was quicker
            continue
    return count, size_bytes
