"""The products that a selection chooses, `state:modified` included.

What was modified is known from what was built before, so only a selection that asks for it opens the ledger.
"""

from collections.abc import Collection, Iterable

from weft.base.names import ProductName
from weft.graph.selection import select
from weft.workspace.workspace import Workspace


def selected(workspace: Workspace, expressions: Iterable[str], exclude: Iterable[str] = ()) -> tuple[ProductName, ...]:
    """Products that the expressions choose, each after those that it reads; see `weft.graph.selection.select`."""
    wanted, unwanted = tuple(expressions), tuple(exclude)
    modified: Collection[ProductName] = ()
    if any("state:" in text for text in (*wanted, *unwanted)):
        from weft.build.made_before import recall
        from weft.build.plan import modified_products
        from weft.workspace.building import build_context

        context = build_context(workspace)
        modified = modified_products(context, recall(context))
    return select(workspace.mesh, wanted, unwanted, modified)
