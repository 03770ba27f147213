"""The exact line of a key, for rules that know only the file.

Read again only where a rule has found something to say, so a mesh without mistakes pays nothing.
"""

from weft.base.problem import Place
from weft.base.yaml_source import Key, read_yaml
from weft.spec.mesh import Mesh


def place_in(mesh: Mesh, known: Place, *keys: Key) -> Place:
    """Where the keys stand in the file of `known`; `known` itself where they do not stand in it."""
    file, _ = read_yaml(mesh.root / known.path, known.path)
    if file.data is None or file.at(*keys) is None:
        return known
    return file.place(*keys)
