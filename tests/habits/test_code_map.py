"""ARCHITECTURE.md's code map and import-linter's floors name every folder of the code, in the same order."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ROOT / "src/weft"
FOLDERS = {path.parent.name for path in CODE.glob("*/__init__.py")}
FOLDERS |= {path.stem for path in CODE.glob("*.py") if not path.stem.startswith("__")}  # what users import by name


def mapped():
    """The folders of the code map, from the lowest floor up."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.partition("| floor | folder | holds |\n")[2].partition("\n\n")[0]
    return re.findall(r"^\|[^|]*\| `(\w+)` \|", table, re.MULTILINE)


def test_the_code_map_names_every_folder_and_no_other():
    assert set(mapped()) == FOLDERS


def test_the_code_map_has_the_order_of_the_floors():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    floors = next(one for one in project["tool"]["importlinter"]["contracts"] if one["type"] == "layers")["layers"]
    number_by_folder = {name: number for number, floor in enumerate(reversed(floors)) for name in floor.split(" | ")}
    numbers = [number_by_folder[name] for name in mapped()]
    assert numbers == sorted(numbers)


def test_every_name_of_code_on_the_map_is_there():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:spec|ingest|cli|engine|build)/[\w/.]+|meshes/|tests/[\w/]+|docs/[\w/]+)`", text)
    missing = [path for path in paths if not any((base / path).exists() for base in (ROOT, ROOT / "src/weft"))]
    assert missing == []
