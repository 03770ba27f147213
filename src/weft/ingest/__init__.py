"""Land sources: raw stays raw, nothing disappears.

`land` brings what a source holds into the mesh's storage and makes Parquet of it that models read.
`changed` is the cheap look of a plan. Everything else is reached through these two.
"""

from weft.ingest.land import changed, land, read_problems
from weft.ingest.landing import Landing, RawFile

__all__ = ["Landing", "RawFile", "changed", "land", "read_problems"]
