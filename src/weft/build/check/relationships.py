"""Relationships: what a row refers to is there, in the published rows of another port or of the same table.

As in SQL, a key with a NULL in it refers to nothing. Custom properties of a relationship: `severity`, `quarantine`.
"""

from collections.abc import Iterator

from weft.build.check.column_value import ColumnValue, value_at
from weft.build.check.promise import Promise, ReferencePromise, Unchecked
from weft.spec.contract import Contract, Relationship, Table
from weft.spec.contract_walk import relationships_of
from weft.spec.relationship_target import is_outside_mesh


def relationships(
    table: Table, contract: Contract, values: tuple[ColumnValue, ...], own_names: frozenset[str]
) -> Iterator[Promise]:
    """One promise a relationship.

    Args:
        table: of the contract.
        contract: its other tables say how their columns are stored.
        values: the columns of the table.
        own_names: names by which a relationship means this very table.
    """
    for relationship in relationships_of(table):
        yield _promise(relationship, contract, values, own_names)


def _promise(
    relationship: Relationship, contract: Contract, values: tuple[ColumnValue, ...], own_names: frozenset[str]
) -> Promise:
    rule = f"{', '.join(relationship.from_columns)}.relationship"
    severity = str(relationship.custom.get("severity", "error"))
    found = [value_at(values, name) for name in relationship.from_columns]
    if None in found:
        return Unchecked(
            rule=rule,
            kind="relationship",
            place=relationship.place,
            columns=relationship.from_columns,
            severity=severity,
            reason="Its columns are none whose value can be computed.",
            blocks=True,
        )
    asked = relationship.custom.get("quarantine")
    return ReferencePromise(
        rule=rule,
        kind="relationship",
        place=relationship.place,
        columns=relationship.from_columns,
        severity=severity,
        keys=tuple(value.expression for value in found if value is not None),
        to_table=relationship.to_table,
        to_columns=_stored_names(relationship, contract),
        is_to_itself=relationship.to_table in own_names,
        is_outside_mesh=is_outside_mesh(relationship.to_table),
        holds_back=severity == "error" and asked is not False,
    )


def _stored_names(relationship: Relationship, contract: Contract) -> tuple[str, ...]:
    target = next((t for t in contract.tables if relationship.to_table in (t.name, t.physical_name)), None)
    columns = [target.column(name) if target else None for name in relationship.to_columns]
    return tuple(c.stored_name if c else n for c, n in zip(columns, relationship.to_columns, strict=True))
