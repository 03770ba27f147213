"""Import Protobuf: messages that no other message holds become tables, their fields columns."""

import re
from collections.abc import Mapping
from typing import Any

from weft.base.problem import Place, Problem
from weft.spec.formats.draft import custom, document, enum_of, no_rows_rule, put, table, typed
from weft.spec.formats.notes import not_imported
from weft.spec.formats.protobuf_options import deprecated, promises_of_options
from weft.spec.formats.protobuf_syntax import parse_protobuf, words_of
from weft.spec.formats.source import Source
from weft.spec.formats.sql_conditions import quoted
from weft.spec.sql_type import SqlType

_SCALARS = {
    "double": "DOUBLE",
    "float": "FLOAT",
    **dict.fromkeys(("int32", "sint32", "sfixed32"), "INTEGER"),
    **dict.fromkeys(("int64", "sint64", "sfixed64"), "BIGINT"),
    **dict.fromkeys(("uint32", "fixed32"), "UINTEGER"),
    **dict.fromkeys(("uint64", "fixed64"), "UBIGINT"),
    "bool": "BOOLEAN",
    "string": "VARCHAR",
    "bytes": "BLOB",
}
_KNOWN_MESSAGES = {
    "google.protobuf.Timestamp": "TIMESTAMP WITH TIME ZONE",
    "google.protobuf.Duration": "INTERVAL",
    "google.protobuf.DoubleValue": "DOUBLE",
    "google.protobuf.FloatValue": "FLOAT",
    "google.protobuf.Int64Value": "BIGINT",
    "google.protobuf.UInt64Value": "UBIGINT",
    "google.protobuf.Int32Value": "INTEGER",
    "google.protobuf.UInt32Value": "UINTEGER",
    "google.protobuf.BoolValue": "BOOLEAN",
    "google.protobuf.StringValue": "VARCHAR",
    "google.protobuf.BytesValue": "BLOB",
    "google.protobuf.Struct": "JSON",
    "google.protobuf.Value": "JSON",
    "google.protobuf.ListValue": "JSON",
    "google.protobuf.Any": "JSON",
    "google.type.Date": "DATE",
    "google.type.TimeOfDay": "TIME",
    "google.type.Decimal": "VARCHAR",
}
_MESSAGE = re.compile(r"^\s*(syntax\s*=|message\s+\w+\s*\{)", re.MULTILINE)


def is_protobuf(source: Source) -> bool:
    """Whether a file looks like Protobuf."""
    try:
        return bool(_MESSAGE.search(source.text))
    except Problem:
        return False


def read_protobuf(source: Source) -> Mapping[str, Any]:
    """Read every message that is no part of another.

    Raises:
        Problem: FORMAT002 it does not parse, FORMAT004 a message holds itself, FORMAT005 a type is not known.
    """
    reader = _Reader(source, parse_protobuf(source))
    return document(source.stem, reader.tables())


class _Reader:
    def __init__(self, source: Source, tree: Any) -> None:
        from proto_schema_parser import ast

        self.source = source
        self.tree = tree
        self.is_explicit = tree.syntax != "proto3"  # a field without a label may be absent
        self.package = next((part.name for part in tree.file_elements if isinstance(part, ast.Package)), "")
        self.messages: dict[str, Any] = {}
        self.enums: dict[str, Any] = {}
        self.comments: dict[str, list[str]] = {}
        self._note_types(tree.file_elements, "")

    def _lose(self, what: str, *words: str) -> None:
        place = Place(self.source.path, self.source.line_of(*words))
        self.source.notes.append(not_imported(what, place))

    def _note_types(self, elements: list[Any], above: str) -> None:
        from proto_schema_parser import ast

        comments: list[str] = []
        for part in elements:
            if isinstance(part, ast.Comment):
                comments.append(part.text)
                continue
            if isinstance(part, ast.Message | ast.Enum):
                name = f"{above}.{part.name}" if above else part.name
                self.comments[name] = comments
                if isinstance(part, ast.Message):
                    self.messages[name] = part
                    self._note_types(part.elements, name)
                else:
                    self.enums[name] = part
            elif isinstance(part, ast.Service | ast.Extension):
                self._lose("A service or an extension says nothing about rows.", getattr(part, "name", "extend"))
            comments = []

    def tables(self) -> list[dict[str, Any]]:
        """The messages that stand at the top and are no part of another."""
        held = {name for path in self.messages for name in self._held_by(path)}
        roots = [name for name in self.messages if "." not in name and name not in held]
        if not roots and self.messages:  # a circle, which the reading names
            roots = [name for name in self.messages if "." not in name][:1]
        made = []
        for name in roots:
            one = table(name, [])
            one["properties"] = self._fields(name, (name,), one)
            put(one, description=words_of(self.comments[name]))
            if self.package:
                custom(one, "package", self.package)
            if one["properties"]:
                made.append(one)
            else:
                self._lose(f'The message "{name}" has no fields, so it is no table.', f"message {name}")
        return made

    def _held_by(self, path: str) -> set[str]:
        from proto_schema_parser import ast

        names: set[str] = set()
        for part in self.messages[path].elements:
            fields = part.elements if isinstance(part, ast.OneOf) else [part]
            for field in fields:
                kind = getattr(field, "type", None) or getattr(field, "value_type", None)
                found = self._find(kind, path, self.messages) if kind else None
                if found is not None and found != path:
                    names.add(found)
        return names

    def _find(self, kind: str, path: str, among: Mapping[str, Any]) -> str | None:
        """The full name of a type as it is seen from a message: its own, then those around it."""
        name = kind.removeprefix(".").removeprefix(f"{self.package}.") if self.package else kind.removeprefix(".")
        scopes = path.split(".")
        for depth in range(len(scopes), -1, -1):
            full = ".".join([*scopes[:depth], name])
            if full in among:
                return full
        return None

    def _fields(self, path: str, stack: tuple[str, ...], owner: dict[str, Any] | None) -> list[dict[str, Any]]:
        from proto_schema_parser import ast

        columns: list[dict[str, Any]] = []
        comments: list[str] = []
        for part in self.messages[path].elements:
            if isinstance(part, ast.Comment):
                if part.inline and columns and "description" not in columns[-1]:
                    put(columns[-1], description=words_of([part.text]))
                elif not part.inline:
                    comments.append(part.text)
                continue
            if isinstance(part, ast.OneOf):
                columns += self._one_of(part, path, stack, owner)
            elif isinstance(part, ast.Field | ast.MapField | ast.Group):
                column = self._field(part, path, stack)
                columns.append(put(column, description=words_of(comments)))
            elif isinstance(part, ast.Reserved | ast.ExtensionRange):
                self._lose(f"Numbers and names that {path} keeps free say nothing about rows.", f"message {path}")
            comments = []
        return columns

    def _one_of(
        self, part: Any, path: str, stack: tuple[str, ...], owner: dict[str, Any] | None
    ) -> list[dict[str, Any]]:
        from proto_schema_parser import ast

        columns = [self._field(f, path, stack) for f in part.elements if isinstance(f, ast.Field | ast.Group)]
        for column in columns:
            column.pop("required", None)
        if owner is None:
            self._lose(f'That at most one of "{part.name}" in {path} is set is not carried over.', part.name)
        elif len(columns) > 1:
            given = " + ".join(f"CAST({quoted(column['name'])} IS NOT NULL AS INTEGER)" for column in columns)
            rule = no_rows_rule(f"one_of_{part.name}", f"{given} <= 1", "At most one of these columns has a value.")
            put(owner, quality=[rule])
        return columns

    def _field(self, part: Any, path: str, stack: tuple[str, ...]) -> dict[str, Any]:
        from proto_schema_parser import ast

        full = f"{path}.{part.name}"
        if isinstance(part, ast.MapField):
            value = self._type(part.value_type, path, full, stack)[0]
            key = self._type(part.key_type, path, full, stack)[0]
            column = {"logicalType": "map", "map": {"key": key, "value": {**value, "required": True}}, "required": True}
        elif isinstance(part, ast.Group):
            self._lose(f"The group {full} is read as a message.", part.name)
            self.messages[full] = part
            column = {"logicalType": "object", "properties": self._fields(full, (*stack, full), None)}
        else:
            column = self._labelled(part, path, full, stack)
        column = {"name": part.name, **column}
        for option in getattr(part, "options", ()):
            self._option(option, column, full)
        custom(column, "fieldNumber", part.number)
        return column

    def _labelled(self, part: Any, path: str, full: str, stack: tuple[str, ...]) -> dict[str, Any]:
        column, has_value = self._type(part.type, path, full, stack)
        label = str(getattr(part.cardinality, "value", part.cardinality or ""))
        if label == "REPEATED":
            return {"logicalType": "array", "items": {**column, "required": True}, "required": True}
        if label == "REQUIRED" or (not label and has_value and not self.is_explicit):
            column["required"] = True  # proto3: a scalar without a label always has a value
        return column

    def _option(self, option: Any, column: dict[str, Any], full: str) -> None:
        if option.name == "deprecated":
            put(column, deprecated=deprecated(option))
        elif option.name == "default":
            custom(column, "default", option.value)
        elif option.name in ("json_name", "packed"):
            custom(column, option.name, option.value)
        elif not promises_of_options(option, column):
            self._lose(f"The option {option.name} of {full} has no words in a contract.", full.rpartition(".")[2])

    def _type(self, kind: str, path: str, full: str, stack: tuple[str, ...]) -> tuple[dict[str, Any], bool]:
        """The keys of a type, and whether a field of it always has a value where nothing else is said."""
        if kind in _SCALARS:
            return typed(SqlType(_SCALARS[kind])), True
        known = kind.removeprefix(".")
        if known in _KNOWN_MESSAGES:
            return typed(SqlType(_KNOWN_MESSAGES[known])), False
        enum = self._find(kind, path, self.enums)
        if enum is not None:
            return self._enum(enum), True
        found = self._find(kind, path, self.messages)
        if found is None:
            raise self.source.problem(
                "FORMAT005",
                f"{full} has a type that the file does not define.",
                line=self.source.line_of(kind),
                found=kind,
                fix="Put the message that is imported into the file.",
            )
        if found in stack:
            raise self.source.problem(
                "FORMAT004",
                "The message holds itself, and a table cannot.",
                line=self.source.line_of(f"message {found.rpartition('.')[2]}"),
                found=" -> ".join((*stack, found)),
            )
        column = {"logicalType": "object", "properties": self._fields(found, (*stack, found), None)}
        return put(column, description=words_of(self.comments.get(found, []))), False

    def _enum(self, name: str) -> dict[str, Any]:
        from proto_schema_parser import ast

        values = [value for value in self.enums[name].elements if isinstance(value, ast.EnumValue)]
        # The zero that style guides ask for stands for "not said"; it is no value that a row should have.
        said = [v.name for v in values if not (v.number == 0 and v.name.upper().endswith("UNSPECIFIED"))]
        return put(typed(SqlType("VARCHAR")), enum=enum_of(said))
