"""How many rows a port has, and a digest of all of them that does not depend on their order or files."""

from importlib.metadata import version
from typing import TYPE_CHECKING

from weft.base.names import PortName

if TYPE_CHECKING:
    from weft.engine.protocol import Engine
    from weft.lake.iceberg_lake import Lake

# Two sums of 64 bits each: a row that changes, goes, comes or is there twice changes both.
_DIGEST = """
SELECT count(*), sum(md5_number_lower(CAST(r AS VARCHAR))), sum(md5_number_upper(CAST(r AS VARCHAR))) FROM port_rows r
"""


def digest_of_rows(engine: "Engine", lake: "Lake", port: PortName, snapshot_id: int) -> tuple[int, str]:
    """Rows and digest of a snapshot.

    Raises:
        Problem: LAKE005, it is not kept any more; FILE001, a file is damaged.
    """
    files = lake.files(port, snapshot_id)
    if files is None or not files.paths:
        return 0, "0-0"
    engine.add_files("port_rows", files)
    try:
        ((rows, lower, upper),) = engine.rows(_DIGEST)
    finally:
        engine.drop("port_rows")
    return int(rows), f"{int(lower or 0):x}-{int(upper or 0):x}"


def engine_version() -> str:
    """What writes values as text: another version may write them otherwise, so digests compare within one only."""
    return f"duckdb {version('duckdb')}"
