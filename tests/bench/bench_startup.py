"""How long a command takes to say something, beside a Python that says nothing."""

import sys
from pathlib import Path

from measure import Row, cost_of_command

from weft.cli.main import run


def rows(folder: Path, *, smoke: bool) -> list[Row]:
    """`weft --help` and `weft ls` beside `python -c pass`."""
    times = 2 if smoke else 9
    mesh = folder / "harbour"
    assert run(["init", str(mesh), "--template", "harbour"]) == 0
    weft = str(Path(sys.executable).parent / "weft")
    bare = cost_of_command([sys.executable, "-c", "pass"], times=times)
    help_cost = cost_of_command([weft, "--help"], times=times)
    cost_of_command([weft, "-C", str(mesh), "ls"])  # the first call compiles the mesh
    ls_cost = cost_of_command([weft, "-C", str(mesh), "ls"], times=times)
    return [
        Row("weft --help", help_cost, bare, "<= 0.2 s", "wall", is_met=help_cost.wall_seconds <= 0.2),
        Row("weft ls", ls_cost, bare, "", "wall"),
    ]
