"""The port that a command about held-back rows is called with."""

from typing import TYPE_CHECKING

from weft.base.names import PortName, did_you_mean
from weft.base.problem import Problem

if TYPE_CHECKING:
    from weft.workspace.workspace import Workspace


def named_port(workspace: "Workspace", text: str) -> PortName:
    """A port of the mesh.

    Raises:
        Problem: QUARANTINE002, there is none of that name.
    """
    known = {str(port.name): port.name for port in workspace.mesh.output_ports()}
    for name in known.values():
        if text.replace(".", "/") in (str(name), f"{name.product_name}/{name.port}"):
            return name
    raise Problem(
        "QUARANTINE002",
        f'"{text}" is no output port of this mesh.',
        fix=did_you_mean(text, known) or "`weft ls` lists the ports.",
    )
