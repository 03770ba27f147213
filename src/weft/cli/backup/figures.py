"""How the commands of backups tell sizes and backups."""

from typing import TYPE_CHECKING, Any

from weft.base.counted import counted

if TYPE_CHECKING:
    from weft.workspace.backup.manifest import Manifest
    from weft.workspace.backup.retention import Pruned


def size(size_bytes: int) -> str:
    """Bytes as people read them.

    >>> size(512), size(1536), size(5 * 1024**3)
    ('512 B', '1.5 KB', '5.0 GB')
    """
    if size_bytes < 1024:
        return f"{size_bytes} B"
    power = min((size_bytes.bit_length() - 1) // 10, 4)
    return f"{size_bytes / 1024**power:.1f} {'KMGT'[power - 1]}B"


def backup_as_json(manifest: "Manifest") -> dict[str, Any]:
    """A backup for a machine."""
    return {
        "id": manifest.id,
        "at": manifest.at.isoformat(),
        "mesh": manifest.mesh,
        "environment": manifest.environment,
        "weft": manifest.weft,
        "storage": manifest.storage,
        "ports": {name: {"snapshot_id": p.snapshot_id, "rows": p.rows} for name, p in sorted(manifest.ports.items())},
        "rows": manifest.rows,
        "facts": manifest.facts,
        "ledger_head": {"position": manifest.ledger_position, "hash": manifest.ledger_hash},
        "files": manifest.file_count,
        "bytes": manifest.file_bytes,
        "new_objects": manifest.new_objects,
        "new_bytes": manifest.new_bytes,
    }


def backup_in_words(manifest: "Manifest") -> str:
    """What a backup holds."""
    return (
        f"{counted(len(manifest.ports), 'port')}, {counted(manifest.rows, 'row')}, {counted(manifest.facts, 'fact')}, "
        f"{counted(manifest.file_count, 'file')} of {size(manifest.file_bytes)}"
    )


def pruned_as_json(pruned: "Pruned") -> dict[str, Any]:
    """What a prune did, for a machine."""
    return {
        "removed": list(pruned.removed),
        "kept": list(pruned.kept),
        "objects": pruned.objects,
        "bytes": pruned.bytes,
        "waits": pruned.waits,
    }


def pruned_in_words(pruned: "Pruned", *, dry_run: bool = False) -> str:
    """What a prune did."""
    verb = "would go" if dry_run else "removed"
    lines = [
        f"{counted(len(pruned.removed), 'backup')} {verb}, {len(pruned.kept)} kept; "
        f"{counted(pruned.objects, 'object')} of {size(pruned.bytes)} {verb}"
    ]
    if pruned.waits:
        lines.append(f"Objects were left: {pruned.waits}.")
    return "\n".join(lines)
