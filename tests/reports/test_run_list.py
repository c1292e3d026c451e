"""The list of runs: newest first, and every text whole."""

import re

import pytest
from run_folders import make_run

from scratchnet.reports.run_list import newest_first, print_runs
from scratchnet.runs.load import read_runs


@pytest.fixture
def lines(tmp_path, capsys, monkeypatch):
    """A function that prints the list of all runs and returns its lines."""
    monkeypatch.setenv("COLUMNS", "40")  # narrower than any line

    def read() -> list[list[str]]:
        print_runs(newest_first(read_runs(tmp_path)[0]))
        return [re.split(r"\s{2,}", line.rstrip()) for line in capsys.readouterr().out.splitlines()]

    return read


def test_the_newest_run_is_first_and_one_without_a_start_is_last(tmp_path, lines):
    make_run(tmp_path / "old", start="2026-01-01T00:00:00+00:00")
    make_run(tmp_path / "unknown", start="some day")
    make_run(tmp_path / "new", start="2026-01-01T00:30:00-01:00")  # by time, not by text
    heading, *rows = lines()
    assert heading == ["start", "status", "what", "seed", "epochs", "validation", "test", "folder"]
    assert [row[-1] for row in rows] == [str(tmp_path / name) for name in ("new", "old", "unknown")]
    assert rows[2][0] == "-"


def test_a_line_says_what_was_trained_and_how_well(tmp_path, lines):
    make_run(tmp_path / "done", 0.9, seed=7, start="2026-01-02T00:00:00+00:00")
    make_run(tmp_path / "failed", 0.5, status="failed", epochs=2)
    (tmp_path / "failed" / "KEEP").touch()
    _, failed, done = lines()
    assert done[1:7] == ["completed", "digits mlp adamw", "7", "3", "82.95 %", "90.00 %"]
    assert failed[1:3] == ["failed, kept", "digits mlp adamw"]
    assert failed[4] == "2"
    assert failed[5:7] == ["41.94 %", "-"]  # the best so far


def test_without_runs_nothing_is_printed(tmp_path, lines):
    assert lines() == []
