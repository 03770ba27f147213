"""A contract that is named on the command line: a file, an address, a file of a git revision, a port of the mesh."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from weft.base.names import PortName, did_you_mean
from weft.base.problem import Place, Problem, Problems, errors_of
from weft.base.yaml_source import YamlFile, mapping_of, read_yaml, read_yaml_bytes
from weft.spec.contract import Contract
from weft.spec.load_contract import as_odcs
from weft.spec.odcs.normalise import contract_of
from weft.spec.odcs.validate import validate_contract

if TYPE_CHECKING:
    from weft.workspace.workspace import Workspace

_OF_REVISION = re.compile(r"(?P<revision>[^:\\]{2,}):(?P<path>[^:]+\.(ya?ml|json))")  # two: C:\ is a disk
_PORT = re.compile(r"[a-z][a-z0-9_-]*([./][a-z][a-z0-9_-]*){1,2}")


@dataclass(frozen=True)
class GivenDocument:
    """The text of a contract, and where it was found."""

    file: YamlFile
    label: str  # for people: without secrets
    folder: Path  # what paths in it are relative to
    port: PortName | None = None  # whose contract it is in the mesh, where that is known


@dataclass(frozen=True)
class GivenContract:
    """A contract, and where it was found."""

    contract: Contract
    label: str  # for people: without secrets
    folder: Path  # what paths in it are relative to
    warnings: tuple[Problem, ...] = ()
    port: PortName | None = None  # whose contract it is in the mesh, where that is known


def given_contract(word: str, *, root: Path, open_mesh: "Callable[[], Workspace]") -> GivenContract:
    """Read a contract of any version of ODCS, or of the Data Contract Specification.

    Args:
        word: a path, an http(s):// address, `REVISION:path` as git has it, or a port.
        root: what paths are relative to, and where git is asked.
        open_mesh: opens the mesh where a port is named.

    Raises:
        Problem: GIVEN003 there is no such contract; SOURCE0xx the address does not answer.
        Problems: the contract cannot be read, or breaks its standard.
    """
    given = given_document(word, root=root, open_mesh=open_mesh)
    odcs, version, problems = as_odcs(given.file)
    problems = [*problems, *validate_contract(odcs)]
    contract, more = contract_of(odcs, version)
    problems += more
    if errors := errors_of(problems):
        raise Problems(errors)
    return GivenContract(contract, given.label, given.folder, tuple(problems), given.port)


def given_document(word: str, *, root: Path, open_mesh: "Callable[[], Workspace]") -> GivenDocument:
    """Read the text of a contract and nothing more; whether it keeps its standard is for the caller to say.

    Args:
        word: as for `given_contract`.
        root: what paths are relative to, and where git is asked.
        open_mesh: opens the mesh where a port is named.

    Raises:
        Problem: GIVEN003 there is no such contract; SOURCE0xx the address does not answer.
        Problems: the text is no YAML, or no mapping.
    """
    path = root / word
    if "://" in word:
        content, label = _fetched(word, root)
        return _document(read_yaml_bytes(content, label), label, root)
    if path.is_file():
        return _document(read_yaml(path, word), word, path.absolute().parent)
    if found := _OF_REVISION.fullmatch(word):
        content = _of_revision(found["revision"], found["path"], root)
        return _document(read_yaml_bytes(content, word), word, (root / found["path"]).parent)
    if _PORT.fullmatch(word) and not word.endswith((".yaml", ".yml", ".json")):
        try:
            return _of_port(word, open_mesh())
        except Problem as problem:
            if problem.code != "SPEC001":  # where there is no mesh, the word means nothing
                raise
    raise Problem(
        "GIVEN003",
        "There is no such contract.",
        Place(word),
        expected="a file, an http(s):// address, REVISION:path as in git, or a port of the mesh",
        fix=_file_beside(path),
    )


def _document(
    read: tuple[YamlFile, list[Problem]], label: str, folder: Path, port: PortName | None = None
) -> GivenDocument:
    file, problems = read
    data, more = mapping_of(file)
    problems = [*problems, *more]
    if not data or errors_of(problems):
        raise Problems(problems or [Problem("GIVEN003", "The contract is empty.", Place(file.path))])
    return GivenDocument(file, label, folder, port)


def _file_beside(path: Path) -> str | None:
    if not path.parent.is_dir():
        return None
    return did_you_mean(path.name, [each.name for each in path.parent.iterdir() if each.suffix in (".yaml", ".yml")])


def _fetched(url: str, root: Path) -> tuple[bytes, str]:
    from weft.ingest.fetch.find import find
    from weft.ingest.fetch.found import Reach

    place = Place(url.split("?")[0])
    found = find(url, root, Reach(), place)[0]
    download = found.open(None)
    assert download is not None, "asked without a sign, a server sends the file"
    return b"".join(download.chunks), found.location


def _of_revision(revision: str, path: str, root: Path) -> bytes:
    relative = path if path.startswith(("./", "../")) else f"./{path}"  # from here, not from the top of the repository
    asked = [f"{revision}:{relative}", f"{revision}:{path}"]
    for name in asked:
        if name.startswith("-"):
            break
        try:
            done = subprocess.run(["git", "show", name], cwd=root, capture_output=True, check=False, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            break
        if done.returncode == 0:
            return done.stdout
    raise Problem(
        "GIVEN003",
        "git knows no such file of that revision.",
        Place(f"{revision}:{path}"),
        fix=f"See `git log -- {path}`; the path is relative to the working directory or to the repository.",
    )


def _of_port(word: str, workspace: "Workspace") -> GivenDocument:
    mesh = workspace.mesh
    ports = {str(port.name): port for port in mesh.output_ports()}
    asked = word.replace(".", "/")
    port = next((p for p in ports.values() if asked in (str(p.name), f"{p.name.product_name}/{p.name.port}")), None)
    if port is None or port.contract is None:
        what = f'"{word}" is neither a file nor a port' if port is None else f'The port "{word}" has no contract'
        raise Problem(
            "GIVEN003", f"{what}.", Place(word), fix=did_you_mean(asked, ports) or "`weft ls` lists the ports."
        )
    file = mesh.root / port.contract.path
    return _document(read_yaml(file, port.contract.path), str(port.name), file.parent, port.name)
