"""A path that climbs out of the mesh."""

import posixpath
from collections.abc import Iterator

from weft.base.problem import Problem
from weft.spec.rule import Rule, RuleContext
from weft.spec.rule_places import place_in


class PathOutsideMesh(Rule):
    """SPEC124: the relative path of a source leads out of the mesh.

    Why: it works on one machine only, and a mesh must not read what its reviewers do not see.
    Bad: `path: ../../exports/calls.csv`.
    Good: `path: data/calls.csv`, or `path: ${env:EXPORTS}/calls.csv` for a folder that differs by machine.
    """

    code = "SPEC124"

    def check(self, context: RuleContext) -> Iterator[Problem]:
        """Yield every source whose path climbs above the mesh's folder."""
        for product in context.mesh.products:
            for source in product.making.sources.values():
                path = (source.path or "").replace("\\", "/")
                if "://" in path or path.startswith(("/", "${")):
                    continue
                if posixpath.normpath(path).split("/")[0] == "..":
                    yield self.problem(
                        place_in(context.mesh, source.place, "sources", source.name, "path"),
                        f'The path of source "{source.name}" leads out of the mesh.',
                        found=source.path,
                        fix="Keep the file below the mesh, or name its folder by a variable: ${env:NAME}/...",
                    )
