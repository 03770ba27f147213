"""What is exported and imported again is the same contract, in all that the format carries both ways."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weft.base.yaml_source import YamlFile
from weft.spec.formats.draft import STANDARD, typed
from weft.spec.formats.export_contract import export_contract
from weft.spec.formats.feature import Feature
from weft.spec.formats.import_contract import import_contract
from weft.spec.formats.outgoing import Field, outgoing
from weft.spec.formats.registry import FORMATS
from weft.spec.formats.source import Source
from weft.spec.odcs.normalise import contract_of
from weft.spec.odcs.validate import validate_contract
from weft.spec.sql_type import SqlType, parse_type

_SCALARS = (
    *("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE"),
    *("DECIMAL(12,2)", "DECIMAL(38,0)", "VARCHAR", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE", "UUID"),
    *("BLOB", "JSON"),
)
# Types that a format widens or replaces, which it tells when it does.
_WIDER = {
    "protobuf": {
        **dict.fromkeys(("TINYINT", "SMALLINT"), "INTEGER"),
        "UTINYINT": "UINTEGER",
        "TIMESTAMP": "TIMESTAMP WITH TIME ZONE",
        **dict.fromkeys(("DECIMAL", "UUID"), "VARCHAR"),
    },
    "iceberg": {
        **dict.fromkeys(("TINYINT", "SMALLINT", "UTINYINT"), "INTEGER"),
        "UINTEGER": "BIGINT",
        "UBIGINT": "DECIMAL(20,0)",
        "JSON": "VARCHAR",
    },
    "parquet": {"JSON": "VARCHAR"},
}
_WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=6)
_PROSE = st.text("abc XYZ äß'\"<>&%0123456789.,;:-", min_size=1, max_size=20).map(str.strip).filter(bool)


@st.composite
def scalars(draw: st.DrawFn) -> dict[str, Any]:
    kind = parse_type(draw(st.sampled_from(_SCALARS)))
    assert kind is not None
    column = typed(kind)
    if draw(st.booleans()):
        column["required"] = True
    return column


@st.composite
def promises(draw: st.DrawFn, column: dict[str, Any]) -> dict[str, Any]:
    logical, options = column["logicalType"], dict(column.get("logicalTypeOptions", {}))
    if draw(st.booleans()):
        column["description"] = draw(_PROSE)
    if logical in ("integer", "number") and draw(st.booleans()):
        options["minimum"] = draw(st.integers(-9, 0))
        options[draw(st.sampled_from(("maximum", "exclusiveMaximum")))] = draw(st.integers(1, 99))
    if column.get("physicalType") == "VARCHAR":
        if draw(st.booleans()):
            column["enum"] = [{"value": value} for value in draw(st.lists(_WORDS, min_size=1, max_size=3, unique=True))]
        elif draw(st.booleans()):
            options |= {"minLength": draw(st.integers(0, 3)), "maxLength": draw(st.integers(4, 9))}
    if options:
        column["logicalTypeOptions"] = options
    if draw(st.booleans()):
        column["unique"] = True
    return column


@st.composite
def nested(draw: st.DrawFn) -> dict[str, Any]:
    match draw(st.sampled_from(("struct", "list", "map", "list of struct"))):
        case "list":
            return {"logicalType": "array", "items": draw(scalars())}
        case "map":
            return {"logicalType": "map", "map": {"key": typed(SqlType("VARCHAR")), "value": draw(scalars())}}
        case "struct":
            return {"logicalType": "object", "properties": draw(named(scalars()))}
    return {"logicalType": "array", "items": {"logicalType": "object", "properties": draw(named(scalars()))}}


@st.composite
def named(draw: st.DrawFn, columns: Any, **sizes: int) -> list[dict[str, Any]]:
    names = draw(st.lists(_WORDS, min_size=1, max_size=4, unique=True))
    return [{"name": name, **draw(columns)} for name in names]


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    columns = draw(named(st.one_of(scalars().flatmap(promises), scalars().flatmap(promises), nested())))
    if draw(st.booleans()) and "physicalType" in columns[0] and columns[0]["physicalType"] in ("BIGINT", "VARCHAR"):
        columns[0] |= {"primaryKey": True, "primaryKeyPosition": 1, "required": True}
    table = {"name": draw(_WORDS), "properties": columns}
    if draw(st.booleans()):
        table["description"] = draw(_PROSE)
    document = {"apiVersion": STANDARD, "kind": "DataContract", "id": "c", "version": "1.0.0", "schema": [table]}
    assert validate_contract(YamlFile("c.yaml", document)) == []
    return document


def told(document: Any, name: str) -> list[Any]:
    """What a contract says in the words that a format carries both ways."""
    both = FORMATS[name].imports & FORMATS[name].exports
    file = YamlFile("c.yaml", document)
    contract, problems = contract_of(file)
    assert problems == []
    (table,) = outgoing(file, contract, None, None).tables
    about = [table.table.description] if Feature.DESCRIPTION in both and name != "iceberg" else []
    return about + [said(field, both, name, is_top=True) for field in table.fields]


def said(field: Field, both: frozenset[Feature], name: str, *, is_top: bool) -> Any:
    column, options = field.column, field.options
    kind = field.kind
    children = [said(child, both, name, is_top=False) for child in field.children]
    is_flat = name in ("sql", "dbt") and not is_top  # they say only the types of nested columns
    parts: dict[str, Any] = {"name": field.name if kind.name or is_top else None, "children": children}
    wider = _WIDER.get(name, {}).get(kind.name, str(kind))
    if not children:
        parts["type"] = wider
    if is_flat:
        return parts
    is_scalar = not children and wider in ("BOOLEAN", "INTEGER", "BIGINT", "DOUBLE", "VARCHAR")
    if Feature.REQUIRED in both and (name != "protobuf" or (is_scalar and is_top)):
        parts["required"] = column.required
    if Feature.DESCRIPTION in both and is_top:
        parts["description"] = column.description
    if Feature.ENUM in both:
        parts["enum"] = column.enum
    if Feature.UNIQUE in both and not children:
        parts["unique"] = column.unique and column.primary_key_position is None
    if Feature.PRIMARY_KEY in both:
        parts["key"] = column.primary_key_position
    if Feature.LENGTH in both:
        parts["lengths"] = [options.get(key) for key in ("minLength", "maxLength")]
    if Feature.RANGE in both and kind.name in ("BIGINT", "DOUBLE", "DECIMAL", "FLOAT"):
        parts["range"] = [options.get(key) for key in ("minimum", "maximum", "exclusiveMaximum")]
    return parts


@pytest.mark.parametrize("name", [name for name, entry in FORMATS.items() if entry.read and entry.write])
@given(document=documents())
@settings(max_examples=15, deadline=None)
def test_what_is_exported_is_read_again(name, document):
    exported = export_contract(YamlFile("c.yaml", document), name)
    imported = import_contract(Source("c", exported.content), name)
    assert told(imported.document, name) == told(document, name)
    assert imported.document["schema"][0]["name"] == document["schema"][0]["name"] or name in (
        "protobuf",
        "parquet",
        "iceberg",
    )


@pytest.mark.parametrize("name", [name for name, entry in FORMATS.items() if entry.read and entry.write])
@given(document=documents())
@settings(max_examples=3, deadline=None)
def test_the_format_of_an_export_is_found_again(name, document):
    exported = export_contract(YamlFile("c.yaml", document), name)
    path = f"c{FORMATS[name].endings[0]}"
    assert import_contract(Source(path, exported.content)).format.name == name
