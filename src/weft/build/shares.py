"""Share an environment's memory and cores among engine sessions that run side by side."""

import os
import re

from weft.base.problem import Problem

_SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?b?)\s*$", re.IGNORECASE)
_SCALE = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_LEAST_BYTES = 64 * 10**6  # less than this and DuckDB fails on small joins


def share_of_memory(memory: str, parts: int) -> str:
    """One of `parts` equal parts of a size.

    Raises:
        Problem: BUILD012, it is no size.

    >>> share_of_memory("2GB", 4), share_of_memory("1GiB", 1), share_of_memory("100MB", 8)
    ('500MB', '1073MB', '64MB')
    """
    match = _SIZE.match(memory)
    if match is None:
        raise Problem(
            "BUILD012",
            "The engine's memory is no size.",
            found=memory,
            expected="such as 2GB or 512MB",
            fix="Set `memory:` of the environment in weft.yaml, or WEFT_MEMORY.",
        )
    unit = match[2].casefold().rstrip("b")
    scale = 1024 ** "kmgt".index(unit[0]) * 1024 if unit.endswith("i") else _SCALE[unit]
    return f"{max(int(float(match[1]) * scale) // parts, _LEAST_BYTES) // 10**6}MB"


def share_of_threads(threads: int | None, parts: int) -> int:
    """One of `parts` equal parts of the cores, at least one."""
    return max((threads or os.cpu_count() or 1) // parts, 1)


def default_jobs() -> int:
    """Products to make at once: as many as cores, at most four."""
    return min(os.cpu_count() or 1, 4)
