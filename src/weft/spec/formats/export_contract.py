"""Export a contract: prepare it, write it in a format, and tell what the format could not carry."""

from dataclasses import dataclass

from weft.base.problem import Problem, Problems, errors_of
from weft.base.yaml_source import YamlFile, mapping_of
from weft.spec.formats.format import Format
from weft.spec.formats.losses import losses
from weft.spec.formats.outgoing import outgoing
from weft.spec.formats.registry import EXPORTED, format_named
from weft.spec.load_contract import as_odcs
from weft.spec.odcs.normalise import contract_of
from weft.spec.odcs.validate import validate_contract


@dataclass(frozen=True)
class Exported:
    """A contract in a format, and notes of what it could not carry."""

    content: bytes
    format: Format
    notes: tuple[Problem, ...]


def export_contract(
    file: YamlFile, format_name: str, *, table: str | None = None, dialect: str | None = None
) -> Exported:
    """Write a contract in another format.

    Args:
        file: a document of ODCS 3.0, 3.1 or 3.2, or of the Data Contract Specification.
        format_name: one of `EXPORTED`.
        table: the only table to export; None exports all.
        dialect: of SQL.

    Raises:
        Problem: FORMAT001 there is no such format, FORMAT009 the contract does not fit it.
        Problems: the contract breaks the standard.
    """
    chosen = format_named(format_name, EXPORTED)
    data, problems = mapping_of(file)
    if not data:
        raise Problems(problems or [Problem("FORMAT003", "The file is empty.", file.place())])
    odcs, version, warnings = as_odcs(file)
    broken = errors_of([*problems, *validate_contract(odcs)])
    if broken:
        raise Problems(broken)
    contract, more = contract_of(odcs, version)
    if errors := errors_of(more):
        raise Problems(errors)
    prepared = outgoing(odcs, contract, table, dialect, needs_columns=chosen.needs_columns)
    assert chosen.write is not None
    content = chosen.write(prepared)
    notes = [*warnings, *losses(prepared, chosen.title, chosen.exports), *prepared.notes]
    return Exported(content, chosen, tuple(dict.fromkeys(notes)))
