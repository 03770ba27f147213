"""Teams and domains: who owns what, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weft.base.problem import Place


@dataclass(frozen=True)
class Team:
    """People with a kind and a place."""

    name: str
    place: Place
    kind: str | None = None  # stream-aligned | platform | enabling | complicated-subsystem
    description: str | None = None
    people: tuple[Mapping[str, Any], ...] = ()
    interactions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Domain:
    """A business area: a region, an owning team, products."""

    name: str
    place: Place
    owner: str | None = None
    region: str | None = None
    description: str | None = None
    custom: Mapping[str, Any] = field(default_factory=dict)
