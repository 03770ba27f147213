"""`deduplicate`: rows that are the same thing become one, and it is declared which value of which row survives."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from weft.spec.cleansing.step import CleansingStep, Effect, with_types
from weft.spec.section import Section

NEEDS_BY, NEEDS_PRIORITY = ("newest", "oldest"), ("priority",)
SURVIVORS = ("first", "newest", "oldest", "most_complete", "priority")
VALUES = ("newest", "oldest", "most_frequent", "longest", "priority", "largest", "smallest", "first")


@dataclass(frozen=True, kw_only=True)
class Deduplicate(CleansingStep):
    """Rows of one key become one row."""

    kind: str = "deduplicate"
    key: tuple[str, ...]
    normalised: bool = False  # texts of the key are compared without case, accents and surplus blanks
    survivor: str = "first"  # which row stays
    by: str | None = None  # for newest and oldest: the column of time or number
    priority_column: str | None = None
    priority: tuple[str, ...] = ()  # its values, the best first
    values: Mapping[str, str] = field(default_factory=dict)  # column -> which of the group's values it gets
    count: str | None = None  # name of a column with the number of rows that became this one

    def reads(self) -> Mapping[str, str | None]:
        """The key and all that decides."""
        deciding = [name for name in (self.by, self.priority_column) if name]
        return dict.fromkeys((*self.key, *deciding, *self.values))

    def adds(self) -> tuple[str, ...]:
        """The count, where it is asked for."""
        return (self.count,) if self.count else ()

    def columns_after(self, columns: Mapping[str, str]) -> dict[str, str]:
        """The same, and the count."""
        return with_types(columns, {self.count: "BIGINT"} if self.count else {})

    def decides_rows(self) -> tuple[str, ...]:
        """The key, and what says which row stays."""
        return (*self.key, *self._deciding((self.survivor,)))

    def effects(self, columns: tuple[str, ...]) -> tuple[Effect, ...]:
        """Columns with a survivorship of their own come from many rows; the others from one of them."""
        touched = [
            Effect(
                column,
                ((column, "aggregation"), *((name, "conditional") for name in self._deciding((way,)))),
            )
            for column, way in self.values.items()
        ]
        if self.count:
            touched.append(Effect(self.count, tuple((name, "group_by") for name in self.key)))
        return tuple(touched)

    def said(self) -> str:
        """Such as `one row a email (normalised), survivor newest by updated_at; phone most_frequent`."""
        key = f"one row a {', '.join(self.key)}{' (normalised)' if self.normalised else ''}"
        by = {"priority": f" of {self.priority_column}"} | dict.fromkeys(NEEDS_BY, f" by {self.by}")
        values = "".join(f"; {column}: {way}{by.get(way, '')}" for column, way in self.values.items())
        return f"{key}, survivor: {self.survivor}{by.get(self.survivor, '')}{values}"

    def _deciding(self, ways: tuple[str, ...]) -> tuple[str, ...]:
        found = [self.by] if set(ways) & set(NEEDS_BY) else []
        found += [self.priority_column] if set(ways) & set(NEEDS_PRIORITY) else []
        return tuple(name for name in found if name)


def read_deduplicate(section: Section) -> Deduplicate:
    """Read `deduplicate: {key: [email], survivor: newest, by: updated_at}`; its mistakes go to the section."""
    key, normalised = section.texts("key"), section.boolean("normalised")
    survivor, by = section.choice("survivor", SURVIVORS) or "first", section.text("by")
    priority = {name: inner for name, inner in section.mapping("priority").items() if isinstance(inner, list)}
    values = _values(section)
    count = section.text("count")
    column, order = next(iter(priority.items()), (None, []))
    step = Deduplicate(
        place=section.place,
        key=key,
        normalised=bool(normalised),
        survivor=survivor,
        by=by,
        priority_column=column,
        priority=tuple(str(value) for value in order),
        values=values,
        count=count,
    )
    if not key:
        section.report("MESH002", 'The key "key" is missing.', section.place, expected="`key: [column, ...]`")
    _fitting(section, step)
    return step


def _values(section: Section) -> dict[str, str]:
    found = {}
    inner = section.mapping("values")
    chosen = Section(section.file, (*section.keys, "values"), inner, section.problems)
    for column in inner:
        way = chosen.choice(column, VALUES)
        if way is not None:
            found[column] = way
    return found


def _fitting(section: Section, step: Deduplicate) -> None:
    ways = {step.survivor, *step.values.values()}
    for needed, names, given, such_as in (
        ("by", NEEDS_BY, step.by, "`by: updated_at`"),
        ("priority", NEEDS_PRIORITY, step.priority_column, "`priority: {source: [crm, shop]}`"),
    ):
        if ways & set(names) and not given:
            way = next(name for name in names if name in ways)
            section.report("CLEANSE002", f'"{way}" needs "{needed}".', section.place, expected=f"such as {such_as}")
        if given and not ways & set(names):
            section.report(
                "CLEANSE002", f'"{needed}" says nothing here.', section.place_of(needed), expected=" or ".join(names)
            )
    key = {name.casefold() for name in step.key}
    for column in step.values:
        if column.casefold() in key and not step.normalised:
            section.report(
                "CLEANSE002",
                f'"{column}" is of the key: all rows that become one have the same.',
                section.file.place(*section.keys, "values", column),
            )
