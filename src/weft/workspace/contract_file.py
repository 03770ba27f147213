"""The contract that a person names: a file, or a port of the mesh."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.names import PortName, did_you_mean
from weft.base.problem import Problem, Problems, errors_of
from weft.base.yaml_source import YamlFile, read_yaml

if TYPE_CHECKING:
    from weft.workspace.workspace import Workspace


def contract_file(text: str, folder: Path, open_workspace: "Callable[[], Workspace]") -> YamlFile:
    """Read the contract.

    Args:
        text: a path below `folder`, or `domain/product/port`, or the same with dots as queries write it.
        folder: where the command was called.
        open_workspace: opens the mesh; called only where the text is no file.

    Raises:
        Problem: FORMAT011 neither file nor port is called so, SPEC001 there is no mesh to look for a port in.
        Problems: the file is no YAML.
    """
    path = folder / text
    if path.is_file() or text.endswith((".yaml", ".yml")):
        return _read(path, text)
    mesh = open_workspace().mesh
    name = _port_name(text)
    port = mesh.output_port(name) if name else None
    if port is None or port.contract is None:
        known = [str(each.name) for each in mesh.output_ports() if each.contract is not None]
        raise Problem(
            "FORMAT011",
            f'No contract is called "{text}".',
            expected="a file, or a port of the mesh: domain/product/port",
            fix=did_you_mean(text, known) or "weft ls shows every product and port.",
        )
    return _read(mesh.root / port.contract.path, port.contract.path)


def _port_name(text: str) -> PortName | None:
    try:
        return PortName.parse(text if "/" in text else text.replace(".", "/"))
    except ValueError:
        return None


def _read(path: Path, shown_as: str) -> YamlFile:
    file, problems = read_yaml(path, shown_as)
    if errors := errors_of(problems):
        raise Problems(errors)
    return file
