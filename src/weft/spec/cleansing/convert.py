"""`convert`: values in one unit, whatever unit they were measured in."""

from collections.abc import Mapping
from dataclasses import dataclass

from weft.base.names import did_you_mean
from weft.base.units import UNITS, Unit
from weft.spec.cleansing.parse import EMPTY, FAIL, KEEP, ON_ERROR
from weft.spec.cleansing.step import NUMBER, TEXT, CleansingStep, Effect, with_types
from weft.spec.section import Section

__all__ = ["EMPTY", "FAIL", "KEEP", "Convert", "read_convert"]


@dataclass(frozen=True, kw_only=True)
class Convert(CleansingStep):
    """Numbers are brought to one unit."""

    kind: str = "convert"
    columns: tuple[str, ...]
    to: str
    start: str | None = None  # `from:`, the unit of every row
    unit_column: str | None = None  # or the column that holds the unit of each row; afterwards it says `to`
    factors: Mapping[str, float] | None = None  # declared ones instead of the built-in table: rates of currencies
    decimals: int | None = None  # rounded to so many
    on_error: str = KEEP  # a unit of a row that is not known

    def unit(self, name: str) -> Unit | None:
        """A unit of the declared factors, else of the built-in table."""
        if self.factors is not None:
            return Unit("declared", self.factors[name]) if name in self.factors else None
        return UNITS.get(name)

    def units_of_rows(self) -> dict[str, Unit]:
        """Every unit that a row may be in."""
        target = self.unit(self.to)
        names = self.factors if self.factors is not None else UNITS
        return {
            name: unit
            for name in names
            if (unit := self.unit(name)) is not None and target is not None and unit.dimension == target.dimension
        }

    def reads(self) -> Mapping[str, str | None]:
        """Numbers, and the column of units."""
        return dict.fromkeys(self.columns, NUMBER) | ({self.unit_column: TEXT} if self.unit_column else {})

    def columns_after(self, columns: Mapping[str, str]) -> dict[str, str]:
        """Converted ones are floating-point numbers."""
        return with_types(columns, dict.fromkeys(self.columns, "DOUBLE"))

    def effects(self, columns: tuple[str, ...]) -> tuple[Effect, ...]:
        """Each is computed from itself and the unit of its row."""
        unit = ((self.unit_column, "transformation"),) if self.unit_column else ()
        touched = tuple(Effect(column, ((column, "transformation"), *unit)) for column in self.columns)
        return (*touched, *(Effect(name, ((name, "transformation"),)) for name, _ in unit))

    def said(self) -> str:
        """Such as `from ft to m`."""
        return f"from {self.start or f'the unit in {self.unit_column}'} to {self.to}"


def read_convert(section: Section) -> Convert:
    """Read `convert: {columns: [depth], from: ft, to: m}`; its mistakes go to the section."""
    columns, to = section.texts("columns"), section.required_text("to")
    start, unit_column = section.text("from"), section.text("unit_column")
    factors = _factors(section)
    decimals = section.integer("decimals")
    on_error = section.choice("on_error", ON_ERROR)
    step = Convert(
        place=section.place,
        columns=columns,
        to=to or "",
        start=start,
        unit_column=unit_column,
        factors=factors,
        decimals=decimals,
        on_error=on_error or KEEP,
    )
    if (start is None) == (unit_column is None):
        section.report(
            "CLEANSE002", '`convert` needs either "from" or "unit_column".', section.place, expected="one of the two"
        )
    if on_error and start is not None:
        section.report(
            "CLEANSE002", '"on_error" says nothing where every row has one unit.', section.place_of("on_error")
        )
    _known_units(section, step)
    return step


def _factors(section: Section) -> Mapping[str, float] | None:
    if section.value("factors") is None:
        return None
    found = {}
    for name, value in section.mapping("factors").items():
        if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            found[str(name)] = float(value)
        else:
            where = section.file.place(*section.keys, "factors", name)
            section.report("MESH003", f'The factor of "{name}" is no number above 0.', where, expected="such as 0.3048")
    return found


def _known_units(section: Section, step: Convert) -> None:
    known = list(step.factors if step.factors is not None else UNITS)
    for key, name in (("to", step.to), ("from", step.start)):
        if name and step.unit(name) is None:
            section.report(
                "CLEANSE002",
                f'The unit "{name}" is not known.',
                section.place_of(key),
                expected="a unit of the built-in table" if step.factors is None else f"one of {', '.join(known)}",
                fix=did_you_mean(name, known) or "Declare it: `factors: {m: 1, fathom: 1.8288}`.",
            )
    start, target = step.unit(step.start or ""), step.unit(step.to)
    if start is not None and target is not None and start.dimension != target.dimension:
        section.report(
            "CLEANSE002",
            f'"{step.start}" measures {start.dimension} and "{step.to}" {target.dimension}.',
            section.place_of("to"),
        )
