"""A loaded mesh kept in a file, so that a command that changes nothing need not read a thousand files again."""

import os
from collections.abc import Mapping
from pathlib import Path

from weft.spec.load import apply_environment, find_mesh_root, read_mesh
from weft.spec.mesh import Mesh
from weft.spec.mesh_files import MeshFiles, find_layout

FILE_NAME = "mesh.pickle"


def load_mesh_cached(root: Path, cache_folder: Path, *, environ: Mapping[str, str] = os.environ) -> Mesh:
    """As `load_mesh`, from the cache where no file was added, removed or changed.

    Raises:
        Problem: SPEC001 where there is no mesh.
    """
    found = find_mesh_root(root)
    return apply_environment(read_mesh(found, find_layout(found), MeshFiles(found)), environ)
