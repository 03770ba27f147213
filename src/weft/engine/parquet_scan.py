"""Queries that read Parquet files: by field id for published tables, by name for plain ones.

By field id is the only way that stays right when a table's columns changed over its life: a renamed column is still
found, and one that was dropped and added again under its old name does not show its former values. Matching by
name (`union_by_name`) gets both wrong without a word.
"""

from collections.abc import Mapping, Sequence

from weft.base.data_files import DataFiles
from weft.engine.keyed_paths import KeyedPaths
from weft.engine.quote import identifier, text, text_list


def scan_by_field_id(files: DataFiles, groups: Sequence[KeyedPaths] | None = None) -> str:
    """The query for a published table; an empty relation of its columns when it has no file.

    Fields within a struct are matched by name: the lake gives a column a new id whenever a name within it
    changes its meaning, so that this is the same.

    Args:
        files: the table.
        groups: its files by key, where some are encrypted.
    """
    if not files.paths:
        return empty_relation({field.name: field.type for field in files.fields})
    fields = ", ".join(
        f"{field.field_id}: {{name: {text(field.name)}, type: {text(field.type)}, default_value: NULL}}"
        for field in files.fields
    )
    scans = [_scan(group, f"schema = MAP {{{fields}}}") for group in groups or [KeyedPaths(files.paths, None)]]
    return " UNION ALL ".join(f"SELECT * FROM {scan}" for scan in scans)


def plain_scan(groups: Sequence[KeyedPaths], columns: Mapping[str, str] | None = None) -> str:
    """The query for files that weft did not publish: columns by name, cast to `columns` where given."""
    by_name = any(len(group.paths) > 1 for group in groups)
    scan = scan_of(groups, f"union_by_name = {'true' if by_name else 'false'}")
    if not columns:
        return f"SELECT * FROM {scan}"
    casts = ", ".join(f"CAST({identifier(name)} AS {kind}) AS {identifier(name)}" for name, kind in columns.items())
    return f"SELECT {casts} FROM {scan}"


def scan_of(groups: Sequence[KeyedPaths], options: str = "") -> str:
    """What stands behind FROM to read files; columns of files under different keys are matched by name.

    >>> scan_of([KeyedPaths(("a.parquet",), None)], "filename = true")
    "read_parquet(['a.parquet'], filename = true)"
    >>> scan_of([KeyedPaths(("a.parquet",), None), KeyedPaths(("b.parquet",), "1-a")])
    "(SELECT * FROM read_parquet(['a.parquet']) UNION ALL BY NAME SELECT * FROM \
read_parquet(['b.parquet'], encryption_config = {footer_key: '1-a'}))"
    """
    scans = [_scan(group, options) for group in groups]
    return scans[0] if len(scans) == 1 else f"({' UNION ALL BY NAME '.join(f'SELECT * FROM {scan}' for scan in scans)})"


def _scan(group: KeyedPaths, options: str) -> str:
    key = f"encryption_config = {{footer_key: {text(group.key)}}}" if group.key else ""
    return f"read_parquet({', '.join(part for part in (text_list(group.paths), options, key) if part)})"


def empty_relation(columns: Mapping[str, str]) -> str:
    """The query for no rows of these columns.

    >>> empty_relation({"id": "BIGINT"})
    'SELECT CAST(NULL AS BIGINT) AS "id" WHERE false'
    """
    casts = ", ".join(f"CAST(NULL AS {kind}) AS {identifier(name)}" for name, kind in columns.items())
    return f"SELECT {casts or 'NULL'} WHERE false"
