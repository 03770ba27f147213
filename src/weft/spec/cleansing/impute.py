"""`impute`: empty cells get a declared value, and every one that did is marked."""

from collections.abc import Mapping
from dataclasses import dataclass

from weft.spec.cleansing.step import NUMBER, CleansingStep, Effect, with_types
from weft.spec.section import Section

CONSTANT, MEAN, MEDIAN, MODE, FORWARD = "constant", "mean", "median", "mode", "forward"
METHODS = (CONSTANT, MEAN, MEDIAN, MODE, FORWARD)
COLUMN, LIST = "column", "list"
LIST_NAME = "imputed_columns"


@dataclass(frozen=True, kw_only=True)
class Impute(CleansingStep):
    """Empty cells are filled."""

    kind: str = "impute"
    columns: tuple[str, ...]
    method: str
    value: str | None = None  # of a constant, as a text that is cast to the column's type
    by: tuple[str, ...] = ()  # within groups
    order: tuple[str, ...] = ()  # forward: in which order of rows
    mark: str = COLUMN  # a boolean column for each, or one list of names

    def marks(self) -> dict[str, str]:
        """Column -> its column of marks; none where they are listed."""
        return {column: f"{column}_imputed" for column in self.columns} if self.mark == COLUMN else {}

    def reads(self) -> Mapping[str, str | None]:
        """Its columns, those of groups and order."""
        needed = NUMBER if self.method in (MEAN, MEDIAN) else None
        return dict.fromkeys((*self.by, *self.order)) | dict.fromkeys(self.columns, needed)

    def adds(self) -> tuple[str, ...]:
        """The columns of marks; a list that is there already is continued."""
        return tuple(self.marks().values())

    def columns_after(self, columns: Mapping[str, str]) -> dict[str, str]:
        """The same, and the marks."""
        marks = {LIST_NAME: "VARCHAR[]"} if self.mark == LIST else dict.fromkeys(self.adds(), "BOOLEAN")
        return with_types(columns, marks)

    def effects(self, columns: tuple[str, ...]) -> tuple[Effect, ...]:
        """A filled cell comes from the other cells of its column."""
        groups = tuple((name, "window") for name in (*self.by, *self.order))
        way = "transformation" if self.method == CONSTANT else "aggregation"
        filled = tuple(Effect(name, ((name, way), *groups)) for name in self.columns)
        if self.mark == LIST:
            there = ((LIST_NAME, "transformation"),) if LIST_NAME in {name.casefold() for name in columns} else ()
            return (*filled, Effect(LIST_NAME, (*there, *((name, "conditional") for name in self.columns))))
        return (*filled, *(Effect(mark, ((name, "conditional"),)) for name, mark in self.marks().items()))

    def said(self) -> str:
        """Such as `median in each category`."""
        groups = f" in each {', '.join(self.by)}" if self.by else ""
        return f"{self.method}{groups}" + (f" by {', '.join(self.order)}" if self.order else "")


def read_impute(section: Section) -> Impute:
    """Read `impute: {columns: [price], method: median, by: [category]}`; its mistakes go to the section."""
    columns = section.texts("columns")
    method = CONSTANT if section.required_text("method") is None else section.choice("method", METHODS) or CONSTANT
    value = section.value("value")
    by, order = section.texts("by"), section.texts("order")
    mark = section.choice("mark", (COLUMN, LIST)) or COLUMN
    if isinstance(value, list | dict):
        section.report("MESH003", '"value" is no single value.', section.place_of("value"))
    if "method" in section.data:
        if (value is None) == (method == CONSTANT):
            needs = '`method: constant` needs "value".' if value is None else f'"value" says nothing for {method}.'
            section.report("CLEANSE002", needs, section.place_of("value" if value is not None else "method"))
        if bool(order) != (method == FORWARD):
            needs = f'"order" says nothing for {method}.' if order else '`method: forward` needs "order".'
            section.report("CLEANSE002", needs, section.place_of("order" if order else "method"))
        if by and method == CONSTANT:
            section.report("CLEANSE002", '"by" says nothing for a constant.', section.place_of("by"))
    return Impute(
        place=section.place,
        columns=columns,
        method=method,
        value=_as_text(value),
        by=by,
        order=order,
        mark=mark,
    )


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)
