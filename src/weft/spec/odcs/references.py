"""Relationships of ODCS: who refers to which columns of which table.

A reference is written short (`customers.id`), in full (`/schema/customers/properties/id`, by `id` or `name`), or into
another contract (`../../customers/contracts/customers.yaml#/schema/...`). The last becomes the name of the port whose
contract the file is, so that later steps need not know where files lie.
"""

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from weft.base.names import PortName
from weft.base.problem import Problem
from weft.base.yaml_source import Key, YamlFile
from weft.spec.contract import Relationship
from weft.spec.custom_properties import custom_properties, text_of

_Keys = tuple[Key, ...]


class ReferenceReader:
    """Reads the relationships of one contract."""

    def __init__(self, file: YamlFile, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.names = _names_by_id(file.data)

    def of_table(self, value: Any, keys: _Keys, table: str) -> tuple[Relationship, ...]:
        """Those of a table, whose `from` is written."""
        read = (self._relationship(item, item_keys, item.get("from"), table) for item, item_keys in _items(value, keys))
        return tuple(relationship for relationship in read if relationship is not None)

    def of_column(self, value: Any, keys: _Keys, table: str, column: str) -> tuple[Relationship, ...]:
        """Those of a column, which is their `from`."""
        read = (
            self._relationship(item, item_keys, f"{table}.{column}", table) for item, item_keys in _items(value, keys)
        )
        return tuple(relationship for relationship in read if relationship is not None)

    def _relationship(self, item: Mapping[str, Any], keys: _Keys, source: Any, table: str) -> Relationship | None:
        sources = [self._resolve(text) for text in _texts(source)]
        targets = [self._resolve(text) for text in _texts(item.get("to"))]
        if not sources or not targets:
            return None  # the validation tells what is missing
        if None in sources or None in targets:
            unread = [text for text in (*_texts(source), *_texts(item.get("to"))) if self._resolve(text) is None]
            self._report(keys, "A reference names no column of a table.", ", ".join(unread))
            return None
        from_columns = tuple(column for found in sources if found for column in (found[1],))
        to_tables = {found[0] for found in targets if found}
        to_columns = tuple(found[1] for found in targets if found)
        if len(from_columns) != len(to_columns) or len(to_tables) != 1:
            self._report(
                keys,
                "A relationship must lead from as many columns as it leads to, of one table.",
                f"{len(from_columns)} to {len(to_columns)} columns, {len(to_tables)} tables",
            )
            return None
        foreign = {found[0] for found in sources if found} - {table}
        if foreign:
            self._report(keys, "A relationship's `from` names another table.", ", ".join(sorted(foreign)))
            return None
        custom = custom_properties(item.get("customProperties"))
        version = text_of(custom.get("contractVersion"))
        to_table = to_tables.pop() + (f"@{version}" if version else "")
        return Relationship(from_columns, to_table, to_columns, self.file.place(*keys), custom)

    def _resolve(self, reference: str) -> tuple[str, str] | None:
        """Table and column of a reference; None where it has another shape."""
        path, has_path, within = reference.rpartition("#")
        if has_path or "/" in within:
            parts = [part for part in within.split("/") if part]
            if len(parts) >= 4 and parts[0] != "schema" and not has_path and not within.startswith("/"):
                return "/".join(parts[:3]), ".".join(parts[3:])  # domain/product/port/column
            if len(parts) < 4 or parts[0] != "schema" or parts[2] != "properties":
                return None
            # An array's element is written items/<its id>, since names and ids come in pairs; as `element` without one.
            table_id, column_ids = parts[1], [part for part in parts[3:] if part not in ("properties", "items")]
            if has_path:
                return _table_of_other_contract(path, self.file.path, table_id), ".".join(column_ids)
            table = self.names.get((table_id,), table_id)
            return table, ".".join(self._column_names(table_id, column_ids))
        table, dot, column = reference.partition(".")
        return (table, column) if dot and column else None

    def _column_names(self, table_id: str, column_ids: list[str]) -> Iterator[str]:
        for depth, column_id in enumerate(column_ids, start=1):
            yield self.names.get((table_id, *column_ids[:depth]), column_id)

    def _report(self, keys: _Keys, what: str, found: str) -> None:
        self.problems.append(Problem("ODCS008", what, self.file.place(*keys), found=found))


def _table_of_other_contract(path: str, own_path: str, table: str) -> str:
    """The port whose contract is named, as `domain/product/port` with the table where it is named otherwise."""
    if "://" in path:
        return f"{path}#{table}"
    target = path if path.startswith("domains/") else posixpath.join(posixpath.dirname(own_path), path)
    parts = posixpath.normpath(target).split("/")
    is_named_after_table = contract_stem(parts[-1]) == table
    if len(parts) >= 5 and parts[-2] == "contracts" and parts[-5] == "domains" and is_named_after_table:
        return str(PortName(parts[-4], parts[-3], contract_stem(parts[-1])))
    return f"{posixpath.normpath(target)}#{table}"


def contract_stem(file_name: str) -> str:
    """The port that a contract's file is named after.

    >>> contract_stem("orders.yaml"), contract_stem("orders.odcs.yml")
    ('orders', 'orders')
    """
    stem = file_name.rsplit(".", 1)[0] if file_name.endswith((".yaml", ".yml")) else file_name
    return stem.removesuffix(".odcs")


def _names_by_id(document: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
    """Names of tables and columns by the path of their ids, or names where no id is given."""
    names: dict[tuple[str, ...], str] = {}

    def note(value: Any, above: tuple[str, ...]) -> None:
        for item, _ in _items(value, ()):
            name = text_of(item.get("name"))
            for known_as in {text_of(item.get("id")), name} - {None}:
                names[(*above, str(known_as))] = name or str(known_as)
                note_within(item, (*above, str(known_as)))

    def note_within(item: Mapping[str, Any], above: tuple[str, ...]) -> None:
        note(item.get("properties"), above)
        items = item.get("items")
        if isinstance(items, dict):
            name = text_of(items.get("name")) or "element"
            for known_as in {text_of(items.get("id")), name} - {None}:
                names[(*above, str(known_as))] = name
                note_within(items, (*above, str(known_as)))

    note(document.get("schema"), ())
    return names


def _items(value: Any, keys: _Keys) -> Iterator[tuple[Mapping[str, Any], _Keys]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield item, (*keys, index)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
