"""Import contracts that are contracts already: ODCS of any 3.x version, and the Data Contract Specification."""

from collections.abc import Mapping
from typing import Any

from weft.base.problem import Place, Problem, Problems, errors_of
from weft.base.yaml_source import YamlFile, read_yaml_text
from weft.spec.data_contract_specification import convert, is_data_contract_specification
from weft.spec.formats.draft import STANDARD
from weft.spec.formats.notes import not_imported
from weft.spec.formats.source import Source
from weft.spec.odcs.quality import METRIC_BY_OLD_RULE
from weft.spec.odcs.validate import validate_contract


def is_odcs(source: Source) -> bool:
    """Whether a file is a contract of ODCS."""
    data = _mapping(source)
    return "apiVersion" in data and "kind" in data


def is_dcs(source: Source) -> bool:
    """Whether a file is a Data Contract Specification."""
    return is_data_contract_specification(_mapping(source))


def read_odcs(source: Source) -> Mapping[str, Any]:
    """Read a contract and raise it to version 3.2.

    Raises:
        Problem: FORMAT002 it is no contract of ODCS.
        Problems: it breaks the standard.
    """
    file = source.yaml()
    data = _needs(file, source, "apiVersion", "a contract of ODCS")
    if broken := errors_of(validate_contract(file)):
        raise Problems(broken)
    if data["apiVersion"] == STANDARD:
        return data
    return {**_raised(data), "apiVersion": STANDARD}


def read_dcs(source: Source) -> Mapping[str, Any]:
    """Convert a Data Contract Specification.

    Raises:
        Problem: FORMAT002 it is none.
    """
    file = source.yaml()
    _needs(file, source, "dataContractSpecification", "a Data Contract Specification")
    converted, _ = convert(file)
    for pair in converted.data.get("customProperties", []):
        what = f'"{pair["property"]}" has no key in ODCS and is kept as a custom property.'
        source.notes.append(not_imported(what, file.place(pair["property"])))
    data: Mapping[str, Any] = converted.data
    return data


def _needs(file: YamlFile, source: Source, key: str, what: str) -> dict[str, Any]:
    if not isinstance(file.data, dict) or key not in file.data:
        raise Problem("FORMAT002", f"The file is not {what}.", Place(source.path, 1), expected=f"`{key}: ...`")
    return file.data


def _mapping(source: Source) -> dict[str, Any]:
    try:
        file, problems = read_yaml_text(source.text, source.path)
    except Problem:
        return {}
    return file.data if not problems and isinstance(file.data, dict) else {}


def _raised(value: Any) -> Any:
    """The same with the metrics that 3.1 renamed under their new names."""
    if isinstance(value, list):
        return [_raised(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _raised(item) for key, item in value.items()}
    if isinstance(made.get("rule"), str) and "metric" not in made and made.get("type", "library") == "library":
        made["metric"] = METRIC_BY_OLD_RULE.get(made["rule"], made["rule"])
        del made["rule"]
    return made
