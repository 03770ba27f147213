"""`cleanse:` of a model in build.yaml: a list of steps, each a mapping of one name."""

from collections.abc import Callable, Mapping

from weft.base.names import did_you_mean
from weft.spec.cleansing.convert import read_convert
from weft.spec.cleansing.deduplicate import read_deduplicate
from weft.spec.cleansing.impute import read_impute
from weft.spec.cleansing.outliers import read_outliers
from weft.spec.cleansing.parse import read_parse
from weft.spec.cleansing.step import CleansingStep
from weft.spec.cleansing.trim import read_trim
from weft.spec.section import Section

READERS: Mapping[str, Callable[[Section], CleansingStep]] = {
    "trim": read_trim,
    "parse": read_parse,
    "convert": read_convert,
    "deduplicate": read_deduplicate,
    "outliers": read_outliers,
    "impute": read_impute,
}


def load_cleansing(section: Section) -> tuple[CleansingStep, ...]:
    """The steps in their order; mistakes go to the section.

    Args:
        section: the settings of a model.
    """
    steps = []
    for item in section.items("cleanse"):
        step = _step(item)
        if step is not None:
            steps.append(step)
    return tuple(steps)


def _step(item: Section) -> CleansingStep | None:
    names = list(item.data)
    if len(names) != 1 or names[0] not in READERS:
        unknown = [str(name) for name in names if name not in READERS]
        item.report(
            "CLEANSE001",
            f'There is no step "{unknown[0]}".' if unknown else "A step of a cleansing is not one name.",
            item.place_of(unknown[0]) if unknown else item.place,
            found=None if unknown else f"{len(names)} names",
            expected=f"one of {', '.join(READERS)}",
            fix=did_you_mean(unknown[0], READERS) if unknown else "Begin each step with a dash of its own.",
        )
        return None
    name = names[0]
    if not isinstance(item.data[name], dict):
        item.report("MESH003", f'"{name}" is not a mapping.', item.place_of(name), expected="a mapping")
        return None
    inner = Section(item.file, (*item.keys, name), item.data[name], item.problems)
    before = len(item.problems)
    step = READERS[name](inner)
    if "columns" in inner.known and not inner.data.get("columns"):
        inner.report("MESH002", 'The key "columns" is missing.', inner.place, expected="`columns: [name, ...]`")
    inner.finish()
    return step if len(item.problems) == before else None
