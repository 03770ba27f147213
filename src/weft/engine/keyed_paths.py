"""Files that one scan reads, for they lie under one key."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KeyedPaths:
    """Neighbouring files that are read in one go."""

    paths: tuple[str, ...]
    key: str | None  # name of the key in the session; None: they are plain
