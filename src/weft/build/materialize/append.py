"""New rows beside the published ones, which are not touched."""

from weft.build.materialize.merge import Merge, MergeInput
from weft.engine.quote import identifier


def merge(given: MergeInput) -> Merge:
    """The model's rows, added."""
    return Merge(f"SELECT * FROM {identifier(given.new)}", "append")
