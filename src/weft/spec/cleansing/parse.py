"""`parse`: texts read as a type, in formats that are declared and in no other."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from weft.spec.cleansing.step import TEXT, CleansingStep, Effect, with_types
from weft.spec.section import Section

KEEP, EMPTY, FAIL = "keep", "empty", "fail"
ON_ERROR = (KEEP, EMPTY, FAIL)
_PLAIN = {"date": "DATE", "timestamp": "TIMESTAMP", "boolean": "BOOLEAN", "integer": "BIGINT", "double": "DOUBLE"}
_DECIMAL = re.compile(r"decimal\( *(\d{1,2}) *, *(\d{1,2}) *\)")


@dataclass(frozen=True, kw_only=True)
class Parse(CleansingStep):
    """Texts become dates, numbers or booleans."""

    kind: str = "parse"
    columns: tuple[str, ...]
    type: str  # as declared: date, timestamp, boolean, integer, double, decimal(12,2)
    formats: tuple[str, ...] = ()  # of dates and timestamps, tried in this order
    decimal_mark: str = "."
    group_mark: str = ""
    true_words: tuple[str, ...] = ()
    false_words: tuple[str, ...] = ()
    on_error: str = KEEP

    @property
    def sql_type(self) -> str:
        """The type in DuckDB's words."""
        match = _DECIMAL.fullmatch(self.type)
        return f"DECIMAL({match[1]},{match[2]})" if match else _PLAIN[self.type]

    @property
    def scale(self) -> int | None:
        """Digits behind the decimal mark that the type keeps; None: any."""
        match = _DECIMAL.fullmatch(self.type)
        if match:
            return int(match[2])
        return 0 if self.type == "integer" else None

    def reads(self) -> Mapping[str, str | None]:
        """Its columns, which hold texts."""
        return dict.fromkeys(self.columns, TEXT)

    def columns_after(self, columns: Mapping[str, str]) -> dict[str, str]:
        """The type, where no unreadable text has to stay; else still texts, for the contract to judge."""
        if self.on_error == KEEP:
            return dict(columns)
        return with_types(columns, dict.fromkeys(self.columns, self.sql_type))

    def effects(self, columns: tuple[str, ...]) -> tuple[Effect, ...]:
        """Each is computed from itself."""
        return tuple(Effect(column, ((column, "transformation"),)) for column in self.columns)

    def said(self) -> str:
        """Such as `as decimal(12,2), unreadable ones keep`."""
        formats = f" in {len(self.formats)} formats" if len(self.formats) > 1 else ""
        return f"as {self.type}{formats}, unreadable: {self.on_error}"


def read_parse(section: Section) -> Parse:
    """Read `parse: {columns: [ordered_on], type: date, formats: ["%d.%m.%Y"]}`; its mistakes go to the section."""
    columns, type_ = section.texts("columns"), (section.required_text("type") or "double").strip().lower()
    formats = section.texts("formats")
    true_words, false_words = section.texts("true_words"), section.texts("false_words")
    decimal_mark, group_mark = section.text("decimal_mark"), section.text("group_mark")
    on_error = section.choice("on_error", ON_ERROR) or KEEP
    match = _DECIMAL.fullmatch(type_)
    if type_ not in _PLAIN and not (match and int(match[2]) <= int(match[1]) <= 38 and int(match[1])):
        section.report(
            "MESH004",
            '"type" has a value that it cannot have.',
            section.place_of("type"),
            found=f'"{type_}"',
            expected=f"one of {', '.join(_PLAIN)}, decimal(12,2)",
        )
        type_ = "double"
    is_number = type_ in ("integer", "double") or type_.startswith("decimal")
    _fitting(section, type_, is_number)
    return Parse(
        place=section.place,
        columns=columns,
        type=type_,
        formats=formats,
        decimal_mark=decimal_mark or ".",
        group_mark=group_mark or "",
        true_words=true_words,
        false_words=false_words,
        on_error=on_error,
    )


def _fitting(section: Section, type_: str, is_number: bool) -> None:
    """Options that the type needs, and those that say nothing for it."""
    given = set(section.data)
    needed = {"date": ("formats",), "timestamp": ("formats",), "boolean": ("true_words", "false_words")}.get(type_, ())
    belongs = {*needed, *(("decimal_mark", "group_mark") if is_number else ())}
    for name in needed:
        if name not in given:
            section.report(
                "CLEANSE002",
                f'`type: {type_}` needs "{name}".',
                section.place,
                expected='such as `formats: ["%d.%m.%Y"]`' if name == "formats" else f"such as `{name}: [yes]`",
            )
    for name in ("formats", "true_words", "false_words", "decimal_mark", "group_mark"):
        if name in given and name not in belongs:
            section.report("CLEANSE002", f'"{name}" says nothing for `type: {type_}`.', section.place_of(name))
    marks = [section.data.get(name) for name in ("decimal_mark", "group_mark")]
    if is_number and (marks[1] is not None and marks[1] == (marks[0] or ".")):
        section.report(
            "CLEANSE002", "The decimal mark and the group mark are the same.", section.place_of("group_mark")
        )
    for word in {str(w).lower() for w in section.data.get("true_words") or ()} & {
        str(w).lower() for w in section.data.get("false_words") or ()
    }:
        section.report("CLEANSE002", f'The word "{word}" is both true and false.', section.place_of("false_words"))
