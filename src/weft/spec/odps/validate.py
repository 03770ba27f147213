"""Whether a document is a data product by ODPS 0.9.0, 1.0.0 or 1.1.0.

There is no package for this standard; the models beside this file accept and refuse what the official JSON schemas
do, which the tests show on mutated documents. As each official schema also takes documents that are marked with an
older version, a document counts as valid when its own version or the newest one takes it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from weft.base.problem import Problem
from weft.base.yaml_source import Key, YamlFile
from weft.spec.standard_break import Break, BreakKind, problems_of, shown, type_name

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from weft.spec.odps.element import Element

VERSIONS = ("v0.9.0", "v1.0.0", "v1.1.0")
NEWEST = "v1.1.0"


def validate_product(file: YamlFile) -> list[Problem]:
    """Every break of the standard, at its place; empty where the document is valid."""
    version = file.at("apiVersion")
    own = version if version in VERSIONS else NEWEST
    breaks = breaks_of(file.data, own)
    if breaks and own != NEWEST and not breaks_of(file.data, NEWEST):
        return []
    return problems_of(breaks, file, "ODPS")


def breaks_of(document: Any, version: str) -> list[Break]:
    """How a document breaks one version of the standard.

    >>> breaks_of({"apiVersion": "v1.1.0", "kind": "DataProduct", "id": 7}, "v1.1.0")[0].expected
    'a text'
    """
    from pydantic import ValidationError

    try:
        model_of(version).model_validate(document)
    except ValidationError as error:
        return [_break(detail, document, version) for detail in error.errors(include_url=False)]
    return []


def model_of(version: str) -> "type[Element]":
    """The typed model of one version.

    Raises:
        KeyError: there is no such version.
    """
    from weft.spec.odps import v0_9, v1_0, v1_1

    models: dict[str, type[Element]] = {
        "v0.9.0": v0_9.DataProduct,
        "v1.0.0": v1_0.DataProduct,
        "v1.1.0": v1_1.DataProduct,
    }
    return models[version]


_EXPECTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping",
}


def _break(detail: "ErrorDetails", document: Any, version: str) -> Break:
    keys: tuple[Key, ...] = tuple(detail["loc"])
    kind = detail["type"]
    if kind == "extra_forbidden":
        return Break(BreakKind.UNKNOWN_KEY, keys, known=_known_keys(keys[:-1], version))
    if kind == "missing":
        return Break(BreakKind.MISSING_KEY, keys, known=_known_keys(keys[:-1], version))
    if kind == "literal_error":
        words = tuple(word.strip("'") for word in str(detail["ctx"]["expected"]).replace(" or ", ", ").split(", "))
        value = detail["input"]
        return Break(BreakKind.WRONG_WORD, keys, found=shown(value), known=words)
    return Break(BreakKind.WRONG_TYPE, keys, found=type_name(detail["input"]), expected=_EXPECTED.get(kind))


def _known_keys(keys: tuple[Key, ...], version: str) -> tuple[str, ...]:
    """The keys that an object at some path may have."""
    from pydantic import BaseModel

    model: Any = model_of(version)
    for key in keys:
        if isinstance(key, int):
            continue
        annotation = next(
            (info.annotation for info in model.model_fields.values() if info.alias == key),
            None,
        )
        inner = getattr(annotation, "__args__", None)
        model = inner[0] if inner else annotation
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            return ()
    fields: Mapping[str, Any] = model.model_fields
    return tuple(info.alias or name for name, info in fields.items())
