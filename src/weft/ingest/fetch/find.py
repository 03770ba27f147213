"""Choose the place by the address: s3://, http(s)://, else this machine's files."""

from pathlib import Path

from weft.base.problem import Place, Problem
from weft.ingest.fetch import http, local, s3
from weft.ingest.fetch.found import Found, Reach


def find(path: str, mesh_root: Path, reach: Reach, place: Place) -> list[Found]:
    """Every file that a path names, in the order of their names.

    Raises:
        Problem: SOURCE005 there is none; others where the place cannot be reached.
    """
    scheme = path.partition("://")[0].lower() if "://" in path else "file"
    if scheme in ("http", "https"):
        return http.find(path, reach, place)
    if scheme == "s3":
        return s3.find(path, reach, place)
    if scheme != "file":
        raise Problem(
            "SOURCE006",
            f'The source\'s path begins with "{scheme}://", which is not read.',
            place,
            expected="a path, s3://, http:// or https://",
        )
    return local.find(path.removeprefix("file://"), mesh_root, place)
