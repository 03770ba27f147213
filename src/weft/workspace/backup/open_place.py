"""Open the place of backups that a user names; one line a kind."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from weft.base.problem import Problem
from weft.workspace.backup.place import Place


def open_place(to: str, options: Mapping[str, Any], mesh_root: Path) -> Place:
    """The place that a user names.

    Args:
        to: a folder, relative to the mesh's, or `s3://bucket/prefix`.
        options: of S3: endpoint, region, access_key, secret_key, session_token.
        mesh_root: what a relative folder starts from.

    Raises:
        Problem: BACKUP002, it is of a kind that weft does not know, or a file.
    """
    scheme, separator, _ = to.partition("://")
    if not separator or scheme == "file":
        from weft.workspace.backup.folder_place import FolderPlace

        return FolderPlace(mesh_root / Path(to.removeprefix("file://")).expanduser())
    opener = _BY_SCHEME.get(scheme)
    if opener is None:
        raise Problem(
            "BACKUP002",
            "Backups cannot be kept there.",
            found=f"{scheme}://",
            expected="a folder, or s3://bucket/prefix",
            fix="Name a folder (a mounted one, too), or a bucket of S3 or its like with `endpoint`.",
        )
    return opener(to, options)


def _open_s3(url: str, options: Mapping[str, Any]) -> Place:
    from weft.workspace.backup.s3_place import S3Place

    return S3Place(url, options)


_BY_SCHEME: Mapping[str, Callable[[str, Mapping[str, Any]], Place]] = {"s3": _open_s3}
