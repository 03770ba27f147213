"""The official JSON schemas of the contract standard, by version.

The newest one is carried by Bitol's package. Its 3.2.0 is a draft of the official text: it refuses every column
without a logical type, object stores, and ids that are no ASCII words; `_correct` brings it to the text that was
released, and changes nothing where a later package has that already. Older versions are shipped here unchanged.
"""

import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

NEWEST = "v3.2.0"
_FILE_BY_VERSION = {"v3.0.0": "v3.0.2", "v3.0.1": "v3.0.2", "v3.0.2": "v3.0.2", "v3.1.0": "v3.1.0"}  # 3.0.x only adds
_DRAFT_ID, _RELEASED_ID = "[A-Za-z0-9_-]+", r"[^\s.#/\\@!%&^]+"


def versions() -> tuple[str, ...]:
    """Every version that can be read, oldest first."""
    return (*_FILE_BY_VERSION, NEWEST)


@cache
def schema_of(version: str) -> dict[str, Any]:
    """The JSON schema of a version.

    Raises:
        KeyError: there is no such version.
    """
    if version == NEWEST:
        return _correct(_read(_folder_of_package() / "schema.json"))
    return _read(Path(__file__).parent / f"odcs-json-schema-{_FILE_BY_VERSION[version]}.json")


def _folder_of_package() -> Path:
    # Found without importing it: its models would load pydantic, which checking a contract does not need.
    found = importlib.util.find_spec("open_data_contract_standard")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("open_data_contract_standard")
    return Path(found.origin).parent


def _read(path: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _correct(schema: dict[str, Any]) -> dict[str, Any]:
    parts = schema["$defs"]
    for name in ("StableId", "FullyQualifiedReference"):
        parts[name]["pattern"] = parts[name]["pattern"].replace(_DRAFT_ID, _RELEASED_ID)
    kinds = parts["SchemaObject"]["properties"]["logicalType"]["enum"]
    if "blob" not in kinds:
        kinds.append("blob")
    for rule in parts["SchemaBaseProperty"]["allOf"]:
        logical_type = rule.get("if", {}).get("properties", {}).get("logicalType", {}).get("const")
        if logical_type in ("map", "vector"):
            rule["if"].setdefault("required", ["logicalType"])
        if logical_type == "vector":
            rule["then"].setdefault("required", ["logicalTypeOptions"])
    return schema
