"""Which engine understands a rule: weft's own, and those that other packages bring.

A package adds an engine by an entry point of the group `weft.check_engines`: its name is what contracts write as
`engine`, its object a function from a `ForeignRule` to promises. An engine of that name here is replaced by it.
"""

import importlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from weft.build.check.foreign.foreign_rule import Engine, ForeignRule, NotMapped
from weft.build.check.promise import Promise

GROUP = "weft.check_engines"
_GREAT_EXPECTATIONS, _SODA, _DBT = "great_expectations", "soda", "dbt"
_OWN = {
    "greatexpectations": _GREAT_EXPECTATIONS,
    "greatexpectation": _GREAT_EXPECTATIONS,
    "gx": _GREAT_EXPECTATIONS,
    "gxcore": _GREAT_EXPECTATIONS,
    "soda": _SODA,
    "sodacl": _SODA,
    "sodacore": _SODA,
    "dbt": _DBT,
    "dbtcore": _DBT,
    "weft": "weft_drift",
}


def foreign_promises(rule: ForeignRule) -> Iterator[Promise]:
    """The promises of a rule of another tool; what is not computed is `Unchecked` and says why."""
    name = _folded(rule.rule.engine or "")
    if not name:
        yield rule.unchecked("It names no engine.")
        return
    plug_in = _plug_ins().get(name)
    if plug_in is not None:
        yield from _of_plug_in(rule, plug_in)
        return
    module = _OWN.get(name)
    if module is None:
        yield rule.unchecked(f'It is a rule of "{rule.rule.engine}", and no engine of that name is installed.')
        return
    engine: Engine = importlib.import_module(f"weft.build.check.foreign.{module}").promises
    try:
        yield from list(engine(rule))
    except NotMapped as reason:
        yield rule.unchecked(str(reason))


def _of_plug_in(rule: ForeignRule, plug_in: EntryPoint) -> Iterator[Promise]:
    try:
        engine: Engine = plug_in.load()
        found = list(engine(rule))
    except NotMapped as reason:
        yield rule.unchecked(str(reason))
    except Exception as error:  # another package's mistake must not end a build, nor let the rule pass
        yield rule.unchecked(f'The engine "{plug_in.name}" failed with {type(error).__name__}.')
    else:
        yield from found or [rule.unchecked(f'The engine "{plug_in.name}" made nothing of it.')]


@cache
def _plug_ins() -> dict[str, EntryPoint]:
    return {_folded(point.name): point for point in entry_points(group=GROUP)}


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())
