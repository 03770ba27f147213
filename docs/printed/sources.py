"""Every kind of source with its options, from the classes that read them."""

import inspect
from collections.abc import Iterable
from pathlib import Path

from printed.markdown import NOTE, table
from weft.base.problem import Place
from weft.ingest.file_source import ARCHIVE_OPTIONS, PLACE_OPTIONS
from weft.ingest.land import kind_of
from weft.ingest.rest.credentials import CREDENTIAL_OPTIONS
from weft.ingest.rest.paging import PAGING_OPTIONS
from weft.ingest.rows.writing_options import WRITING_OPTIONS
from weft.ingest.source_protocol import Option, SourceKind
from weft.spec.making import Source
from weft.spec.source_kinds import SOURCE_KINDS

_HEAD = Path(__file__).with_name("sources_head.md").read_text(encoding="utf-8")
_SHARED = {
    "How values are written": WRITING_OPTIONS,
    "Packed files": ARCHIVE_OPTIONS,
    "Where files lie": PLACE_OPTIONS,
    "Pages of an API": PAGING_OPTIONS,
    "Credentials of an API": CREDENTIAL_OPTIONS,
}


def page() -> str:
    """The page."""
    parts = ["# Sources\n", NOTE, _HEAD]
    for name in SOURCE_KINDS:
        parts += [f"## {name}\n", *_kind(kind_of(Source("source", name, Place("build.yaml"))))]
    for heading, options in _SHARED.items():
        parts += [f"## {heading}\n", _options(options)]
    return "\n".join(parts)


def _kind(kind: SourceKind) -> Iterable[str]:
    yield inspect.cleandoc(type(kind).__doc__ or "").splitlines()[0] + "\n"
    # `timeout` alone makes no file of an API: a group counts where most of it is understood.
    shared = {
        heading: options
        for heading, options in _SHARED.items()
        if 2 * len(set(options) & set(kind.options)) > len(options)
    }
    own = [option for option in kind.options if not any(option in options for options in shared.values())]
    if own:
        yield _options(own)
    if shared:
        links = [f"[{heading}](#{heading.lower().replace(' ', '-')})" for heading in shared]
        yield f"Further options: {', '.join(links)}.\n"


def _options(options: Iterable[Option]) -> str:
    rows = [(f"`{one.name}`", f"{one.type}{'; needed' if one.required else ''}", one.meaning) for one in options]
    return table(("option", "value", "meaning"), rows)
