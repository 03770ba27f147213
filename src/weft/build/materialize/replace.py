"""The whole table anew."""

from weft.build.materialize.merge import Merge, MergeInput
from weft.engine.quote import identifier


def merge(given: MergeInput) -> Merge:
    """The model's rows instead of what is published."""
    return Merge(f"SELECT * FROM {identifier(given.new)}", "replace")
