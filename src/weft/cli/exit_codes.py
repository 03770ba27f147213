"""What the command's exit code says to a script."""

from collections.abc import Iterable
from enum import IntEnum

from weft.base.problem import Problem


class ExitCode(IntEnum):
    """The codes; the reference page is printed from here."""

    DONE = 0
    USAGE = 2  # the command was called wrongly
    MESH_NOT_VALID = 10
    CHECK_FAILED = 11  # a promise of a contract, a model test or a step of a build failed
    REFUSED = 12  # the actor may not do this
    NOT_REACHABLE = 13  # engine, catalogue, ledger or a source does not answer
    BUG = 70


_BY_PREFIX = {
    "USAGE": ExitCode.USAGE,
    "SELECT": ExitCode.USAGE,
    "INIT": ExitCode.USAGE,
    "INFER": ExitCode.USAGE,
    "GIVEN": ExitCode.USAGE,
    "SHOW": ExitCode.USAGE,
    "REVIEW": ExitCode.USAGE,
    "DRIFT": ExitCode.USAGE,
    "BUILD": ExitCode.CHECK_FAILED,
    "CHECK": ExitCode.CHECK_FAILED,
    "TEST": ExitCode.CHECK_FAILED,
    "QUARANTINE": ExitCode.USAGE,
    "GATE": ExitCode.REFUSED,
    "ENGINE": ExitCode.NOT_REACHABLE,
    "FILE": ExitCode.NOT_REACHABLE,
    "LAKE": ExitCode.NOT_REACHABLE,
    "KEY": ExitCode.NOT_REACHABLE,
    "TLS": ExitCode.NOT_REACHABLE,
    "LEDGER": ExitCode.NOT_REACHABLE,
    "BACKUP": ExitCode.NOT_REACHABLE,
    "BUG": ExitCode.BUG,
}

_BY_CODE = {  # codes that say something else than the others of their prefix
    "FORMAT001": ExitCode.USAGE,
    "FORMAT006": ExitCode.USAGE,  # no such file
    "FORMAT009": ExitCode.USAGE,  # another format or --table would do
    "FORMAT010": ExitCode.USAGE,
    "QUARANTINE008": ExitCode.CHECK_FAILED,
    "ENGINE001": ExitCode.CHECK_FAILED,  # the query, not the engine, is at fault
    "GATE001": ExitCode.USAGE,  # the query cannot be read at all
    "BACKUP001": ExitCode.USAGE,
    "BACKUP003": ExitCode.USAGE,  # no such backup
    "BACKUP004": ExitCode.CHECK_FAILED,
    "BACKUP005": ExitCode.CHECK_FAILED,
    "BACKUP006": ExitCode.USAGE,  # a restore would write over something, and the like
    "BACKUP007": ExitCode.USAGE,
    "BACKUP008": ExitCode.USAGE,
    "BACKUP009": ExitCode.USAGE,
    "BACKUP010": ExitCode.CHECK_FAILED,
    "BACKUP012": ExitCode.USAGE,
    "BACKUP015": ExitCode.USAGE,
    "LAKE002": ExitCode.CHECK_FAILED,
    "LAKE003": ExitCode.CHECK_FAILED,
    "LAKE004": ExitCode.CHECK_FAILED,
    "LAKE005": ExitCode.USAGE,  # no such port or snapshot
    "KEY007": ExitCode.USAGE,
}


def exit_code_of(problems: Iterable[Problem]) -> ExitCode:
    """The exit code of a command that ended with these problems.

    >>> exit_code_of([Problem("GATE002", "Refused.")])
    <ExitCode.REFUSED: 12>
    >>> exit_code_of([Problem("SPEC003", "Dangling.")])
    <ExitCode.MESH_NOT_VALID: 10>
    """
    for problem in problems:
        by_prefix = _BY_PREFIX.get(problem.code.rstrip("0123456789"), ExitCode.MESH_NOT_VALID)
        return _BY_CODE.get(problem.code, by_prefix)
    return ExitCode.BUG
