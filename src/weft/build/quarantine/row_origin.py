"""What the rows of a step were made of: sources with the files that were read, and ports of other products.

This is known of a run, not of a row: a model may join and sum, and only it could say which file a row came from.
"""

from collections.abc import Mapping
from typing import Any

from weft.build.relations import Relations
from weft.build.steps import Step

_MOST_FILES = 20  # of a source, by name; beyond it they are counted


def origin_of(relations: Relations, step: Step) -> dict[str, Any]:
    """Everything outside the product that a step reads, itself or through other models of the product.

    Returns:
        `model`: its file; `sources`: name -> locations of the files read; `ports`: names.
    """
    sources: dict[str, list[str]] = {}
    ports: set[str] = set()
    seen: set[str] = set()
    waiting = [step]
    while waiting:
        current = waiting.pop()
        if current.name in seen:
            continue
        seen.add(current.name)
        for read in current.inputs:
            if read.kind == "source":
                landing = relations.landings.get(read.name)
                locations = sorted({raw.location for raw in landing.raw}) if landing else []
                more = [f"and {len(locations) - _MOST_FILES} more files"] if len(locations) > _MOST_FILES else []
                sources[read.name] = [*locations[:_MOST_FILES], *more]
            elif read.port is not None:
                ports.add(str(read.port))
            elif read.name in relations.step_by_name:
                waiting.append(relations.step_by_name[read.name])
    model = step.model.path if step.model else None
    return {"model": model, "sources": dict(sorted(sources.items())), "ports": sorted(ports)}


def in_words(origin: Mapping[str, Any]) -> str:
    """One line for people, and the name of a group.

    >>> in_words({"sources": {"raw": ["a.csv"]}, "ports": ["crm/people"]})
    'raw (a.csv) + crm/people'
    >>> in_words({"sources": {"raw": ["a.csv", "b.csv"]}, "ports": []})
    'raw (2 files)'
    >>> in_words({})
    'not recorded'
    """
    parts = []
    for name, files in origin.get("sources", {}).items():
        more = int(files[-1].split()[1]) - 1 if len(files) > _MOST_FILES else 0
        parts.append(f"{name} ({files[0]})" if len(files) == 1 else f"{name} ({len(files) + more} files)")
    return " + ".join([*parts, *origin.get("ports", [])]) or "not recorded"
