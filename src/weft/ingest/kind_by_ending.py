"""The kind of source that reads a file, by the ending of its name."""

from pathlib import PurePath

from weft.base.problem import Place, Problem

KIND_BY_ENDING = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".txt": "csv",
    ".json": "json",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".parquet": "parquet",
    ".xlsx": "excel",
}


def kind_by_ending(path: PurePath) -> str | None:
    """The kind, by its ending; that of a packed file is the one before. None where the ending says nothing.

    >>> kind_by_ending(PurePath("calls.CSV.gz")), kind_by_ending(PurePath("notes"))
    ('csv', None)
    """
    for suffix in reversed([suffix.casefold() for suffix in path.suffixes]):
        if suffix in KIND_BY_ENDING:
            return KIND_BY_ENDING[suffix]
    return None


def kind_of_file(path: PurePath) -> str:
    """The same of a file that has to be read.

    Raises:
        Problem: INIT006 where the ending says nothing.
    """
    kind = kind_by_ending(path)
    if kind is not None:
        return kind
    raise Problem(
        "INIT006",
        "The ending of the file does not say what it holds.",
        Place(str(path)),
        expected=f"one of {', '.join(KIND_BY_ENDING)}, packed or not",
        fix="Rename the file, or write build.yaml by hand: see the reference of sources.",
    )
