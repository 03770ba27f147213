"""No folder of code or tests has a name that pytest passes over: by default it does not look into any called build."""

import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_pytest_looks_into_every_folder_with_tests(pytestconfig):
    passed_over = pytestconfig.getini("norecursedirs")
    files = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "src/weft").rglob("*.py")]
    folders = {part for path in files for part in path.relative_to(ROOT).parts[:-1]}
    hidden = {name for name in folders - {"__pycache__"} if any(fnmatch.fnmatch(name, one) for one in passed_over)}
    assert "build" in folders
    assert hidden == set()
