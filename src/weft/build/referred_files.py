"""The published rows that a relationship leads to: those of now, or those of a version of the port's contract."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from weft.base.data_files import DataFiles
from weft.base.names import PortName
from weft.spec.relationship_target import is_version, named_version

if TYPE_CHECKING:
    from weft.lake.iceberg_lake import Lake

CONTRACT_VERSION = "weft.contract-version"  # a snapshot's property


def referred_files(
    lake: "Lake", name: str, port: PortName, now: Callable[[PortName], DataFiles | None]
) -> DataFiles | None:
    """The files to look references up in; None where nothing was published under that version, or at all.

    Args:
        lake: the snapshots.
        name: as the relationship writes it, with the version that it names.
        port: where it leads.
        now: the files of the port that are read where no version is named.
    """
    version = named_version(name)
    if version is None:
        return now(port)
    under = [s for s in lake.snapshots(port) if is_version(s.properties.get(CONTRACT_VERSION, ""), version)]
    return lake.files(port, max(under, key=lambda s: s.committed_at).snapshot_id) if under else None
