"""From the errors of a JSON schema validator to breaks that a person can act on.

A validator says "is not valid under any of the given schemas"; here the branch that the author most likely meant is
taken, and keys are named only where no part of the schema that applies knows them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft201909Validator
from jsonschema.exceptions import ValidationError

from weft.base.yaml_source import Key
from weft.spec.standard_break import Break, BreakKind, shown, type_name

_TYPE_WORDS = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}
_UNKNOWN_KEY_KEYWORDS = ("additionalProperties", "unevaluatedProperties")


def schema_breaks(document: Any, schema: Mapping[str, Any]) -> list[Break]:
    """How a document breaks a schema; empty where it keeps it."""
    validator = Draft201909Validator(schema)
    errors = list(validator.iter_errors(document))
    breaks = [found for error in errors for found in _breaks(error, validator)]
    if errors and not breaks:  # only echoes were left: better to say one of them than nothing
        breaks = [_other(errors[0])]
    return breaks


def _breaks(error: ValidationError, validator: Draft201909Validator) -> Iterator[Break]:
    keys: tuple[Key, ...] = tuple(error.absolute_path)
    keyword: Any = error.validator
    value: Any = error.validator_value
    instance: Any = error.instance
    if keyword in ("anyOf", "oneOf"):
        yield from _of_branches(error, validator)
    elif keyword in _UNKNOWN_KEY_KEYWORDS and isinstance(instance, dict):
        known = _known_keys(error.schema, instance, validator)
        for key in instance:
            if key not in known:
                yield Break(BreakKind.UNKNOWN_KEY, (*keys, key), known=tuple(sorted(known)))
    elif keyword == "required":
        known = _known_keys(error.schema, instance, validator)
        for key in value:
            if key not in instance:
                yield Break(BreakKind.MISSING_KEY, (*keys, key), known=tuple(sorted(known)))
    elif keyword == "type":
        wanted = value if isinstance(value, list) else [value]
        expected = _type_words(wanted)
        found = shown(instance) if "integer" in wanted and isinstance(instance, float) else type_name(instance)
        yield Break(BreakKind.WRONG_TYPE, keys, found=found, expected=expected)
    elif keyword in ("enum", "const"):
        words = value if keyword == "enum" else [value]
        yield Break(BreakKind.WRONG_WORD, keys, found=shown(instance), known=tuple(str(word) for word in words))
    elif keyword == "not" and isinstance(value, dict) and "required" in value:
        for key in value["required"]:
            yield Break(BreakKind.OTHER, (*keys, key), f'"{key}" must not stand here.', expected="at the table only")
    else:
        yield _other(error)


def _other(error: ValidationError) -> Break:
    keys: tuple[Key, ...] = tuple(error.absolute_path)
    name = next((f'"{key}"' for key in reversed(keys) if isinstance(key, str)), "The document")
    limit: Any = error.validator_value
    length = _length(error.instance)
    sentence, found, expected = {
        "pattern": ("has a form that the standard does not know", shown(error.instance), _pattern_words(limit)),
        "minItems": ("has too few entries", length, f"at least {limit}"),
        "maxItems": ("has too many entries", length, f"at most {limit}"),
        "uniqueItems": ("holds an entry twice", None, "each entry once"),
        "minimum": ("is too small", shown(error.instance), f"at least {limit}"),
        "exclusiveMinimum": ("is too small", shown(error.instance), f"more than {limit}"),
        "unevaluatedProperties": ("holds keys that do not fit together", None, None),
    }.get(str(error.validator), ("breaks the standard", None, None))
    return Break(BreakKind.OTHER, keys, f"{name} {sentence}.", found, expected)


def _type_words(types: list[str]) -> str:
    return " or ".join(_TYPE_WORDS.get(word, word) for word in types if word != "integer" or "number" not in types)


def _length(value: Any) -> str | None:
    return f"{len(value)}" if isinstance(value, list | dict) else None


def _pattern_words(pattern: Any) -> str:
    text = str(pattern)
    if text.startswith("^[A-Za-z_]"):
        return "a reference such as customers.id"
    if "ya?ml#" in text or ".yaml#" in text:
        return "a reference such as customers.id or /schema/customers/properties/id"
    return "a word without spaces, dots, slashes and #" if text.startswith("^[^") else f"the pattern {text}"


def _of_branches(error: ValidationError, validator: Draft201909Validator) -> Iterator[Break]:
    """The breaks of the branch that fits best."""
    keys: tuple[Key, ...] = tuple(error.absolute_path)
    branches: dict[int, list[ValidationError]] = {}
    for inner in error.context or []:
        branches.setdefault(int(inner.relative_schema_path[0]), []).append(inner)
    alternatives = _alternative_keys(error.validator_value)
    if alternatives and isinstance(error.instance, dict):
        present = [key for key in alternatives if key in error.instance]
        one_of = f"one of {', '.join(alternatives)}"
        if not present:
            yield Break(BreakKind.OTHER, keys, "One of several keys is needed and none is there.", expected=one_of)
            return
        if len(present) > 1:
            yield Break(BreakKind.OTHER, keys, "Keys exclude each other.", found=", ".join(present), expected=one_of)
            return
        branches = {alternatives.index(present[0]): branches.get(alternatives.index(present[0]), [])}
    if not branches or not any(branches.values()):  # two branches hold at once
        yield Break(BreakKind.OTHER, keys, "The value can be read in two ways.", found=type_name(error.instance))
        return
    wrong_types = [_wrong_type(inner, len(error.absolute_path)) for inner in branches.values()]
    if all(wrong_types):
        words = dict.fromkeys(word for found in wrong_types if found for word in found)
        yield Break(BreakKind.WRONG_TYPE, keys, found=type_name(error.instance), expected=_type_words(list(words)))
        return
    best = min(branches, key=lambda index: _misfit(branches[index], len(error.absolute_path)))
    for inner in branches[best]:
        yield from _breaks(inner, validator)


def _alternative_keys(branches: Any) -> list[str]:
    """The key of each branch, where each branch asks for just one: `mustBe`, `mustNotBe`, ..."""
    keys = [
        branch["required"][0]
        for branch in branches
        if isinstance(branch, dict) and len(branch.get("required", ())) == 1 and "type" not in branch
    ]
    return keys if len(keys) == len(branches) == len(set(keys)) else []


def _wrong_type(errors: list[ValidationError], depth: int) -> list[str] | None:
    """The types that a branch wants instead of the value's own, None where the type is right."""
    for error in errors:
        if error.validator == "type" and len(error.absolute_path) == depth:
            wanted: Any = error.validator_value
            return wanted if isinstance(wanted, list) else [wanted]
        if error.validator in ("anyOf", "oneOf") and len(error.absolute_path) == depth:
            inner = [_wrong_type([nested], depth) for nested in error.context or []]
            if inner and all(inner):
                return [word for found in inner if found for word in found]
    return None


def _misfit(errors: list[ValidationError], depth: int) -> tuple[bool, int, int]:
    """How far a branch is from fitting: the wrong type first, then unfitting words at its top, then their number."""
    at_top = sum(len(error.absolute_path) <= depth + 1 for error in errors)
    return _wrong_type(errors, depth) is not None, at_top, len(errors)


def _known_keys(schema: Any, instance: Any, validator: Draft201909Validator) -> set[str]:
    """Every key that the parts of a schema which apply to an object know."""
    known: set[str] = set()
    if not isinstance(schema, dict):
        return known
    known.update(schema.get("properties", {}))
    if "$ref" in schema:
        known |= _known_keys(_resolve(schema["$ref"], validator), instance, validator)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for branch in schema.get(keyword, ()):
            known |= _known_keys(branch, instance, validator)
    if "if" in schema:
        applies = validator.evolve(schema=schema["if"]).is_valid(instance)
        known |= _known_keys(schema.get("then" if applies else "else"), instance, validator)
    return known


def _resolve(reference: str, validator: Draft201909Validator) -> Any:
    part: Any = validator.schema
    for name in reference.removeprefix("#/").split("/"):
        part = part[name]
    return part
