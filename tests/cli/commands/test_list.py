"""`list` finds, sorts and shortens."""

import re

import pytest
from run_folders import make_run

from scratchnet.__main__ import main


@pytest.fixture
def listed(tmp_path, monkeypatch, capsys):
    """A function that lists these runs, and returns the folders named and the last line."""
    monkeypatch.chdir(tmp_path)
    for day, (name, lr, accuracy) in enumerate([("a", 0.1, 0.7), ("b", 0.01, 0.9), ("c", 1, 0.8)]):
        start = f"2026-11-2{day}T00:00:00+00:00"
        make_run(tmp_path / "outputs" / name, accuracy, start=start, optimizer__lr=lr)

    def run(*arguments: str) -> tuple[list[str], str]:
        assert main(["list", *arguments]) == 0
        output = capsys.readouterr().out
        return re.findall(r"outputs/(\w)", output), output.splitlines()[-1]

    return run


def test_the_newest_run_is_first(listed):
    assert listed() == (["c", "b", "a"], "3 runs")
    assert listed("--last", "2") == (["c", "b"], "2 of 3 runs")


def test_runs_are_chosen_by_conditions_and_sorted_by_a_result_or_setting(listed):
    assert listed("--where", "lr<0.5") == (["b", "a"], "2 of 3 runs")
    assert listed("--where", "test_accuracy > 75 %", "--last", "1") == (["c"], "1 of 3 runs")
    assert listed("--sort", "test_accuracy") == (["b", "c", "a"], "3 runs")
    assert listed("--sort", "lr") == (["b", "a", "c"], "3 runs")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--last", "0"], "--last 0: must be a number of runs >= 1"),
        (["--where", "lr>5"], "--where lr>5: none of the 3 runs meets it"),
        (["--sort", "leraning"], "--sort leraning: no run has such a setting or result"),
    ],
)
def test_mistakes(listed, capsys, arguments, problem):
    assert main(["list", *arguments]) == 2
    assert problem in capsys.readouterr().err
