"""The files here that hold no tests are scripts: they import each other by name and run outside pytest."""

from pathlib import Path

_HERE = Path(__file__).parent
collect_ignore = [
    "suites",
    *(path.name for path in _HERE.glob("*.py") if not path.name.startswith(("test_", "conftest"))),
]
