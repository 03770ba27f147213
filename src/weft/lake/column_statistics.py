"""What Iceberg notes of a data file: its counts, sizes and bounds by column, read from the Parquet footer.

PyIceberg can do this too (`pyiceberg.io.pyarrow.parquet_file_to_data_file`, and the tests hold the two together), but
its module takes more than a second to import, pandas included, which a build of one small table would feel most.
Here columns are matched by their position, so that a name with a dot in it is a name like any other.
"""

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from weft.base.data_files import Field, WrittenFile

if TYPE_CHECKING:
    from pyarrow.parquet import ColumnChunkMetaData, FileMetaData
    from pyiceberg.manifest import DataFile
    from pyiceberg.schema import Schema
    from pyiceberg.types import PrimitiveType

_ENCRYPTED_MAGIC = b"PARE"  # how a Parquet file ends whose footer is encrypted
_ABSENT_WHERE_ENCRYPTED = (
    "column_sizes",
    "value_counts",
    "null_value_counts",
    "nan_value_counts",
    "lower_bounds",
    "upper_bounds",
    "split_offsets",
    "key_metadata",
    "equality_ids",
    "sort_order_id",
)
_BOUND_LENGTH = 16  # of texts and blobs, as Iceberg's default truncate(16)


def data_file(file: WrittenFile, fields: Sequence[Field], schema: "Schema") -> "DataFile":
    """The entry of one file in a manifest.

    Args:
        file: a file that was written with these fields.
        fields: the columns, in the file's order.
        schema: the same as PyIceberg has them.
    """
    from pyarrow.parquet import read_metadata
    from pyiceberg.manifest import DataFile, DataFileContent, FileFormat
    from pyiceberg.typedef import Record

    if _is_encrypted(file.path):
        # Its footer says nothing without a key; and bounds are values, which a manifest would show in clear.
        return DataFile.from_args(
            content=DataFileContent.DATA,
            file_path=file.path,
            file_format=FileFormat.PARQUET,
            partition=Record(),
            record_count=file.rows,
            file_size_in_bytes=file.size_bytes,
            **dict.fromkeys(_ABSENT_WHERE_ENCRYPTED),  # type: ignore[arg-type]  # they may all be absent
        )
    footer: FileMetaData = read_metadata(file.path)
    leaves = list(_leaves(fields))
    assert footer.num_columns == len(leaves), f"{file.path} holds {footer.num_columns} columns, not {len(leaves)}"
    columns = [
        _ColumnStatistics(
            leaf.field_id,
            schema.find_type(leaf.field_id),  # type: ignore[arg-type]  # leaves are primitive
            [footer.row_group(group).column(position) for group in range(footer.num_row_groups)],
            has_bounds=leaf in fields,
        )
        for position, leaf in enumerate(leaves)
    ]
    return DataFile.from_args(
        content=DataFileContent.DATA,
        file_path=file.path,
        file_format=FileFormat.PARQUET,
        partition=Record(),
        record_count=footer.num_rows,
        file_size_in_bytes=file.size_bytes,
        column_sizes={column.field_id: column.size_bytes for column in columns},
        value_counts={column.field_id: column.values for column in columns},
        null_value_counts={column.field_id: n for column in columns if (n := column.nulls) is not None},
        nan_value_counts={},
        lower_bounds={column.field_id: bound for column in columns if (bound := column.lower_bound()) is not None},
        upper_bounds={column.field_id: bound for column in columns if (bound := column.upper_bound()) is not None},
        split_offsets=sorted(_first_offset(footer, group) for group in range(footer.num_row_groups)),
        key_metadata=None,
        equality_ids=None,
        sort_order_id=None,
    )


def _is_encrypted(path: str) -> bool:
    with open(path, "rb") as file:  # noqa: PTH123 - called for every file of every publication
        file.seek(-len(_ENCRYPTED_MAGIC), os.SEEK_END)
        return file.read() == _ENCRYPTED_MAGIC


class _ColumnStatistics:
    """One leaf column of a file over all of its row groups."""

    def __init__(
        self, field_id: int, kind: "PrimitiveType", chunks: "list[ColumnChunkMetaData]", *, has_bounds: bool
    ) -> None:
        self.field_id = field_id
        self.size_bytes = sum(chunk.total_compressed_size for chunk in chunks)
        self.values = sum(chunk.num_values for chunk in chunks)
        self._kind = kind
        found = [chunk.statistics for chunk in chunks if chunk.is_stats_set]
        is_whole = len(found) == len(chunks)
        self.nulls = (
            sum(one.null_count for one in found) if is_whole and all(one.has_null_count for one in found) else None
        )
        filled = [one for chunk, one in zip(chunks, found, strict=False) if one.null_count < chunk.num_values]
        # A row group that has values but no bounds (a NaN among them) leaves the whole file without.
        known = has_bounds and is_whole and self.nulls is not None and all(one.has_min_max for one in filled)
        self._least = min((self._value(one.min_raw) for one in filled), default=None) if known else None
        self._most = max((self._value(one.max_raw) for one in filled), default=None) if known else None

    def lower_bound(self) -> bytes | None:
        """The least value, texts and blobs cut short."""
        return (
            None if self._least is None else self._bytes(self._least[:_BOUND_LENGTH] if self._is_cut else self._least)
        )

    def upper_bound(self) -> bytes | None:
        """The greatest value; texts and blobs cut short and then counted up, so that nothing is above it."""
        from pyiceberg.utils.truncate import truncate_upper_bound_binary_string, truncate_upper_bound_text_string

        most = self._most
        if isinstance(most, str):
            most = truncate_upper_bound_text_string(most, _BOUND_LENGTH)
        elif self._is_cut and most is not None:
            most = truncate_upper_bound_binary_string(most, _BOUND_LENGTH)
        return None if most is None else self._bytes(most)

    @property
    def _is_cut(self) -> bool:
        return str(self._kind) in ("string", "binary")

    def _value(self, raw: Any) -> Any:
        """A value that compares as its type does; dates and times stay the numbers that both formats store."""
        from pyiceberg.types import DecimalType

        if isinstance(self._kind, DecimalType):
            return int.from_bytes(raw, "big", signed=True) if isinstance(raw, bytes) else raw
        return raw.decode() if str(self._kind) == "string" else raw

    def _bytes(self, value: Any) -> bytes:
        from pyiceberg.conversions import to_bytes
        from pyiceberg.types import DecimalType
        from pyiceberg.utils.decimal import unscaled_to_decimal

        if isinstance(self._kind, DecimalType):
            value = unscaled_to_decimal(value, self._kind.scale)
        return to_bytes(self._kind, value)


def _leaves(fields: Sequence[Field]) -> Iterator[Field]:
    """The columns that hold values, in the order that Parquet stores them."""
    for field in fields:
        if field.children:
            yield from _leaves(field.children)
        else:
            yield field


def _first_offset(footer: "FileMetaData", group: int) -> int:
    """Where a row group begins."""
    column = footer.row_group(group).column(0)
    data = int(column.data_page_offset)
    return min(int(column.dictionary_page_offset), data) if column.has_dictionary_page else data
