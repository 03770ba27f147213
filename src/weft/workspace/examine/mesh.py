"""A mesh: its files, storage, ledger and catalogue, and with `deep` every byte that it keeps."""

from collections.abc import Callable, Iterator
from pathlib import Path

from weft.base.counted import counted
from weft.base.problem import Problem, Severity
from weft.workspace.examine.examination import Examination
from weft.workspace.examine.ledger import examine_ledger
from weft.workspace.examine.publications import examine_publications
from weft.workspace.examine.stored_files import examine_stored_files
from weft.workspace.examine.tables import examine_tables
from weft.workspace.workspace import Workspace

Say = Callable[[str], None]
Deep = Callable[[Workspace, Say], Iterator[Examination]]

# What `weft doctor --deep` looks at beside what it always does, in this order.
DEEP: tuple[tuple[str, Deep], ...] = (
    ("tables", examine_tables),
    ("publications", examine_publications),
    ("files", examine_stored_files),
)


def examine_mesh(
    workspace: Workspace, *, deep: bool = False, against: Path | None = None, say: Say = lambda line: None
) -> Iterator[Examination]:
    """The mesh's files, its storage, ledger and catalogue, and that every published file is there.

    Args:
        workspace: the mesh.
        deep: hold every fact and every stored file against its digest.
        against: a file of anchors that the ledger must hold; all facts are looked at then.
        say: told now and then how far a long examination is.
    """
    yield from _files(workspace)
    yield from _storage(workspace)
    yield from examine_ledger(workspace, deep=deep, against=against, say=say)
    try:
        yield from _published_files(workspace)
    except Problem as problem:
        yield Examination.of_problem("catalogue", problem)
    for subject, examine in DEEP if deep else ():
        try:
            yield from examine(workspace, say)
        except Problem as problem:  # one that cannot go on must not keep the others from being made
            yield Examination.of_problem(subject, problem)


def _files(workspace: Workspace) -> Iterator[Examination]:
    mesh = workspace.mesh
    errors = [problem for problem in mesh.problems if problem.severity is Severity.ERROR]
    products = counted(len(mesh.products), "product")
    if errors:
        yield Examination(
            "mesh", "failed", f"{products}, {counted(len(errors), 'error')} in its files", "weft check names each."
        )
    else:
        yield Examination("mesh", "ok", f"{mesh.name}: {products}")


def _storage(workspace: Workspace) -> Iterator[Examination]:
    storage = workspace.storage
    if not storage.exists():
        yield Examination("storage", "ok", "not there yet; the first build makes it")
        return
    probe = storage / ".doctor"
    try:
        probe.write_bytes(b"weft")
        probe.unlink()
        yield Examination("storage", "ok", f"{storage.name} can be written")
    except OSError as error:
        yield Examination(
            "storage", "failed", f"cannot be written: {error.strerror}", f"Check the rights of {storage}."
        )


def _published_files(workspace: Workspace) -> Iterator[Examination]:
    published, missing = 0, 0
    for port in workspace.mesh.output_ports():
        files = workspace.lake.files(port.name)
        if files is None:
            continue
        published += 1
        absent = sum(not Path(path.removeprefix("file://")).exists() for path in files.paths)
        if absent:
            missing += absent
            yield Examination(
                f"port {port.name}",
                "failed",
                f"{absent} of {len(files.paths)} files are not there",
                f"Bring them back from a backup, or build anew: weft build --full {port.name.product_name}",
            )
    if not missing:
        yield Examination("catalogue", "ok", f"{counted(published, 'port')} published, all files there")
