"""A short set of every torture suite; `make torture` runs the long one and writes docs/explanation/torture-report.md.

Each test runs suites in a process of their own, which forks a child for each build.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).parent / "run.py"


def violations_of(suite, count, tmp_path, *, seed=7):
    """What a suite found; the test is skipped where this machine cannot run it."""
    found = tmp_path / "found.json"
    command = [sys.executable, str(RUN), "--suite", suite, "--exactly", str(count), "--seed", str(seed)]
    done = subprocess.run([*command, "--json", str(found)], check=False, capture_output=True, text=True, timeout=600)
    assert found.exists(), done.stderr[-3000:]
    outcome = json.loads(found.read_text(encoding="utf-8"))[0]
    if outcome["skipped"]:
        pytest.skip(outcome["skipped"])
    assert sum(outcome["tried"].values()), f"nothing was harmed: {outcome}"
    return outcome["violations"]


def test_a_build_killed_at_any_moment_leaves_whole_publications_and_is_finished_by_the_next(tmp_path):
    assert violations_of("random_kills", 12, tmp_path) == []


def test_a_build_killed_between_two_system_calls_leaves_whole_publications(tmp_path):
    assert violations_of("kills_at_system_calls", 6, tmp_path) == []


def test_a_disk_that_refuses_a_system_call_is_told_and_harms_nothing(tmp_path):
    assert violations_of("failing_system_calls", 8, tmp_path) == []


def test_a_full_disk_is_told_and_harms_nothing(tmp_path):
    assert violations_of("full_disk", 3, tmp_path) == []


def test_what_was_acknowledged_outlives_a_power_cut(tmp_path):
    assert violations_of("power_cut", 3, tmp_path) == []


def test_a_folder_that_cannot_be_written_is_told_and_harms_nothing(tmp_path):
    assert violations_of("read_only_folders", 3, tmp_path) == []


def test_builds_at_once_wait_for_each_other_while_readers_go_on(tmp_path):
    assert violations_of("many_builds", 2, tmp_path) == []


def test_a_clock_that_jumps_a_day_changes_nothing(tmp_path):
    assert violations_of("clocks", 4, tmp_path) == []


def test_a_build_that_is_told_to_stop_stops_and_says_so(tmp_path):
    assert violations_of("told_to_stop", 3, tmp_path) == []


def test_a_damaged_file_is_named_and_never_served_as_if_it_were_fine(tmp_path):
    assert violations_of("damaged_files", 4, tmp_path) == []


@pytest.mark.services
def test_a_database_that_restarts_during_a_build_harms_nothing(tmp_path):
    assert violations_of("postgres_restarts", 2, tmp_path) == []


@pytest.mark.services
def test_a_lost_reply_to_a_commit_does_not_publish_twice(tmp_path):
    assert violations_of("lost_replies", 3, tmp_path) == []


def test_a_refused_publication_leaves_no_trace_but_its_findings(tmp_path):
    assert violations_of("refusals", 1, tmp_path) == []


def test_metadata_stays_bounded_over_many_publications(tmp_path):
    assert violations_of("many_publications", 25, tmp_path) == []
