"""Import the schema of a Parquet file: types, nullability, field ids and what its metadata say."""

import io
from collections.abc import Mapping
from typing import Any

from weft.base.problem import Place
from weft.spec.formats.arrow_types import type_of_arrow
from weft.spec.formats.draft import custom, document, put, table, typed
from weft.spec.formats.notes import not_imported
from weft.spec.formats.source import Source
from weft.spec.sql_type import SqlType

_FIELD_ID = b"PARQUET:field_id"
_WORDS = (b"description", b"comment", b"doc")  # keys under which tools keep what a column means
_OF_TOOLS = (b"ARROW:", b"pandas", b"org.apache.spark", b"iceberg.", b"writer.", b"parquet.")


def is_parquet(source: Source) -> bool:
    """Whether a file begins as Parquet does."""
    return source.content[:4] == b"PAR1"


def read_parquet(source: Source) -> Mapping[str, Any]:
    """Read the schema; no row is looked at.

    Raises:
        Problem: FORMAT002 the file is no Parquet.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(source.file or io.BytesIO(source.content))
        str(schema)  # a damaged name or time zone shows only when it is looked at
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        what = "The file is not Parquet."
        raise source.problem("FORMAT002", what, found=type(error).__name__) from None
    reader = _Reader(source)
    made = table(source.stem, [reader.field(field, field.name) for field in schema])
    metadata = schema.metadata or {}
    put(made, description=_words(metadata))
    made["physicalType"] = "file"
    for key in metadata:
        if key not in _WORDS and not key.startswith(_OF_TOOLS):
            reader.lose(f'The file\'s own note "{key.decode(errors="replace")[:60]}" is not read.')
    return document(source.stem, [made])


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source

    def lose(self, what: str) -> None:
        """Note what is not carried over."""
        self.source.notes.append(not_imported(what, Place(self.source.path)))

    def field(self, field: Any, path: str) -> dict[str, Any]:
        """A field with its name."""
        return {"name": field.name, **self._column(field, path)}

    def _column(self, field: Any, path: str) -> dict[str, Any]:
        column = self._typed(field.type, path)
        if not field.nullable:
            column["required"] = True
        metadata = field.metadata or {}
        put(column, description=_words(metadata))
        if metadata.get(_FIELD_ID, b"").isdigit() and int(metadata[_FIELD_ID]) > 0:
            custom(column, "fieldId", int(metadata[_FIELD_ID]))
        return column

    def _typed(self, kind: Any, path: str) -> dict[str, Any]:
        import pyarrow as pa

        if pa.types.is_struct(kind):
            return {"logicalType": "object", "properties": [self.field(part, f"{path}.{part.name}") for part in kind]}
        if pa.types.is_map(kind):
            key = self._column(kind.key_field, f"{path}.key")
            key.pop("required", None)  # a key is never null
            return {"logicalType": "map", "map": {"key": key, "value": self._column(kind.item_field, f"{path}.value")}}
        if pa.types.is_list(kind) or pa.types.is_large_list(kind):
            return {"logicalType": "array", "items": self._column(kind.value_field, f"{path}.element")}
        if pa.types.is_fixed_size_list(kind):
            element = self._column(kind.value_field, f"{path}.element")
            column = {"logicalType": "array", "items": element}
            return column | {"logicalTypeOptions": {"minItems": kind.list_size, "maxItems": kind.list_size}}
        found, is_exact = type_of_arrow(kind)
        if found is None:
            self.lose(f"The type of {path} is not known, so it becomes a text: {kind}")
            return typed(SqlType("VARCHAR"))
        column = typed(found)
        if not is_exact:
            self.lose(f"The type of {path} becomes {found}, which is not quite {kind}.")
        return column


def _words(metadata: Mapping[bytes, bytes]) -> str | None:
    return next((metadata[key].decode(errors="replace") for key in _WORDS if metadata.get(key)), None)
