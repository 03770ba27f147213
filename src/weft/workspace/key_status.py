"""What of the storage is encrypted, and under which key."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from weft.base.cipher import is_encrypted, material_of
from weft.base.keys.data_key import read_material
from weft.base.keys.vault import Vault
from weft.base.problem import Problem
from weft.workspace.workspace import Workspace

# Folders of the storage that hold rows; the ledger, the catalogue and manifests hold none.
KINDS = {"tables": "published", "quarantine": "held back", "work": "intermediate", "landings": "landed"}
_STREAMS = ("raw", "rejects")  # folders of landings whose files are of any form


@dataclass(frozen=True)
class FilesUnderKey:
    """Files of one kind that are encrypted alike."""

    kind: str
    data_key: str | None  # None: in clear
    version: str | None  # of the master key that opens the data key today
    files: int
    size_bytes: int


@dataclass(frozen=True)
class KeyStatus:
    """The keys of an environment and what lies under them."""

    master_key: str
    current_version: str
    current_data_key: str
    groups: tuple[FilesUnderKey, ...]

    @property
    def versions_needed(self) -> tuple[str, ...]:
        """Versions of the master key without which something could not be read."""
        return tuple(sorted({group.version for group in self.groups if group.version}))

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        return {**asdict(self), "versions_needed": self.versions_needed}


def key_status(workspace: Workspace) -> KeyStatus:
    """Look at every file that holds rows.

    Raises:
        Problem: KEY001 to KEY006; KEY007, this environment encrypts nothing.
    """
    vault = vault_of(workspace)
    version_by_key = {key.id: key.version for key in vault.wrapped_keys()}
    found: dict[tuple[str, str | None, str | None], list[int]] = {}
    for kind, path in files_with_rows(workspace.storage):
        told = data_key_of(path)
        key, version = told if told else (None, None)
        sizes = found.setdefault((kind, key, version_by_key.get(key, version) if key else None), [])
        sizes.append(path.stat().st_size)
    groups = (FilesUnderKey(*group, len(sizes), sum(sizes)) for group, sizes in found.items())
    ordered = tuple(sorted(groups, key=lambda one: (list(KINDS.values()).index(one.kind), one.data_key or "")))
    return KeyStatus(vault.master_key, vault.current_version(), vault.current().id, ordered)


def vault_of(workspace: Workspace) -> Vault:
    """The keys of an environment that encrypts.

    Raises:
        Problem: KEY007, it does not.
    """
    vault = workspace.vault
    if vault is None:
        raise Problem(
            "KEY007",
            f'Environment "{workspace.environment.name}" encrypts nothing.',
            workspace.mesh.place,
            fix='Add `encryption: {keys: "file:...", key: main}` to it in weft.yaml.',
        )
    return vault


def files_with_rows(storage: Path) -> Iterator[tuple[str, Path]]:
    """Every stored file that holds rows, with its kind."""
    for folder, kind in KINDS.items():
        for path in sorted((storage / folder).rglob("*")):
            if path.is_file() and (path.suffix == ".parquet" or is_stream(path)):
                yield kind, path


def is_stream(path: Path) -> bool:
    """Whether a file is a raw file or a reject file, which are encrypted as streams."""
    return path.parent.name in _STREAMS and not path.name.startswith(".")


def data_key_of(path: Path) -> tuple[str, str] | None:
    """The data key of a file and the version of the master key that it was written under; None in clear."""
    if is_stream(path):
        material = material_of(path) if is_encrypted(path) else None
    else:
        from weft.engine.page_encryption import crypto_note

        try:
            note = crypto_note(str(path))
        except ValueError:  # no Parquet file: `weft doctor --deep` tells of it
            return None
        material = note.material if note else None
    if material is None:
        return None
    told = read_material(material)
    return told.id, told.version
