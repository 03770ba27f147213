"""Relationships: what a row refers to is there, in the published rows of another port or of the same table.

As in SQL, a key with a NULL in it refers to nothing. Of a list, each element refers. Custom properties of a
relationship: `severity`, `quarantine`, `contractVersion`.
"""

from collections.abc import Iterator, Mapping

from weft.build.check.column_value import ColumnValue, Located, column_values, locate, value_at
from weft.build.check.promise import Promise, ReferencePromise, Unchecked
from weft.engine.quote import identifier
from weft.spec.contract import Contract, Relationship, Table
from weft.spec.contract_walk import named_path, relationships_of
from weft.spec.relationship_target import is_outside_mesh


def relationships(
    table: Table,
    contract: Contract,
    values: tuple[ColumnValue, ...],
    own_names: frozenset[str],
    tables: Mapping[str, Table],
) -> Iterator[Promise]:
    """One promise a relationship.

    Args:
        table: of the contract.
        contract: its other tables say how their columns are stored.
        values: the columns of the table.
        own_names: names by which a relationship means this very table.
        tables: tables of other contracts by `Relationship.to_table`, which say how their columns are stored.
    """
    known = {name: one for one in contract.tables for name in (one.name, one.physical_name) if name} | dict(tables)
    for relationship in relationships_of(table):
        target = table if relationship.to_table in own_names else known.get(relationship.to_table)
        yield _promise(relationship, table, target, values, own_names)


def _promise(
    relationship: Relationship,
    table: Table,
    target: Table | None,
    values: tuple[ColumnValue, ...],
    own_names: frozenset[str],
) -> Promise:
    found = [locate(values, named_path(table, name) or name) for name in relationship.from_columns]
    if None in found:
        return _unchecked(relationship, "Its columns are none whose value can be computed.")
    keys = [located for located in found if located is not None]
    is_within_list = any(located.all_of_row is not None for located in keys)
    if is_within_list and len(keys) > 1:
        return _unchecked(relationship, "A key of several columns is looked up only where none lies within a list.")
    columns = [_stored(target, name) for name in relationship.to_columns]
    if None in columns:
        return _unchecked(relationship, "It leads to a column whose value cannot be computed.")
    severity = _severity(relationship)
    return ReferencePromise(
        rule=_rule(relationship),
        kind="relationship",
        place=relationship.place,
        columns=relationship.from_columns,
        severity=severity,
        keys=tuple(_key(located) for located in keys),
        to_table=relationship.to_table,
        to_columns=tuple(str(column) for column in columns),
        is_to_itself=relationship.to_table in own_names,
        is_outside_mesh=is_outside_mesh(relationship.to_table),
        is_within_list=is_within_list,
        holds_back=severity == "error" and relationship.custom.get("quarantine") is not False,
    )


def _key(located: Located) -> str:
    return located.value.expression if located.all_of_row is None else located.all_of_row


def _stored(target: Table | None, name: str) -> str | None:
    """SQL of a column over the rows of the table that is led to; None where it lies within a list there."""
    if target is None:
        return identifier(name)
    path = named_path(target, name)
    if path is None:
        return identifier(name)  # the rules of the mesh tell that it is unknown
    value = value_at(column_values(target, {}), path)
    return None if value is None else value.expression


def _rule(relationship: Relationship) -> str:
    return f"{', '.join(relationship.from_columns)}.relationship"


def _severity(relationship: Relationship) -> str:
    asked = relationship.custom.get("severity")
    return str(asked) if asked in ("warning", "info") else "error"


def _unchecked(relationship: Relationship, reason: str) -> Unchecked:
    return Unchecked(
        rule=_rule(relationship),
        kind="relationship",
        place=relationship.place,
        columns=relationship.from_columns,
        severity=_severity(relationship),
        reason=reason,
        blocks=True,
    )
