"""A full or broken disk is told as a Problem wherever it is met, not as a mistake of weft."""

import errno
import os

import click
import pytest

from weft.base.problem import Problem
from weft.cli.exit_codes import ExitCode, exit_code_of
from weft.cli.main import cli, run


@pytest.mark.parametrize(
    ("number", "exit_code", "code"),
    [
        (errno.ENOSPC, ExitCode.NOT_REACHABLE, "FILE002"),
        (errno.EIO, ExitCode.NOT_REACHABLE, "FILE002"),
        (errno.EROFS, ExitCode.NOT_REACHABLE, "FILE002"),
        (errno.ENOENT, ExitCode.BUG, "BUG001"),  # a file that we should have made
    ],
)
def test_what_the_system_says_of_a_disk_is_a_problem(monkeypatch, capsys, number, exit_code, code):
    def fail():
        raise OSError(number, os.strerror(number), "/srv/mesh/orders.parquet")

    command = click.Command("fail", callback=fail)
    monkeypatch.setattr(type(cli), "get_command", lambda self, ctx, name: command)
    monkeypatch.delenv("WEFT_TRACEBACK", raising=False)
    assert run(["fail"]) == exit_code
    said = capsys.readouterr().err
    assert said.startswith(code)
    assert "/srv/mesh" not in said


def test_files_that_cannot_be_used_have_the_exit_code_of_what_does_not_answer():
    assert exit_code_of([Problem("FILE001", "Damaged.")]) == ExitCode.NOT_REACHABLE
