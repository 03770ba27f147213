"""What a table was made of: named parts, compared one by one, so that a plan can say which of them changed."""

import ast
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from weft.build.contract_digest import digest_of, document_digest, promise_digest
from weft.build.steps import Step
from weft.spec.making import ModelLanguage
from weft.spec.mesh import Environment

# Raised when weft itself makes other rows of the same parts; then everything is made again once.
BUILD_VERSION = "1"

WILL_CHANGE = "?"  # stands for the part of an input that this run is going to make

# Parts that are kept with a step but do not make it stale.
_SILENT = ("written", "document")


@dataclass(frozen=True)
class Reason:
    """Why a step is made."""

    # new, text, settings, contract, input, source, reference, tolerance, weft, files, stale, forced, corrections
    kind: str
    what: str  # a few words for people

    def __str__(self) -> str:
        return self.what


def own_parts(step: Step, environment: Environment, before: Mapping[str, str] | None = None) -> dict[str, str]:
    """Parts that the mesh's own files decide.

    Args:
        step: what is made.
        environment: settings that decide which rows are published.
        before: the parts of the last making; spares parsing a text that is the same to the letter.
    """
    parts = {"weft": BUILD_VERSION, "settings": digest_of(step.settings)}
    if step.model:
        written = _sha(step.model.text)
        same = before is not None and before.get("written") == written and "text" in before
        parts["written"] = written
        parts["text"] = before["text"] if before and same else canonical_text(step.model.text, step.model.language)
    if step.port and step.port.contract and step.port.table:
        parts["contract"] = promise_digest(step.port.contract, step.port.table)
        parts["document"] = document_digest(step.port.contract)
        parts["tolerance"] = environment.quarantine_tolerance
    return parts


def fingerprint_of(parts: Mapping[str, str]) -> str:
    """One name for all parts."""
    telling = {name: value for name, value in parts.items() if name not in _SILENT}
    return _sha(json.dumps(telling, sort_keys=True))


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[Reason, ...]:
    """Which parts changed, in words.

    >>> [str(r) for r in differences({"text": "a", "input orders": "1"}, {"text": "b", "input orders": "?"})]
    ['its text changed', 'input orders will be made anew']
    """
    found = []
    for name in [*now, *(name for name in before if name not in now)]:
        if name in _SILENT or before.get(name) == now.get(name):
            continue
        kind, _, subject = name.partition(" ")
        found.append(Reason(kind, _said(kind, subject, before.get(name), now.get(name))))
    return tuple(found)


def is_only_words(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Whether the contract's text changed and nothing that it promises."""
    return not differences(before, now) and before.get("document") != now.get("document")


@lru_cache(maxsize=4096)
def canonical_text(text: str, language: ModelLanguage) -> str:
    """A digest of what a model says, without comments and layout.

    >>> one, other = "SELECT a FROM t", "select a /* the column */  from t"
    >>> canonical_text(one, ModelLanguage.SQL) == canonical_text(other, ModelLanguage.SQL)
    True
    """
    if language is not ModelLanguage.SQL:
        return _sha(ast.dump(ast.parse(text)))
    from weft.graph.model_inputs import parse_query

    return _sha(parse_query(text).sql(dialect="duckdb", comments=False))


def _said(kind: str, subject: str, before: str | None, now: str | None) -> str:
    match kind:
        case "text":
            return "its text changed"
        case "settings":
            return "its settings in build.yaml changed"
        case "contract":
            return "its contract changed" if before else "it has a contract now"
        case "tolerance":
            return "the environment's quarantine tolerance changed"
        case "weft":
            return "it was made by another version of weft"
        case "corrections":
            return "corrections of held-back rows were taken back" if now is None else "corrections wait for it"
        case "source":
            return f"source {subject} is no longer read" if now is None else f"source {subject} changed"
        case "reference":
            how = "will be made anew" if now == WILL_CHANGE else "was published anew"
            return f"{subject}, which it refers to, {how}"
    if now is None:
        return f"{kind} {subject} is no longer read"
    if before is None:
        return f"{kind} {subject} is read now"
    return f"{kind} {subject} {'will be made anew' if now == WILL_CHANGE else 'was made anew'}"


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]
