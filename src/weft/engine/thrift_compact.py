"""Thrift's compact protocol, in which Parquet writes its footer and page headers: read into plain values and back.

The protocol tells the type of everything, so no schema is needed: what is not understood here goes back as it came.
Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from dataclasses import dataclass
from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
_MORE = 0x80
_LONG_LIST = 15


@dataclass(slots=True)
class Field:
    """One field of a struct: a number, its type, and a number, bytes, a list or a struct."""

    id: int
    type: int
    value: Any


@dataclass(slots=True)
class Items:
    """A list: the type of its elements, and these."""

    type: int
    values: list[Any]


Struct = list[Field]


def value_of(struct: Struct, field_id: int) -> Any:
    """The value of one field, or None."""
    return next((field.value for field in struct if field.id == field_id), None)


def change(struct: Struct, field_id: int, value: int) -> None:
    """Put another number into a field that is there."""
    next(field for field in struct if field.id == field_id).value = value


def read_struct(content: "bytes | memoryview", position: int) -> tuple[Struct, int]:
    """Read a struct; returns it and the position behind it.

    Raises:
        ValueError: this is no such struct.
        IndexError: it ends too early.
    """
    fields: Struct = []
    last = 0
    while True:
        head = content[position]
        position += 1
        if head == 0:
            return fields, position
        kind, delta = head & 0x0F, head >> 4
        if delta:
            last += delta
        else:
            number, position = _read_varint(content, position)
            last = _signed(number)
        value, position = _read(content, position, kind)
        fields.append(Field(last, kind, value))


def write_struct(struct: Struct, out: bytearray) -> None:
    """Append a struct to bytes."""
    last = 0
    for field in struct:
        delta = field.id - last
        if 0 < delta <= 15:
            out.append(delta << 4 | field.type)
        else:
            out.append(field.type)
            _write_varint(_unsigned(field.id), out)
        last = field.id
        _write(field.type, field.value, out)
    out.append(0)


def _read(content: "bytes | memoryview", position: int, kind: int) -> tuple[Any, int]:
    if kind in (I16, I32, I64):
        number, position = _read_varint(content, position)
        return _signed(number), position
    if kind == BINARY:
        length, position = _read_varint(content, position)
        return bytes(content[position : position + length]), position + length
    if kind == STRUCT:
        return read_struct(content, position)
    if kind in (LIST, SET):
        return _read_items(content, position)
    if kind in (TRUE, FALSE):
        return None, position  # the type says it
    if kind == BYTE:
        return content[position], position + 1
    if kind == DOUBLE:
        return bytes(content[position : position + 8]), position + 8
    raise ValueError(f"type {kind} is not known in Parquet's metadata")


def _read_items(content: "bytes | memoryview", position: int) -> tuple[Items, int]:
    head = content[position]
    position += 1
    kind, count = head & 0x0F, head >> 4
    if count == _LONG_LIST:
        count, position = _read_varint(content, position)
    values = []
    for _ in range(count):
        if kind in (TRUE, FALSE):  # within a list a byte each
            value: Any = content[position]
            position += 1
        else:
            value, position = _read(content, position, kind)
        values.append(value)
    return Items(kind, values), position


def _write(kind: int, value: Any, out: bytearray) -> None:
    if kind in (I16, I32, I64):
        _write_varint(_unsigned(value), out)
    elif kind == BINARY:
        _write_varint(len(value), out)
        out += value
    elif kind == STRUCT:
        write_struct(value, out)
    elif kind in (LIST, SET):
        count = len(value.values)
        out.append(min(count, _LONG_LIST) << 4 | value.type)
        if count >= _LONG_LIST:
            _write_varint(count, out)
        for item in value.values:
            if value.type in (TRUE, FALSE):
                out.append(item)
            else:
                _write(value.type, item, out)
    elif kind == BYTE:
        out.append(value)
    elif kind == DOUBLE:
        out += value


def _read_varint(content: "bytes | memoryview", position: int) -> tuple[int, int]:
    byte = content[position]
    if byte < _MORE:
        return byte, position + 1
    number, shift = byte & 0x7F, 7
    while True:
        position += 1
        byte = content[position]
        number |= (byte & 0x7F) << shift
        if byte < _MORE:
            return number, position + 1
        shift += 7


def _write_varint(number: int, out: bytearray) -> None:
    while number >= _MORE:
        out.append(number & 0x7F | _MORE)
        number >>= 7
    out.append(number)


def _signed(number: int) -> int:
    return number >> 1 ^ -(number & 1)


def _unsigned(number: int) -> int:
    return number << 1 if number >= 0 else (-number << 1) - 1
