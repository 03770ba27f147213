"""Land files that nobody described: as they are, or as their values seem to be written, where that reads more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from weft.base.names import ProductName
from weft.engine.protocol import Engine
from weft.ingest.land import land
from weft.ingest.landing import Landing
from weft.spec.making import Source


def best_landing(
    source: Source,
    *,
    product: ProductName,
    root: Path,
    folder: Path,
    now: datetime,
    scratch_engine: Callable[[], Engine],
) -> tuple[Source, Landing]:
    """Land a source; where its values seem to be written in another way, land it so, if that reads more of them.

    Args:
        source: without options of its own.
        product: whose source it is to be.
        root: what its path is relative to.
        folder: to land in.
        now: the time of the landing.
        scratch_engine: opens an engine session.

    Returns:
        The source with the options that read it best, and what was landed.

    Raises:
        Problem | Problems: SOURCE0xx, nothing was landed.
    """

    def landed(source: Source, name: str) -> Landing:
        return land(
            source,
            product=product,
            mesh_root=root,
            folder=folder / name,
            previous=None,
            now=now,
            scratch_engine=scratch_engine,
        )

    first = landed(source, "as_it_is")
    formats = {name: value for name, value in first.suggested.items() if name == "date_format"}
    for number, options in enumerate((first.suggested, formats)):
        if options:
            other = replace(source, options={**source.options, **options})
            second = landed(other, f"as_suggested_{number}")
            if second.rows_rejected <= first.rows_rejected and _texts(second) <= _texts(first):
                return other, second
    return source, first


def _texts(landing: Landing) -> set[str]:
    return {name for name, type_ in landing.columns.items() if type_ == "VARCHAR"}
