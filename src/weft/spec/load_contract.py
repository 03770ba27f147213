"""One contract's file: ODCS of any 3.x version, or the deprecated Data Contract Specification."""

from weft.base.problem import Problem
from weft.base.yaml_source import mapping_of
from weft.spec.contract import Contract
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
    problems.extend(files.remembered("odcs", file.path, lambda: validate_contract(file)))
    contract, more = contract_of(file)
    problems.extend(more)
    return contract
