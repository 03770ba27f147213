"""`primaryKey` and `unique`: no two rows agree in the key."""

from collections.abc import Iterator

from weft.build.check.column_value import ColumnValue, value_at
from weft.build.check.promise import KeyPromise
from weft.spec.contract import Table


def uniqueness(table: Table, values: tuple[ColumnValue, ...]) -> Iterator[KeyPromise]:
    """The primary key as a whole, and each column that is unique by itself."""
    keyed = [column for column in table.columns if column.primary_key_position is not None]
    keyed.sort(key=lambda column: column.primary_key_position or 0)
    parts = [value for column in keyed if (value := value_at(values, column.name)) is not None]
    if parts:
        yield KeyPromise(
            rule="primaryKey",
            kind="primaryKey",
            place=keyed[0].place,
            columns=tuple(part.path for part in parts),
            keys=tuple(part.expression for part in parts),
        )
    for column, value in zip(table.columns, values, strict=True):
        if column.unique and keyed != [column]:  # a key of this column alone says the same
            yield KeyPromise(
                rule=f"{column.name}.unique",
                kind="unique",
                place=column.place,
                columns=(column.name,),
                keys=(value.expression,),
            )
