"""What every command is handed: the options before the command's name, and the way to the mesh."""

from dataclasses import dataclass
from pathlib import Path

from weft.cli.output import Output
from weft.workspace.workspace import Workspace


@dataclass
class Session:
    """One call of the command line."""

    folder: Path
    environment: str | None
    output: Output

    def open(self) -> Workspace:
        """The workspace of the mesh that holds the folder.

        Raises:
            Problem: there is no mesh, or the environment is unknown.
        """
        return Workspace.open(self.folder, self.environment)
