"""A short set of every torture suite; `make torture` runs the long one and writes docs/explanation/torture-report.md.

The suites run in a process of their own, which forks a child for each build.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

RUN = Path(__file__).parent / "run.py"
SEED = "7"


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory, worker_id):
    """What every suite found: run once, whichever worker comes first, since loading the libraries takes longest."""
    shared = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        shared = shared.parent
    found, said = shared / "torture.json", shared / "torture.log"
    with FileLock(shared / "torture.lock"):
        if not found.exists():
            command = [sys.executable, str(RUN), "--short", "--seed", SEED, "--json", str(found)]
            with said.open("w") as log:
                subprocess.run(command, check=False, stdout=log, stderr=log, timeout=900)
    assert found.exists(), said.read_text()[-3000:]
    return {outcome["module"]: outcome for outcome in json.loads(found.read_text(encoding="utf-8"))}


@pytest.fixture
def violations_of(outcomes):
    """The violations of one suite; the test is skipped where this machine cannot run it."""

    def find(suite):
        outcome = outcomes[suite]
        if outcome["skipped"]:
            pytest.skip(outcome["skipped"])
        assert sum(outcome["tried"].values()), f"nothing was harmed: {outcome}"
        return outcome["violations"]

    return find


def test_a_build_killed_at_any_moment_leaves_whole_publications_and_is_finished_by_the_next(violations_of):
    assert violations_of("random_kills") == []


def test_a_build_killed_between_two_system_calls_leaves_whole_publications(violations_of):
    assert violations_of("kills_at_system_calls") == []


def test_a_disk_that_refuses_a_system_call_is_told_and_harms_nothing(violations_of):
    assert violations_of("failing_system_calls") == []


def test_a_full_disk_is_told_and_harms_nothing(violations_of):
    assert violations_of("full_disk") == []


def test_what_was_acknowledged_outlives_a_power_cut(violations_of):
    assert violations_of("power_cut") == []


def test_a_folder_that_cannot_be_written_is_told_and_harms_nothing(violations_of):
    assert violations_of("read_only_folders") == []


def test_builds_at_once_wait_for_each_other_while_readers_go_on(violations_of):
    assert violations_of("many_builds") == []


def test_a_clock_that_jumps_a_day_changes_nothing(violations_of):
    assert violations_of("clocks") == []


def test_a_build_that_is_told_to_stop_stops_and_says_so(violations_of):
    assert violations_of("told_to_stop") == []


def test_a_damaged_file_is_named_and_never_served_as_if_it_were_fine(violations_of):
    assert violations_of("damaged_files") == []


@pytest.mark.services
def test_a_database_that_restarts_during_a_build_harms_nothing(violations_of):
    assert violations_of("postgres_restarts") == []


@pytest.mark.services
def test_a_lost_reply_to_a_commit_does_not_publish_twice(violations_of):
    assert violations_of("lost_replies") == []


def test_a_refused_publication_leaves_no_trace_but_its_findings(violations_of):
    assert violations_of("refusals") == []


def test_metadata_stays_bounded_over_many_publications(violations_of):
    assert violations_of("many_publications") == []
