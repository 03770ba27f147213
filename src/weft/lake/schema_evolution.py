"""How the columns of a table change from one publication to the next.

A column is its id. It keeps it while its name (or a rename) and a compatible type say that it is the same; one whose
type changed otherwise, or out of whose struct a field was taken, is a new column with a new id. So older snapshots
stay readable, and data of a dropped column never shows up under a new one of the same name.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence

from weft.base.data_files import Field
from weft.lake.type_map import field_of, storable
from weft.spec.sql_type import SqlType, parse_type


def evolve(
    current: Sequence[Field],
    last_id: int,
    columns: Mapping[str, str],
    renames: Mapping[str, str] | None = None,
) -> tuple[Field, ...]:
    """The fields of a table's next publication, in the order of `columns`.

    Args:
        current: fields that readers see today; empty before the first publication.
        last_id: the highest id that this table ever gave; retired ids count.
        columns: new name -> DuckDB type.
        renames: new name -> present name.

    Raises:
        Problem: LAKE004, a type that cannot be stored.

    >>> before = evolve((), 0, {"id": "INTEGER", "note": "VARCHAR"})
    >>> [(f.name, f.type, f.field_id) for f in evolve(before, 2, {"id": "BIGINT", "day": "DATE"})]
    [('id', 'BIGINT', 1), ('day', 'DATE', 3)]
    """
    fresh = itertools.count(last_id + 1)
    kinds = {name: storable(name, text) for name, text in columns.items()}
    kept = _kept_fields(current, kinds, renames or {})
    # Ids are given level by level, as Iceberg gives them to a new table: first all columns, then what is within.
    top_ids = {name: kept[name].field_id if name in kept else next(fresh) for name in kinds}
    return tuple(_field(name, kind, kept.get(name), top_ids[name], fresh) for name, kind in kinds.items())


def _kept_fields(
    current: Sequence[Field], kinds: Mapping[str, SqlType], renames: Mapping[str, str]
) -> dict[str, Field]:
    by_name = {field.name: field for field in current}
    by_folded_name = {field.name.casefold(): field for field in current}  # SQL does not tell Total from total
    kept: dict[str, Field] = {}
    for name, kind in kinds.items():
        wanted = renames.get(name, name)
        field = by_name.get(wanted) or by_folded_name.get(wanted.casefold())
        if field is not None and can_become(_type_of(field), kind):
            kept[name] = field
    return kept


def can_become(before: SqlType, after: SqlType) -> bool:
    """Whether files written with one type can be read as the other without loss.

    >>> can_become(SqlType("INTEGER"), SqlType("BIGINT")), can_become(SqlType("BIGINT"), SqlType("INTEGER"))
    (True, False)
    """
    if before.name == "STRUCT" and after.name == "STRUCT":
        later = dict(after.fields)
        return all(name in later and can_become(kind, later[name]) for name, kind in before.fields)
    if before.name == after.name == "MAP":
        return before.fields[0] == after.fields[0] and can_become(before.fields[1][1], after.fields[1][1])
    if before.name == after.name == "LIST":
        return can_become(before.fields[0][1], after.fields[0][1])
    if before.name == after.name == "DECIMAL":
        return before.scale == after.scale and (before.precision or 0) <= (after.precision or 0)
    return before == after or (before.name, after.name) in {("INTEGER", "BIGINT"), ("FLOAT", "DOUBLE")}


def replaced_names(current: Sequence[Field], new: Sequence[Field]) -> list[str]:
    """Columns that took over the name of another: rows written before read as NULL in them."""
    names, ids = {field.name for field in current}, {field.field_id for field in current}
    return [field.name for field in new if field.name in names and field.field_id not in ids]


def _field(name: str, kind: SqlType, kept: Field | None, field_id: int, fresh: Iterator[int]) -> Field:
    kept_children = {child.name: child for child in kept.children} if kept else {}
    ids = [kept_children[child].field_id if child in kept_children else next(fresh) for child, _ in kind.fields]
    children = tuple(
        _field(child, child_kind, kept_children.get(child), child_id, fresh)
        for (child, child_kind), child_id in zip(kind.fields, ids, strict=True)
    )
    return field_of(name, kind, field_id, children)


def _type_of(field: Field) -> SqlType:
    kind = parse_type(field.type)
    assert kind is not None, "types of stored fields were made by `storable`"
    return kind
