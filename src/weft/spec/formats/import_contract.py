"""Import a contract: find the format, read it, and give a document that is valid by the standard."""

import stat
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from weft.base.problem import Place, Problem, Problems
from weft.base.yaml_source import YamlFile
from weft.spec.formats.format import Format
from weft.spec.formats.registry import IMPORTED, detected, format_named
from weft.spec.formats.source import MAX_BYTES, Source
from weft.spec.odcs.validate import validate_contract

_PARQUET = b"PAR1"


@dataclass(frozen=True)
class Imported:
    """A contract as ODCS 3.2, and notes of what it could not carry over."""

    document: Mapping[str, Any]
    format: Format
    notes: tuple[Problem, ...]


def import_contract(source: Source, format_name: str | None = None) -> Imported:
    """Read a contract from another format.

    Args:
        source: the file.
        format_name: its format; None finds it by content and name.

    Raises:
        Problem: the file is not of that format, is empty, or holds what cannot be a contract.
        Problems: the same, several at once.
    """
    chosen = format_named(format_name, IMPORTED) if format_name else detected(source)
    if not source.content.strip():
        raise Problem("FORMAT003", "The file is empty.", Place(source.path))
    assert chosen.read is not None
    try:
        document = chosen.read(source)
    except RecursionError:
        raise Problem(
            "FORMAT002", f"The file is not {chosen.title}: it nests too deeply.", Place(source.path)
        ) from None
    if chosen.needs_columns and not any(table.get("properties") for table in document.get("schema", ())):
        what = f"The file declares no table with columns in {chosen.title}."
        raise Problem("FORMAT003", what, Place(source.path))
    broken = validate_contract(YamlFile(source.path, document))
    if broken:
        raise Problems(broken)
    return Imported(document, chosen, tuple(dict.fromkeys(source.notes)))


def read_source(path: Path, shown_as: str, dialect: str | None = None) -> Source:
    """The content of a file.

    Raises:
        Problem: FORMAT006 it cannot be read.
    """
    where = Place(shown_as)
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Problem("FORMAT006", "The file cannot be read: it is no file.", where)
        if _is_parquet(path):  # its schema is a few bytes at the end
            return Source(shown_as, _PARQUET, dialect, path)
        if found.st_size > MAX_BYTES:
            raise Problem("FORMAT006", "The file is too large to be a schema.", where, expected="64 MB at most")
        return Source(shown_as, path.read_bytes(), dialect, path)
    except OSError as error:
        raise Problem("FORMAT006", "The file cannot be read.", where, found=error.strerror) from None


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == _PARQUET


def named(imported: Imported, *, contract_id: str | None, version: str | None) -> Imported:
    """The same under another id or version.

    Raises:
        Problems: the standard does not take them.
    """
    document = dict(imported.document)
    document |= {key: value for key, value in (("id", contract_id), ("version", version)) if value}
    broken = validate_contract(YamlFile("contract", document))
    if broken:
        raise Problems(broken)
    return replace(imported, document=document)
