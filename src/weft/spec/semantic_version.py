"""Semantic versions (https://semver.org): reading them, and whether one offers what another asks for."""

import re

_VERSION = re.compile(
    r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z.-]+)?$"
)
_ASKED = re.compile(r"^(\d+)(?:\.(\d+))?(?:\.(\d+))?")

Numbers = tuple[int, int, int]


def parse_version(text: str | None) -> Numbers | None:
    """Major, minor and patch, or None where the text is no semantic version.

    >>> parse_version("1.4.0"), parse_version("2.0.0-rc.1"), parse_version("1.0"), parse_version("v1.0.0")
    ((1, 4, 0), (2, 0, 0), None, None)
    """
    match = _VERSION.match(text or "")
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def suggested_version(text: str) -> str | None:
    """The semantic version that was most likely meant.

    >>> suggested_version("v1"), suggested_version("1.2"), suggested_version("first")
    ('1.0.0', '1.2.0', None)
    """
    match = _ASKED.match(text.strip().lstrip("vV"))
    return ".".join(part or "0" for part in match.groups()) if match else None


def offers(offered: str, asked: str) -> bool | None:
    """Whether an offered version keeps what a reader of the asked one relies on; None where that cannot be told.

    A reader of 1.2.0 is served by any 1.x from 1.2.0 on. Before 1.0.0 every minor version may break its readers.

    >>> offers("1.4.1", "1.2.0"), offers("2.0.0", "1.2.0"), offers("1.1.0", "1.2.0"), offers("1.4.1", "1")
    (True, False, False, True)
    >>> offers("0.3.0", "0.2.0"), offers("latest", "1.0.0")
    (False, None)
    """
    has, match = parse_version(offered), _ASKED.match(asked.strip().lstrip("vV"))
    if has is None or match is None:
        return None
    wanted = (int(match[1]), int(match[2] or 0), int(match[3] or 0))
    same_line = has[:2] == wanted[:2] if wanted[0] == 0 and match[2] else has[0] == wanted[0]
    return same_line and has >= wanted
