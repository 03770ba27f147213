"""Sizes as people write them."""

import re

_UNITS = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "t": 1000**4}
_UNITS |= {f"{unit}i": 1024**power for power, unit in enumerate("kmgt", start=1)}
_SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?\s*$", re.IGNORECASE)


def parse_size(text: str | float) -> int:
    """Bytes of `20GB`, `512 MiB` or a bare number.

    >>> parse_size("20GB"), parse_size("1.5 KiB"), parse_size(100)
    (20000000000, 1536, 100)

    Raises:
        ValueError: it is no size.
    """
    match = _SIZE.match(str(text))
    if match is None or match[2].lower() not in _UNITS:
        raise ValueError("not a size such as 20GB")
    return int(float(match[1]) * _UNITS[match[2].lower()])
