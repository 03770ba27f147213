"""Queries that read Parquet files: by field id for published tables, by name for plain ones.

By field id is the only way that stays right when a table's columns changed over its life: a renamed column is still
found, and one that was dropped and added again under its old name does not show its former values. Matching by
name (`union_by_name`) gets both wrong without a word.
"""

from collections.abc import Mapping, Sequence

from weft.base.data_files import DataFiles
from weft.engine.quote import identifier, text, text_list


def scan_by_field_id(files: DataFiles) -> str:
    """The query for a published table; an empty relation of its columns when it has no file.

    Fields within a struct are matched by name: the lake gives a column a new id whenever a name within it
    changes its meaning, so that this is the same.
    """
    if not files.paths:
        return empty_relation({field.name: field.type for field in files.fields})
    fields = ", ".join(
        f"{field.field_id}: {{name: {text(field.name)}, type: {text(field.type)}, default_value: NULL}}"
        for field in files.fields
    )
    return f"SELECT * FROM read_parquet({text_list(files.paths)}, schema = MAP {{{fields}}})"


def plain_scan(paths: Sequence[str], columns: Mapping[str, str] | None = None) -> str:
    """The query for files that weft did not publish: columns by name, cast to `columns` where given."""
    scan = f"read_parquet({text_list(paths)}, union_by_name = {'true' if len(paths) > 1 else 'false'})"
    if not columns:
        return f"SELECT * FROM {scan}"
    casts = ", ".join(f"CAST({identifier(name)} AS {kind}) AS {identifier(name)}" for name, kind in columns.items())
    return f"SELECT {casts} FROM {scan}"


def empty_relation(columns: Mapping[str, str]) -> str:
    """The query for no rows of these columns.

    >>> empty_relation({"id": "BIGINT"})
    'SELECT CAST(NULL AS BIGINT) AS "id" WHERE false'
    """
    casts = ", ".join(f"CAST(NULL AS {kind}) AS {identifier(name)}" for name, kind in columns.items())
    return f"SELECT {casts or 'NULL'} WHERE false"
