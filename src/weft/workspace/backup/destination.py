"""The place of backups that a command names, or that the environment declares."""

from pathlib import Path

from weft.base.age import duration_of
from weft.base.problem import Problem
from weft.base.secret import resolve_secret
from weft.workspace.backup.open_place import open_place
from weft.workspace.backup.retention import Retention
from weft.workspace.backup.store import Store
from weft.workspace.workspace import Workspace


def open_store(workspace: Workspace, named: str | None) -> Store:
    """The store at a named place, or at `backup: {to: ...}` of the environment, whose keys of S3 count for both.

    Raises:
        Problem: BACKUP001, neither names one; BACKUP002, it is no place; SECRET001..002.
    """
    settings = workspace.environment.backup
    if named is None and settings.to is None:
        raise Problem(
            "BACKUP001",
            "Nobody says where backups are kept.",
            workspace.mesh.place,
            fix=f"Name a folder or s3://bucket/prefix, or add `backup: {{to: ...}}` to environment "
            f'"{workspace.environment.name}".',
        )
    options = {
        name: resolve_secret(value, workspace.environ, workspace.mesh.root)
        for name in ("endpoint", "region", "access_key", "secret_key", "session_token")
        if (value := getattr(settings, name)) is not None
    }
    # A relative path on the command line is meant from where the command runs; one of weft.yaml from the mesh.
    if named is not None:
        return Store(open_place(named, options, Path.cwd()), lambda: workspace.vault)
    assert settings.to is not None
    to = resolve_secret(settings.to, workspace.environ, workspace.mesh.root)
    return Store(open_place(to, options, workspace.mesh.root), lambda: workspace.vault)


def retention_of(workspace: Workspace, keep: int | None, keep_for: str | None) -> Retention:
    """What a command says is kept, or else the environment.

    Raises:
        Problem: QUARANTINE016, an age that is none.
    """
    settings = workspace.environment.backup
    if keep is None and keep_for is None:
        keep, keep_for = settings.keep, settings.keep_for
        age = duration_of(keep_for, workspace.mesh.place) if keep_for else None
    else:
        age = duration_of(keep_for) if keep_for else None
    return Retention(keep, age)
