"""Every table of the ledger, from the facts that are written to it."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from printed.markdown import NOTE, table
from weft.ledger.facts import FACTS, Fact

_HEAD = Path(__file__).with_name("ledger_head.md").read_text(encoding="utf-8")
_WORDS = {"str": "text", "int": "integer", "float": "number", "bool": "true or false", "datetime": "instant"}


def page() -> str:
    """The page."""
    parts = ["# The ledger\n", NOTE, _HEAD]
    for kind in FACTS:
        parts += [f"## {kind.table}\n", f"{inspect.getdoc(kind)}\n", table(("column", "value", "meaning"), _rows(kind))]
    return "\n".join(parts)


def _rows(kind: type[Fact]) -> Iterator[tuple[str, str, str]]:
    """Each field with its type and what stands behind it in the code."""
    source = inspect.getsource(kind)
    lines = source.splitlines()
    (class_,) = ast.parse(source).body
    assert isinstance(class_, ast.ClassDef)
    for node in class_.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id != "table":
            comment = lines[(node.end_lineno or node.lineno) - 1].partition("  # ")[2]
            yield f"`{node.target.id}`", _in_words(ast.unparse(node.annotation)), comment


def _in_words(annotation: str) -> str:
    bare = annotation.removesuffix(" | None")
    word = "JSON" if bare.startswith(("Mapping", "tuple")) else _WORDS[bare]
    return word if bare == annotation else f"{word}, or nothing"
