"""Export Protobuf, proto3: a message a table, nested messages for nested columns."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from weft.spec.formats.field_numbers import field_numbers
from weft.spec.formats.notes import not_exported
from weft.spec.formats.outgoing import Field, Outgoing, OutgoingTable

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SCALARS = {
    "DOUBLE": "double",
    "FLOAT": "float",
    "INTEGER": "int32",
    "BIGINT": "int64",
    "UINTEGER": "uint32",
    "UBIGINT": "uint64",
    "BOOLEAN": "bool",
    "VARCHAR": "string",
    "BLOB": "bytes",
}
_WIDENED = {**dict.fromkeys(("TINYINT", "SMALLINT"), "int32"), **dict.fromkeys(("UTINYINT", "USMALLINT"), "uint32")}
_MESSAGES = {
    "TIMESTAMP WITH TIME ZONE": ("google.protobuf.Timestamp", "google/protobuf/timestamp.proto"),
    "JSON": ("google.protobuf.Value", "google/protobuf/struct.proto"),
    "DATE": ("google.type.Date", "google/type/date.proto"),
    "TIME": ("google.type.TimeOfDay", "google/type/timeofday.proto"),
}
_INEXACT_MESSAGES = {
    "TIMESTAMP": _MESSAGES["TIMESTAMP WITH TIME ZONE"],
    "TIMESTAMP_NS": _MESSAGES["TIMESTAMP WITH TIME ZONE"],
    "INTERVAL": ("google.protobuf.Duration", "google/protobuf/duration.proto"),
}


def write_protobuf(contract: Outgoing) -> bytes:
    """Write the file; numbers of fields stay as they were where an import kept them."""
    writer = _Writer(contract)
    messages = [line for table in contract.tables for line in ["", *writer.message(table)]]
    head = ['syntax = "proto3";']
    package = next((p for t in contract.tables if isinstance(p := t.table.custom.get("package"), str)), None)
    if package:
        head += ["", f"package {package};"]
    imports = [f'import "{path}";' for path in sorted(writer.imports)]
    return ("\n".join([*head, *([""] if imports else []), *imports, *messages]) + "\n").encode()


class _Writer:
    def __init__(self, contract: Outgoing) -> None:
        self.contract = contract
        self.imports: set[str] = set()
        self._as_text: set[str] = set()  # paths whose allowed values are no words of an enum

    def message(self, table: OutgoingTable) -> Iterator[str]:
        """One table."""
        name = _message_name(table.name)
        if name != table.name:
            what = f'Messages are written as words with capitals, so the table {table.name} is called "{name}".'
            self.contract.notes.append(not_exported(what, self.contract.file.place(*table.keys)))
        yield from _comment(table.table.description, "")
        yield f"message {name} {{"
        yield from self._body(table.fields, "  ")
        yield "}"

    def _lose(self, field: Field, why: str) -> None:
        place = self.contract.file.place(*field.keys)
        self.contract.notes.append(not_exported(f"Protobuf does not carry all of {field.path}: {why}.", place))

    def _body(self, fields: tuple[Field, ...], indent: str) -> Iterator[str]:
        numbers = field_numbers(_siblings(fields), "fieldNumber")
        taken: set[str] = set()
        for field in fields:
            yield from self._inner_types(field, indent, taken)
            yield from _comment(field.column.description, indent)
            deprecated = " [deprecated = true]" if field.column.deprecated else ""
            name = _word(field.name)
            if name != field.name:
                self._lose(field, f'names are words of letters, so it is called "{name}"')
            yield f"{indent}{self._label_and_type(field)} {name} = {numbers[field.path]}{deprecated};"

    def _inner_types(self, field: Field, indent: str, taken: set[str]) -> Iterator[str]:
        inner = _innermost(field)
        if inner.kind.name == "STRUCT":
            yield f"{indent}message {_message_name(field.name)} {{"
            yield from self._body(inner.children, f"{indent}  ")
            yield f"{indent}}}"
        elif inner.column.enum is not None and inner.kind.name == "VARCHAR":
            yield from self._enum(field, inner, indent, taken)
        elif inner.column.enum is not None:
            self._lose(field, "only texts have a list of allowed values")

    def _enum(self, field: Field, inner: Field, indent: str, taken: set[str]) -> Iterator[str]:
        values = [str(value) for value in inner.column.enum or ()]
        zero = f"{_word(field.name).upper()}_UNSPECIFIED"
        if not _is_enum(inner) or taken & {*values, zero}:
            self._lose(field, "values of an enum are words that no other enum of the message has, so they are texts")
            self._as_text.add(field.path)
            return
        taken |= {*values, zero}
        yield f"{indent}enum {_message_name(field.name)} {{"
        for number, value in enumerate((zero, *values)):
            yield f"{indent}  {value} = {number};"
        yield f"{indent}}}"

    def _label_and_type(self, field: Field) -> str:
        kind = field.kind
        if kind.name in ("LIST", "ARRAY"):
            if not field.column.required:
                self._lose(field, "a list is never null")
            if not field.children[0].column.required:
                self._lose(field, "items are never null")
            if kind.size is not None:
                self._lose(field, "a list has no fixed length")
            return f"repeated {self._type(field, field.children[0])}"
        if kind.name == "MAP":
            return self._map(field)
        text = self._type(field, field)
        is_message = kind.name == "STRUCT" or kind.name in _MESSAGES or kind.name in _INEXACT_MESSAGES
        if is_message and field.column.required:
            self._lose(field, "a message may always be absent")
        return text if is_message or field.column.required else f"optional {text}"

    def _map(self, field: Field) -> str:
        key, value = field.children
        if not field.column.required or not value.column.required:
            self._lose(field, "a map and its values are never null")
        key_type = self._type(field, key)
        if key_type in ("float", "double", "bytes") or "." in key_type:
            self._lose(field, "keys of a map are texts or whole numbers")
            key_type = "string"
        return f"map<{key_type}, {self._type(field, value)}>"

    def _type(self, owner: Field, field: Field) -> str:
        kind = field.kind
        if kind.name == "STRUCT":
            return _message_name(owner.name)
        if kind.name in ("LIST", "ARRAY", "MAP"):
            self._lose(owner, "a list or a map within another is a text of JSON")
            return "string"
        if field.column.enum is not None and _is_enum(field) and owner.path not in self._as_text:
            return _message_name(owner.name)
        for known, is_exact in ((_MESSAGES, True), (_INEXACT_MESSAGES, False)):
            if kind.name in known:
                name, path = known[kind.name]
                self.imports.add(path)
                if not is_exact:
                    self._lose(owner, f"there is no type {kind}, so it is {name}")
                return name
        if kind.name in _SCALARS:
            return _SCALARS[kind.name]
        found = _WIDENED.get(kind.name, "string")
        self._lose(owner, f"there is no type {kind}, so it is {found}")
        return found


def _innermost(field: Field) -> Field:
    """The column that a list or the values of a map hold, else the column itself."""
    if field.kind.name in ("LIST", "ARRAY", "MAP") and field.children:
        return field.children[-1]
    return field


def _is_enum(field: Field) -> bool:
    values: Any = field.column.enum
    return field.kind.name == "VARCHAR" and all(isinstance(v, str) and _WORD.fullmatch(v) for v in values)


def _siblings(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """The fields without those below them, which have numbers of their own."""
    return tuple(replace(field, children=()) for field in fields)


def _comment(text: str | None, indent: str) -> Iterator[str]:
    for line in (text or "").splitlines():
        yield f"{indent}// {line}".rstrip()


def _word(name: str) -> str:
    word = re.sub(r"\W", "_", name, flags=re.ASCII)
    return word if _WORD.match(word) else f"f_{word}"


def _message_name(name: str) -> str:
    """The name of a message.

    >>> _message_name("order_items"), _message_name("Order")
    ('OrderItems', 'Order')
    """
    return "".join(part[:1].upper() + part[1:] for part in _word(name).split("_") if part) or "Message"
