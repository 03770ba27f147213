"""What a contract says and a format does not carry, found by walking the contract once."""

from collections.abc import Iterator, Mapping
from typing import Any

from weft.base.problem import Place, Problem
from weft.spec.formats.feature import Feature
from weft.spec.formats.notes import not_exported
from weft.spec.formats.outgoing import Field, Outgoing, every_field

_TOP = {
    Feature.TEAM: ("team", "roles"),
    Feature.SERVERS: ("servers",),
    Feature.SERVICE_LEVELS: ("slaProperties",),
    Feature.PRICE: ("price", "support"),
    Feature.CUSTOM: ("customProperties", "tags", "authoritativeDefinitions", "context"),
    Feature.PURPOSE: ("description",),
}
_TABLE = {
    Feature.DESCRIPTION: ("description",),
    Feature.TABLE_RULES: ("quality",),
    Feature.RELATIONSHIPS: ("relationships",),
    Feature.BUSINESS_NAME: ("businessName",),
    Feature.CUSTOM: ("customProperties", "tags", "authoritativeDefinitions", "synonyms", "context"),
}
_COLUMN = {
    Feature.DESCRIPTION: ("description",),
    Feature.REQUIRED: ("required",),
    Feature.UNIQUE: ("unique",),
    Feature.PRIMARY_KEY: ("primaryKey",),
    Feature.PARTITION: ("partitioned",),
    Feature.ENUM: ("enum",),
    Feature.EXAMPLES: ("examples",),
    Feature.BUSINESS_NAME: ("businessName",),
    Feature.DEPRECATED: ("deprecated",),
    Feature.CLASSIFICATION: ("classification", "criticalDataElement", "encryptedName"),
    Feature.COLUMN_RULES: ("quality",),
    Feature.RELATIONSHIPS: ("relationships",),
    Feature.CUSTOM: (
        *("tags", "authoritativeDefinitions", "synonyms"),
        *("transformSourceObjects", "transformLogic", "transformDescription"),
    ),
}
_OPTIONS = {
    Feature.LENGTH: ("minLength", "maxLength"),
    Feature.PATTERN: ("pattern", "format"),
    Feature.RANGE: ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    Feature.ITEMS: ("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
}


def losses(contract: Outgoing, title: str, carried: frozenset[Feature]) -> Iterator[Problem]:
    """One note for every part of the contract that a format does not carry."""
    file = contract.file

    def note(feature: Feature, subject: str, place: Place) -> Problem:
        return not_exported(f"{title} does not carry {subject}: {feature.value}.", place)

    for feature, keys in _TOP.items():
        for key in _said(file.data, keys):
            if feature not in carried:
                yield note(feature, f'"{key}" of the contract', file.place(key))
    for table in contract.tables:
        name = table.table.name
        for feature, keys in _TABLE.items():
            for key in _said(table.written, keys):
                if feature not in carried:
                    yield note(feature, f'"{key}" of {name}', file.place(*table.keys, key))
        for one in every_field(table.fields):
            for feature, key, at in _of_column(one):
                if feature not in carried:
                    yield note(feature, f'"{key}" of {name}.{one.path}', file.place(*one.keys, *at))


def _of_column(one: Field) -> Iterator[tuple[Feature, str, tuple[str, ...]]]:
    for feature, keys in _COLUMN.items():
        for key in _said(one.written, keys):
            yield feature, key, (key,)
    for feature, keys in _OPTIONS.items():
        for key in _said(one.options, keys):
            if key != "format" or one.kind.name == "VARCHAR":  # the width of a number is in its type
                yield feature, key, ("logicalTypeOptions", key)
    for name in one.column.custom:
        yield Feature.DEFAULT if name == "default" else Feature.CUSTOM, name, ("customProperties",)


def _said(written: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        value = written.get(key)
        if value is not None and value is not False and value not in ([], {}, ""):  # 0 says something
            yield key
