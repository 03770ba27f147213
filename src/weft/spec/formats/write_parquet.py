"""Export a Parquet file without rows: its schema is the contract's."""

import io
from typing import Any

from weft.spec.formats.arrow_types import arrow_of_type
from weft.spec.formats.field_numbers import field_numbers
from weft.spec.formats.notes import not_exported
from weft.spec.formats.outgoing import Field, Outgoing


def write_parquet(contract: Outgoing) -> bytes:
    """Write the file.

    Raises:
        Problem: FORMAT009 the contract has several tables.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    one = contract.one_table
    numbers = field_numbers(one.fields, "fieldId")
    about = {b"description": one.table.description.encode()} if one.table.description else None
    schema = pa.schema([_field(contract, field, field.name, numbers) for field in one.fields], metadata=about)
    stream = io.BytesIO()
    with pq.ParquetWriter(stream, schema):
        pass  # no rows; an empty table would need an array of every type, and Arrow has none of some
    return stream.getvalue()


def _field(contract: Outgoing, field: Field, name: str, numbers: dict[str, int]) -> Any:
    import pyarrow as pa

    metadata = {b"PARQUET:field_id": str(numbers[field.path]).encode()}
    if field.column.description:
        metadata[b"description"] = field.column.description.encode()
    return pa.field(name, _type(contract, field, numbers), nullable=not field.column.required, metadata=metadata)


def _type(contract: Outgoing, field: Field, numbers: dict[str, int]) -> Any:
    import pyarrow as pa

    kind = field.kind
    if kind.name == "STRUCT":
        return pa.struct([_field(contract, child, child.name, numbers) for child in field.children])
    if kind.name in ("LIST", "ARRAY"):
        element = _field(contract, field.children[0], "element", numbers)
        return pa.list_(element, kind.size) if kind.size else pa.list_(element)
    if kind.name == "MAP":
        key, value = field.children
        key_field = _field(contract, key, "key", numbers).with_nullable(False)
        return pa.map_(key_field, _field(contract, value, "value", numbers))
    found, is_exact = arrow_of_type(kind)
    if not is_exact:
        place = contract.file.place(*field.keys)
        what = f"Parquet has no type {kind}, so {field.path} is written as {found}."
        contract.notes.append(not_exported(what, place))
    return found
