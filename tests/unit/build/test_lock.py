"""Two writers at once: one waits or is told who is in its way."""

import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from weft.base.problem import Problem
from weft.build.lock import build_lock

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOLDER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from weft.build.lock import build_lock
with build_lock(Path(sys.argv[1]), command="build", actor="ada", now=datetime(2026, 5, 1, tzinfo=UTC)):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def hold(folder, seconds: float) -> "subprocess.Popen[str]":
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def take(folder, wait_seconds=0.0):
    return build_lock(folder, command="maintain", actor="bo", now=NOW, wait_seconds=wait_seconds)


def test_the_second_writer_is_told_who_the_first_is(tmp_path):
    holder = hold(tmp_path, 30)
    try:
        with pytest.raises(Problem) as caught, take(tmp_path):
            pass
        assert caught.value.code == "BUILD001"
        assert f"`weft build` by ada (process {holder.pid} " in str(caught.value.found)
        assert "2026-05-01T00:00:00" in str(caught.value.found)
    finally:
        holder.kill()
        holder.wait()


def test_it_waits_as_long_as_it_was_asked_to(tmp_path):
    holder = hold(tmp_path, 0.5)
    started = time.monotonic()
    with take(tmp_path, wait_seconds=20):
        assert time.monotonic() - started < 19
    holder.wait()


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    holder = hold(tmp_path, 30)
    holder.kill()
    holder.wait()
    with take(tmp_path):
        assert (tmp_path / "lock.owner").exists()
    assert not (tmp_path / "lock.owner").exists()
