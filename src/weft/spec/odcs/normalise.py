"""From an ODCS document of any 3.x version to a `Contract`.

Works from the document itself rather than from the standard's Python model, which drops unknown keys and knows no
lines. It takes what is well formed and leaves the rest to the validation, so that one mistake hides no other.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from weft.base.problem import Problem
from weft.base.yaml_source import Key, YamlFile
from weft.spec.contract import Column, Contract, QualityRule, ServiceLevel, Table
from weft.spec.custom_properties import custom_properties, purpose_of, text_of, texts_of
from weft.spec.odcs.quality import quality_rules
from weft.spec.odcs.references import ReferenceReader

_Keys = tuple[Key, ...]


def contract_of(file: YamlFile, standard_version: str | None = None) -> tuple[Contract, list[Problem]]:
    """The contract that a document of ODCS declares.

    Args:
        file: the document; its data must be a mapping.
        standard_version: what to note as its version, where it was converted from another specification.

    Returns:
        The contract, and the problems that only show while reading, such as a relationship that leads nowhere.
    """
    reader = _Reader(file)
    return reader.contract(standard_version), reader.problems


class _Reader:
    def __init__(self, file: YamlFile) -> None:
        self.file = file
        self.data: Mapping[str, Any] = file.data
        self.problems: list[Problem] = []
        self.references = ReferenceReader(file, self.problems)

    def contract(self, standard_version: str | None) -> Contract:
        data = self.data
        version = standard_version or text_of(data.get("apiVersion")) or ""
        return Contract(
            id=text_of(data.get("id")) or "",
            version=text_of(data.get("version")) or "",
            place=self.file.place("id") if "id" in data else self.file.place(),
            path=self.file.path,
            standard_version=version,
            document=data,
            name=text_of(data.get("name")),
            status=text_of(data.get("status")),
            domain=text_of(data.get("domain")),
            data_product=text_of(data.get("dataProduct")),
            description=purpose_of(data.get("description")),
            tables=tuple(self._table(item, keys) for item, keys in _mappings(data.get("schema"), ("schema",))),
            service_levels=tuple(
                self._service_level(item, keys)
                for item, keys in _mappings(data.get("slaProperties"), ("slaProperties",))
            ),
            tags=texts_of(data.get("tags")),
            custom=custom_properties(data.get("customProperties")),
        )

    def _table(self, item: Mapping[str, Any], keys: _Keys) -> Table:
        name = text_of(item.get("name")) or ""
        taken: set[str] = set()  # names of rules are unique within the table
        properties = self._columns(item.get("properties"), (*keys, "properties"), name, taken)
        written = [property for property, _ in _mappings(item.get("properties"), keys)]
        is_measure = [property.get("semanticType") == "measure" for property in written]
        return Table(
            name=name,
            place=self.file.place(*keys),
            columns=tuple(c for c, measure in zip(properties, is_measure, strict=True) if not measure),
            measures=tuple(c for c, measure in zip(properties, is_measure, strict=True) if measure),
            physical_name=text_of(item.get("physicalName")),
            description=text_of(item.get("description")),
            quality=self._rules(item, keys, None, taken),
            relationships=self.references.of_table(item.get("relationships"), (*keys, "relationships"), name),
            id=text_of(item.get("id")),
            tags=texts_of(item.get("tags")),
            custom=custom_properties(item.get("customProperties")),
        )

    def _columns(self, value: Any, keys: _Keys, table: str, taken: set[str], path: str = "") -> tuple[Column, ...]:
        columns: list[Column] = []
        key_columns = 0
        for item, item_keys in _mappings(value, keys):
            key_columns += item.get("primaryKey") is True
            columns.append(self._column(item, item_keys, table, taken, path, key_columns))
        return tuple(columns)

    def _column(
        self,
        item: Mapping[str, Any],
        keys: _Keys,
        table: str,
        taken: set[str],
        path: str,
        position: int,
        name: str = "",
    ) -> Column:
        name = text_of(item.get("name")) or name
        full_name = f"{path}.{name}" if path else name
        logical_type = text_of(item.get("logicalType"))
        options = item.get("logicalTypeOptions")
        items = item.get("items")
        properties = self._columns(item.get("properties"), (*keys, "properties"), table, taken, full_name)
        if isinstance(item.get("map"), dict):
            properties = self._map_entry(item["map"], (*keys, "map"), table, taken, full_name)
        return Column(
            name=name,
            place=self.file.place(*keys),
            logical_type=logical_type,
            logical_type_options=options if isinstance(options, dict) else {},
            physical_type=text_of(item.get("physicalType")),
            physical_name=text_of(item.get("physicalName")),
            description=text_of(item.get("description")),
            business_name=text_of(item.get("businessName")),
            required=item.get("required") is True,
            unique=item.get("unique") is True,
            primary_key_position=_position(item, "primaryKey", "primaryKeyPosition", position),
            partition_key_position=_position(item, "partitioned", "partitionKeyPosition", 1),
            classification=text_of(item.get("classification")),
            tags=texts_of(item.get("tags")),
            enum=_enum(item.get("enum")),
            transform_source_objects=texts_of(item.get("transformSourceObjects")),
            quality=self._rules(item, keys, full_name, taken),
            relationships=self.references.of_column(
                item.get("relationships"), (*keys, "relationships"), table, full_name
            ),
            properties=properties,
            items=self._column(items, (*keys, "items"), table, taken, full_name, 1, "element")
            if isinstance(items, dict)
            else None,
            id=text_of(item.get("id")),
            deprecated=item.get("deprecated") is True,
            custom=custom_properties(item.get("customProperties")),
        )

    def _map_entry(
        self, entry: Mapping[str, Any], keys: _Keys, table: str, taken: set[str], path: str
    ) -> tuple[Column, ...]:
        """A map's key and value as two nested columns of these names."""
        return tuple(
            self._column({**entry[part], "name": part}, (*keys, part), table, taken, path, 1)
            for part in ("key", "value")
            if isinstance(entry.get(part), dict)
        )

    def _rules(
        self, item: Mapping[str, Any], keys: _Keys, column: str | None, taken: set[str]
    ) -> tuple[QualityRule, ...]:
        return quality_rules(self.file, item.get("quality"), (*keys, "quality"), column, taken, self.problems)

    def _service_level(self, item: Mapping[str, Any], keys: _Keys) -> ServiceLevel:
        return ServiceLevel(
            property=text_of(item.get("property")) or "",
            value=item.get("value"),
            place=self.file.place(*keys),
            unit=text_of(item.get("unit")),
            element=text_of(item.get("element")) or text_of(self.data.get("slaDefaultElement")),
            driver=text_of(item.get("driver")),
            scheduler=text_of(item.get("scheduler")),
            schedule=text_of(item.get("schedule")),
            value_ext=item.get("valueExt"),
            custom=custom_properties(item.get("customProperties")),
        )


def _mappings(value: Any, keys: _Keys) -> Iterator[tuple[Mapping[str, Any], _Keys]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield item, (*keys, index)


def _position(item: Mapping[str, Any], flag: str, position: str, default: int) -> int | None:
    """The standard writes -1 for "no part of the key", and lets the position of a key column be left out."""
    if item.get(flag) is not True:
        return None
    value = item.get(position)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else default


def _enum(value: Any) -> tuple[Any, ...] | None:
    if not isinstance(value, list):
        return None
    return tuple(item.get("value") if isinstance(item, dict) else item for item in value)
