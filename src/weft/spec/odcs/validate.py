"""Whether a document is a data contract by ODCS 3.0, 3.1 or 3.2.

The official schema of each version also takes documents that are marked with an older version, and the standard's own
examples make use of it. So a document counts as valid when the schema of its own version or the newest one takes it;
where neither does, the one that it is nearer to says why.
"""

from typing import Any

from weft.base.problem import Problem
from weft.base.yaml_source import YamlFile
from weft.spec.odcs.schemas import NEWEST, schema_of, versions
from weft.spec.standard_break import Break, BreakKind, problems_of, shown


def validate_contract(file: YamlFile) -> list[Problem]:
    """Every break of the standard, at its place; empty where the document is valid."""
    return problems_of(breaks_of(file.data), file, "ODCS")


def breaks_of(document: Any) -> list[Break]:
    """How a document breaks the standard."""
    from weft.spec.odcs.schema_breaks import schema_breaks  # jsonschema costs 0.1 s, which a cached mesh need not pay

    version = document.get("apiVersion") if isinstance(document, dict) else None
    if isinstance(version, str) and version not in versions():
        return [Break(BreakKind.WRONG_WORD, ("apiVersion",), found=shown(version), known=versions())]
    by_newest = schema_breaks(document, schema_of(NEWEST))
    if not by_newest or version in (None, NEWEST) or not isinstance(version, str):
        return by_newest
    by_own = schema_breaks(document, schema_of(version))
    return by_own if len(by_own) <= len(by_newest) else by_newest
