"""Nothing is stored on the way; an output port is stored all the same, since readers read snapshots."""

from weft.build.materialize.replace import merge

__all__ = ["merge"]
