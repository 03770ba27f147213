"""Write products and contracts so that a person's file stays theirs.

An existing file keeps its comments, order and quotes; only what differs is changed. Whatever the way, what is written
reads back as exactly the document that was asked for, and is valid by its official standard, else nothing is written.
"""

import io
import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from weft.base.problem import Place, Problem, Problems
from weft.base.yaml_source import YamlFile, read_yaml_text
from weft.spec.odcs.validate import validate_contract
from weft.spec.odps.validate import validate_product

_NAMING_KEYS = ("id", "name", "property", "server", "channel", "role", "username", "metric", "to")
# Texts that readers of YAML 1.1, which are most, take for something else.
_AMBIGUOUS = re.compile(
    r"(?i)(y|n|yes|no|on|off|true|false|null|~|=|<<)"
    r"|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9]*)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?"
    r"|[-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9_]+)([eE][-+]?[0-9]+)?"
    r"|0[xob][0-9a-f_]+|[-+]?\.(inf|nan)"
)


def write_contract(document: Mapping[str, Any], path: Path) -> None:
    """Write an ODCS document, over the file that is there or as a new one.

    Raises:
        Problems: the document breaks the standard; nothing was written.
    """
    _write(document, path, validate_contract)


def write_product(document: Mapping[str, Any], path: Path) -> None:
    """Write an ODPS document, over the file that is there or as a new one.

    Raises:
        Problems: the document breaks the standard; nothing was written.
    """
    _write(document, path, validate_product)


def _write(document: Mapping[str, Any], path: Path, validate: Callable[[YamlFile], list[Problem]]) -> None:
    data = _plain(document)
    problems = validate(YamlFile(str(path), data))
    if problems:
        raise Problems(problems)
    former = path.read_bytes() if path.is_file() else None
    text = yaml_text(data, None if former is None else _text_of(former))
    line_end = "\r\n" if former is not None and b"\r\n" in former else "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8", newline=line_end) as stream:
        stream.write(text)
    try:
        Path(stream.name).replace(path)
    except OSError:
        Path(stream.name).unlink(missing_ok=True)
        raise


def _text_of(content: bytes) -> str | None:
    """The text of a file, None where it is no text and so holds nothing to keep."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def yaml_text(data: Any, former: str | None = None) -> str:
    r"""A document as YAML text.

    Args:
        data: plain dicts, lists and scalars.
        former: the text that it replaces, whose comments and order are kept.

    Raises:
        Problem: WRITE001 the data cannot be written as YAML.

    >>> print(yaml_text({"a": 2, "b": "NO"}, "# why\na: 1 # of them\n"), end="")
    # why
    a: 2 # of them
    b: "NO"
    """
    if former is not None:
        if _reads_as(former, data):
            return former
        kept = _changed_text(data, former)
        if kept is not None and _reads_as(kept, data):
            return kept
    text = _dump(_styled(data), indents_lists=True)
    if not _reads_as(text, data):
        raise Problem("WRITE001", "The document holds values that YAML cannot keep.", Place("document"))
    return text


def _changed_text(data: Any, former: str) -> str | None:
    """The former text with the changes put in; None where it cannot be read."""
    from ruamel.yaml.error import YAMLError

    try:
        tree = _ruamel(indents_lists=True).load(former)
    except (YAMLError, ValueError):
        return None
    if not isinstance(tree, dict) or not isinstance(data, dict):
        return None
    _update_mapping(tree, data)
    return _dump(tree, indents_lists=_indents_lists(former))


def _indents_lists(text: str) -> bool:
    """Whether most lists of a text stand further right than their key; ruamel.yaml writes all of them one way."""
    indents = re.findall(r"(?m)^( *)(?:- )?[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n( *)- ", text)
    further = sum(len(of_list) > len(of_key) for of_key, of_list in indents)
    return 2 * further >= len(indents)


def _update_mapping(old: Any, new: Mapping[str, Any]) -> None:
    for key in [key for key in old if str(key) not in new]:
        del old[key]
    written = {str(key): key for key in old}  # a key such as `1` or `on` is a text for us
    for key, value in new.items():
        if key not in written:
            old[key] = _styled(value)
            continue
        key = written[key]
        if not _update_inside(old[key], value):
            old[key] = _styled(value)


def _update_inside(old: Any, new: Any) -> bool:
    """Whether `old` is, or was changed in place to be, the same as `new`."""
    if isinstance(old, dict) and isinstance(new, dict):
        _update_mapping(old, new)
        return True
    if isinstance(old, list) and isinstance(new, list):
        _update_list(old, new)
        return True
    return (
        type(new) in (str, int, float, bool, type(None))
        and old == new
        and isinstance(old, bool) == isinstance(new, bool)
    )


def _update_list(old: Any, new: list[Any]) -> None:
    """Keep the entries that stay, found by name or else by place, where they are; their comments stay with them."""
    partners = _partners(old, new)
    stays = [partner for partner in partners if partner is not None]
    if stays != sorted(stays):  # moved: entries keep their own comments, those between them go
        moved = [None if partner is None else old[partner] for partner in partners]
        for index in reversed(range(len(old))):
            del old[index]
        for entry, value in zip(moved, new, strict=True):
            old.append(entry if entry is not None and _update_inside(entry, value) else _styled(value))
        return
    for index in reversed(range(len(old))):
        if index not in stays:
            del old[index]
    for index, (partner, value) in enumerate(zip(partners, new, strict=True)):
        if partner is None:
            old.insert(index, _styled(value))
        elif not _update_inside(old[index], value):
            old[index] = _styled(value)


def _partners(old: list[Any], new: list[Any]) -> list[int | None]:
    free = list(range(len(old)))
    partners: list[int | None] = []
    for value in new:
        found = next((index for index in free if _is_same_entry(old[index], value)), None)
        if found is not None:
            free.remove(found)
        partners.append(found)
    return partners


def _is_same_entry(old: Any, new: Any) -> bool:
    if not isinstance(old, dict) or not isinstance(new, dict):
        return bool(old == new)
    names = [key for key in _NAMING_KEYS if key in old and key in new]
    return old[names[0]] == new[names[0]] if names else old == new


def _styled(value: Any) -> Any:
    """Values as ruamel.yaml shall write them: texts quoted where other readers would misread them."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

    if isinstance(value, dict):
        return {_styled(key): _styled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_styled(item) for item in value]
    if not isinstance(value, str):
        return value
    if "\n" in value and not re.search(r"[^\S\n]\n|[^\n\t -~\u00a0-\ud7ff\ue000-\ufffd]|^\s|\s\Z(?<!\n)", value):
        return LiteralScalarString(value)
    return DoubleQuotedScalarString(value) if value == "" or _AMBIGUOUS.fullmatch(value) else value


def _dump(tree: Any, *, indents_lists: bool) -> str:
    stream = io.StringIO()
    _ruamel(indents_lists=indents_lists).dump(tree, stream)
    return stream.getvalue()


def _ruamel(*, indents_lists: bool) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.resolver import VersionedResolver

    class _DatesAreTexts(VersionedResolver):
        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            tag = super().resolve(kind, value, implicit)
            return self.DEFAULT_SCALAR_TAG if str(tag).endswith(":timestamp") else tag

    yaml = YAML()
    yaml.Resolver = _DatesAreTexts
    yaml.preserve_quotes = True
    yaml.width = 4096  # never wraps a line that a person wrote
    yaml.allow_unicode = True
    if indents_lists:
        yaml.indent(mapping=2, sequence=4, offset=2)
    else:
        yaml.indent(mapping=2, sequence=2, offset=0)
    return yaml


def _reads_as(text: str, data: Any) -> bool:
    file, problems = read_yaml_text(text, "written")
    return not problems and file.data == data


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
