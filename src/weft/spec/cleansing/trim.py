"""`trim`: texts without what nobody meant to write: blanks around them, other spellings of the same letter."""

from collections.abc import Mapping
from dataclasses import dataclass

from weft.spec.cleansing.step import TEXT, CleansingStep, Effect
from weft.spec.section import Section

FORMS, CASES = ("NFC", "NFKC"), ("lower", "upper", "title")


@dataclass(frozen=True, kw_only=True)
class Trim(CleansingStep):
    """Blanks around a text go, in any of Unicode's kinds."""

    kind: str = "trim"
    columns: tuple[str, ...]
    normalise: str | None = None  # NFC: composed; NFKC: also ligatures, full-width letters, superscripts
    collapse: bool = False  # runs of blanks become one space
    visible: bool = False  # control and zero-width characters go
    case: str | None = None
    empty_as_null: bool = False  # a text of nothing becomes NULL

    def reads(self) -> Mapping[str, str | None]:
        """Its columns, which hold texts."""
        return dict.fromkeys(self.columns, TEXT)

    def columns_after(self, columns: Mapping[str, str]) -> dict[str, str]:
        """The same."""
        return dict(columns)

    def effects(self, columns: tuple[str, ...]) -> tuple[Effect, ...]:
        """Each is computed from itself."""
        return tuple(Effect(column, ((column, "transformation"),)) for column in self.columns)

    def said(self) -> str:
        """Such as `trimmed, NFC, blanks collapsed`."""
        parts = ["trimmed", self.normalise, self.collapse and "blanks collapsed", self.visible and "visible only"]
        return ", ".join(part for part in (*parts, self.case, self.empty_as_null and "empty as NULL") if part)


def read_trim(section: Section) -> Trim:
    """Read `trim: {columns: [name], normalise: NFC, collapse: true}`."""
    return Trim(
        place=section.place,
        columns=section.texts("columns"),
        normalise=section.choice("normalise", FORMS),
        collapse=bool(section.boolean("collapse")),
        visible=bool(section.boolean("visible")),
        case=section.choice("case", CASES),
        empty_as_null=bool(section.boolean("empty_as_null")),
    )
