"""What of an earlier landing is still whole, so that `weft build --full` lands again what is damaged or gone.

Damaged tables are read again from their raw files. Damaged raw files come again from the source, where the source
gives all of itself each time; one that adds to what it gave before may not have the earlier content any more, and
what was landed of it is never given up: it needs a backup.
"""

from contextlib import suppress
from pathlib import Path

from weft.base.keys.vault import Vault
from weft.base.problem import Problem
from weft.base.stored_file import digest_in_name, sha256_of
from weft.ingest.landing import Landing, RawFile
from weft.ingest.sealed_files import sha256_of_plain
from weft.spec.making import Source


def whole_landing(source: Source, previous: Landing, vault: Vault | None) -> Landing | None:
    """The landing to go on from: the earlier one, or None where its source has to be read anew.

    Damaged tables are removed, so that landing makes them again.

    Args:
        source: as it is declared now.
        previous: what was landed of it last.
        vault: the keys of files that are encrypted.
    """
    damaged_raw = [raw for raw in previous.raw if not _is_whole_raw(raw, vault)]
    for path in previous.tables:
        if not _is_whole_table(Path(path)) and (not damaged_raw or _gives_all(source)):
            Path(path).unlink(missing_ok=True)
    return None if damaged_raw and _gives_all(source) else previous


def _gives_all(source: Source) -> bool:
    return source.load == "full" and source.cursor is None


def _is_whole_raw(raw: RawFile, vault: Vault | None) -> bool:
    with suppress(OSError, Problem):
        return sha256_of_plain(raw.path, vault) == raw.sha256
    return False


def _is_whole_table(path: Path) -> bool:
    wanted = digest_in_name(path)
    with suppress(OSError):
        return wanted is None or sha256_of(path) == wanted
    return False
