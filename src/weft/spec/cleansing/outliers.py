"""`outliers`: values far from the others are marked, emptied or brought to the fence."""

from collections.abc import Mapping
from dataclasses import dataclass

from weft.spec.cleansing.step import NUMBER, CleansingStep, Effect, with_types
from weft.spec.section import Section

ROBUST_Z, IQR, FOREST = "robust_z", "iqr", "isolation_forest"
METHODS = (ROBUST_Z, IQR, FOREST)
FLAG, EMPTY, CLIP = "flag", "empty", "clip"
TREATMENTS = (FLAG, EMPTY, CLIP)
DEFAULT_THRESHOLD = {ROBUST_Z: 3.5, IQR: 1.5}


@dataclass(frozen=True, kw_only=True)
class Outliers(CleansingStep):
    """Numbers far from the others of their column or group.

    Source:
        robust z: Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993; IQR: Tukey, "Exploratory Data
        Analysis", 1977; isolation forest: Liu, Ting and Zhou, ICDM 2008.
    """

    kind: str = "outliers"
    columns: tuple[str, ...]
    method: str = ROBUST_Z
    threshold: float | None = None  # robust_z: of |z|; iqr: how many ranges past the quartiles
    contamination: float | None = None  # isolation_forest: the share of rows that is taken to be outliers
    treatment: str = FLAG
    by: tuple[str, ...] = ()  # within groups
    flag: str | None = None  # name of the column of marks, where there is one

    @property
    def limit(self) -> float:
        """The threshold, declared or usual."""
        return self.threshold if self.threshold is not None else DEFAULT_THRESHOLD[self.method]

    def flags(self) -> dict[str, str]:
        """Column -> the column that marks its outliers; the forest judges whole rows and has one."""
        if self.treatment != FLAG:
            return {}
        if self.method == FOREST:
            return dict.fromkeys(self.columns, self.flag or "is_outlier")
        if self.flag and len(self.columns) == 1:
            return {self.columns[0]: self.flag}
        return {column: f"{column}_outlier" for column in self.columns}

    def reads(self) -> Mapping[str, str | None]:
        """Numbers, and the columns of groups."""
        return dict.fromkeys(self.by) | dict.fromkeys(self.columns, NUMBER)

    def adds(self) -> tuple[str, ...]:
        """The columns of marks."""
        return tuple(dict.fromkeys(self.flags().values()))

    def columns_after(self, columns: Mapping[str, str]) -> dict[str, str]:
        """The same, and the marks."""
        return with_types(columns, dict.fromkeys(self.adds(), "BOOLEAN"))

    def effects(self, columns: tuple[str, ...]) -> tuple[Effect, ...]:
        """All values of a column decide about each of them."""
        groups = tuple((name, "window") for name in self.by)
        if self.method == FOREST:
            judged = tuple((name, "aggregation") for name in self.columns)
            if self.treatment == FLAG:
                return tuple(Effect(name, (*judged, *groups)) for name in self.adds())
            deciding = tuple((name, "conditional") for name in self.columns)
            return tuple(Effect(name, ((name, "identity"), *deciding, *groups)) for name in self.columns)
        if self.treatment == FLAG:
            return tuple(Effect(mark, ((name, "aggregation"), *groups)) for name, mark in self.flags().items())
        way = "aggregation" if self.treatment == CLIP else "transformation"
        return tuple(Effect(name, ((name, way), (name, "window"), *groups)) for name in self.columns)

    def said(self) -> str:
        """Such as `robust_z above 3.5 in each category: flag`."""
        if self.method == FOREST:
            rule = "isolation_forest" + (f" at {self.contamination:g}" if self.contamination is not None else "")
        else:
            rule = f"{self.method} above {self.limit:g}"
        groups = f" in each {', '.join(self.by)}" if self.by else ""
        return f"{rule}{groups}: {self.treatment}"


def read_outliers(section: Section) -> Outliers:
    """Read `outliers: {columns: [amount], method: iqr, treatment: clip}`; its mistakes go to the section."""
    columns = section.texts("columns")
    method = section.choice("method", METHODS) or ROBUST_Z
    threshold, contamination = _number(section, "threshold"), _number(section, "contamination")
    treatment = section.choice("treatment", TREATMENTS) or FLAG
    by, flag = section.texts("by"), section.text("flag")
    told: list[tuple[str, str]] = []
    if threshold is not None and method == FOREST:
        told.append(("threshold", '"threshold" says nothing for `method: isolation_forest`; "contamination" does.'))
    if contamination is not None and method != FOREST:
        told.append(("contamination", f'"contamination" says nothing for `method: {method}`; "threshold" does.'))
    if contamination is not None and not 0 < contamination <= 0.5:
        told.append(("contamination", '"contamination" is a share above 0 and at most 0.5.'))
    if treatment == CLIP and method == FOREST:
        told.append(("treatment", "An isolation forest has no fence to clip to: use flag or empty."))
    if by and method == FOREST:
        told.append(("by", "An isolation forest judges all rows together."))
    if flag is not None and treatment != FLAG:
        told.append(("flag", f'"flag" names a column that `treatment: {treatment}` does not make.'))
    if flag is not None and method != FOREST and len(columns) > 1:
        told.append(("flag", "One name for the marks of several columns; leave it out, or declare a step for each."))
    for name, what in told:
        section.report("CLEANSE002", what, section.place_of(name))
    return Outliers(
        place=section.place,
        columns=columns,
        method=method,
        threshold=threshold,
        contamination=contamination,
        treatment=treatment,
        by=by,
        flag=flag,
    )


def _number(section: Section, name: str) -> float | None:
    value = section.value(name)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and value > 0):
        return None if value is None else float(value)
    section.report("MESH003", f'"{name}" is no number above 0.', section.place_of(name), expected="such as 3.5")
    return None
