"""Follow `$ref` within one JSON Schema and merge `allOf`, as far as both are plain."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from weft.base.problem import Problem
from weft.base.yaml_source import Key, YamlFile

_MERGED = ("properties", "$defs", "definitions")


class Resolver:
    """Resolves the references of one document."""

    def __init__(self, root: Mapping[str, Any], path: str) -> None:
        self.root = root
        self.path = path

    def resolve(
        self, schema: Mapping[str, Any], keys: tuple[Key, ...], file: YamlFile, stack: tuple[str, ...]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The schema without `$ref` and `allOf`, and the references that lead to it.

        Raises:
            Problem: FORMAT004 a reference leads back to itself, FORMAT005 it leads nowhere.
        """
        found = dict(schema)
        while isinstance(found.get("$ref"), str):
            reference = found.pop("$ref")
            if reference in stack:
                raise Problem(
                    "FORMAT004",
                    "The schema holds itself, and a table cannot.",
                    file.place(*keys),
                    found=f"{' -> '.join((*stack, reference))}",
                    fix="Import the part that is a table, with the inner reference taken out.",
                )
            stack = (*stack, reference)
            found = {**self._target(reference, keys, file), **found}  # what stands beside a reference adds to it
        parts = found.pop("allOf", None)
        if isinstance(parts, list):
            for number, part in enumerate(parts):
                if isinstance(part, dict):
                    merged, stack = self.resolve(part, (*keys, "allOf", number), file, stack)
                    found = _merge(merged, found)
        return found, stack

    def _target(self, reference: str, keys: tuple[Key, ...], file: YamlFile) -> Mapping[str, Any]:
        own = str(self.root.get("$id") or self.root.get("id") or "")
        pointer = reference.removeprefix(own) if own and reference.startswith(f"{own}#") else reference
        found: Any = self.root
        if not pointer.startswith("#"):
            raise Problem(
                "FORMAT005",
                "A reference leads out of the file, and nothing else is read.",
                file.place(*keys, "$ref"),
                found=f'"{reference}"',
                expected="a reference within the file: #/$defs/...",
            )
        if pointer != "#" and not pointer.startswith("#/"):
            found = _anchored(self.root, pointer[1:])
        else:
            for step in pointer[2:].split("/") if pointer != "#" else ():
                step = unquote(step).replace("~1", "/").replace("~0", "~")
                found = found.get(step) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            raise Problem("FORMAT005", "A reference leads nowhere.", file.place(*keys, "$ref"), found=f'"{reference}"')
        return found


def _anchored(schema: Any, anchor: str) -> Any:
    """The part of a schema that is called so by `$anchor`."""
    if isinstance(schema, dict):
        if schema.get("$anchor") == anchor:
            return schema
        parts = schema.values()
    elif isinstance(schema, list):
        parts = schema  # type: ignore[assignment]
    else:
        return None
    return next((found for part in parts if (found := _anchored(part, anchor)) is not None), None)


def _merge(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**first, **second}
    for key in _MERGED:
        if isinstance(first.get(key), dict) and isinstance(second.get(key), dict):
            merged[key] = {**first[key], **second[key]}
    if isinstance(first.get("required"), list) and isinstance(second.get("required"), list):
        merged["required"] = list(dict.fromkeys([*first["required"], *second["required"]]))
    return merged
