"""Notes of what a format could not carry: warnings with a place, never silence."""

from weft.base.problem import Place, Problem, Problems, Severity

IMPORT_LOSS, EXPORT_LOSS = "FORMAT007", "FORMAT008"


def not_imported(what: str, place: Place, *, fix: str | None = None) -> Problem:
    """Something of a source that a contract has no words for."""
    return Problem(IMPORT_LOSS, what, place, fix=fix, severity=Severity.WARNING)


def not_exported(what: str, place: Place, *, fix: str | None = None) -> Problem:
    """Something of a contract that a format has no words for."""
    return Problem(EXPORT_LOSS, what, place, fix=fix, severity=Severity.WARNING)


def raise_if_strict(notes: tuple[Problem, ...], strict: bool) -> None:
    """Let notes end the command where that was asked for.

    Raises:
        Problems: the notes as errors.
    """
    if strict and notes:
        raise Problems(
            Problem(n.code, n.what, n.where, n.found, n.expected, n.fix, severity=Severity.ERROR) for n in notes
        )
