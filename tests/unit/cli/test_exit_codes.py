"""What the exit code of a command says of the problem that ended it."""

import pytest

from weft.base.problem import Problem
from weft.cli.exit_codes import ExitCode, exit_code_of


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("INFER001", "GIVEN001", "GIVEN003", "FORMAT001", "FORMAT006", "FORMAT009", "FORMAT010"), ExitCode.USAGE),
        (("QUARANTINE002", "QUARANTINE009", "QUARANTINE016", "REVIEW002", "SHOW002"), ExitCode.USAGE),
        (("FORMAT002", "FORMAT007", "FORMAT008", "ODCS001"), ExitCode.MESH_NOT_VALID),  # what was read is not valid
        (("QUARANTINE008", "BUILD010", "CHECK001"), ExitCode.CHECK_FAILED),
        (("GATE002",), ExitCode.REFUSED),
        (("LAKE007", "LEDGER001"), ExitCode.NOT_REACHABLE),
    ],
)
def test_a_wrong_call_is_told_apart_from_wrong_declarations_and_wrong_rows(codes, said):
    assert {code: exit_code_of([Problem(code, "Told.")]) for code in codes} == dict.fromkeys(codes, said)
