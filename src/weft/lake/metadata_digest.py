"""The digest of a metadata file, kept beside it: a flipped bit in a name or number would be read as another one.

Iceberg names its metadata files before their content is known, so the digest cannot stand in the name. A file without
one was written by another tool, or just before a power cut; it is read as it is.
"""

import hashlib
import re
from pathlib import Path

from weft.base.stored_file import damaged_file

SUFFIX = ".sha256"
_DIGEST = re.compile(rb"[0-9a-f]{64}")


def digest_path(file: Path) -> Path:
    """Where the digest of a file is kept."""
    return file.with_name(file.name + SUFFIX)


def keep_digest(file: Path, digest: str) -> None:
    """Keep a digest; it is not synced, since without it the file only goes unchecked."""
    digest_path(file).write_text(digest, encoding="ascii")


def is_damaged(file: Path, content: bytes) -> bool:
    """Whether content is known to differ from what was written."""
    try:
        wanted = digest_path(file).read_bytes()
    except OSError:
        return False
    return bool(_DIGEST.fullmatch(wanted)) and wanted.decode() != hashlib.sha256(content).hexdigest()


def read_checked(file: Path) -> bytes:
    """The content of a metadata file.

    Raises:
        Problem: FILE001, it is not what was written.
        OSError: it cannot be read.
    """
    content = file.read_bytes()
    if is_damaged(file, content):
        raise damaged_file(file, "A metadata file of a published table is not what was written.")
    return content
