"""Look at a table as a publication: its profile, with sketches in the bins of the publication before."""

from collections.abc import Sequence
from datetime import datetime

from weft.build.drift.publication import Publication, newest_profiled
from weft.build.drift.sketch import sketches_of
from weft.build.drift.take_sketch import take_sketches
from weft.build.profile import profile
from weft.engine.protocol import Engine
from weft.spec.contract import Table


def look(
    engine: Engine,
    relation: str,
    table: Table,
    history: Sequence[Publication],
    at: datetime,
    snapshot_id: int | None = None,
) -> Publication:
    """Profile a table and count its columns in bins.

    Args:
        engine: the session that knows it.
        relation: the table.
        table: of the contract, which says what is personal.
        history: publications before it, oldest first.
        at: when it is published.
        snapshot_id: of it, where it is published already.
    """
    rows, figures = profile(engine, relation, table)
    before = newest_profiled(history)
    known = {name: sketches_of(found) for name, found in before.columns.items()} if before is not None else {}
    added = take_sketches(engine, relation, table, figures, rows, at=at, known=known)
    return Publication(
        at, snapshot_id, rows, {name: {**found, **added.get(name, {})} for name, found in figures.items()}
    )
