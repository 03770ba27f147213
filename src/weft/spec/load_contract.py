"""One contract's file: ODCS of any 3.x version, or the deprecated Data Contract Specification."""

from weft.base.problem import Problem
from weft.base.yaml_source import YamlFile, mapping_of
from weft.spec.contract import Contract
from weft.spec.data_contract_specification import VERSION_KEY, convert, is_data_contract_specification
from weft.spec.mesh_files import MeshFiles
from weft.spec.odcs.normalise import contract_of
from weft.spec.odcs.validate import validate_contract


def load_contract(path: str, files: MeshFiles, problems: list[Problem]) -> Contract | None:
    """Read a contract; None where its file cannot be read at all. Its problems are added to `problems`."""
    file, more = files.read_yaml(path)
    problems.extend(more)
    data, more = mapping_of(file)
    problems.extend(more)
    if not data:
        return None
    odcs, standard_version, more = as_odcs(file)
    problems.extend(more)
    problems.extend(files.remembered("odcs", file.path, lambda: validate_contract(odcs)))
    contract, more = contract_of(odcs, standard_version)
    problems.extend(more)
    return contract


def as_odcs(file: YamlFile) -> tuple[YamlFile, str | None, list[Problem]]:
    """The file as ODCS has it, the version to note where that is not its own, and the warnings of a conversion."""
    if not is_data_contract_specification(file.data):
        return file, None, []
    version = str(file.data[VERSION_KEY]).rsplit(".", 1)[0] or "1"
    converted, warnings = convert(file)
    return converted, f"dcs-{version}", warnings
