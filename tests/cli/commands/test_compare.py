"""`compare`, `list`, `keep` and `clean` as they are typed."""

import builtins
import json
import os
import subprocess
import sys

import pytest
from run_folders import make_run

from scratchnet.__main__ import main
from scratchnet.runs.folder import RunFolder
from scratchnet.runs.load import KEPT


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    day = tmp_path / "outputs" / "2026-11-23"
    make_run(day / "a", 0.9, start="2026-11-23T01:00:00+00:00")
    make_run(day / "b", 0.8, start="2026-11-23T03:00:00+00:00", optimizer__lr=0.1)
    make_run(day / "c", status="failed", start="2026-11-23T02:00:00+00:00", seed=1)
    (day / "empty\x1b[2J").mkdir()
    return day


def test_compare_prints_a_table_and_reports_the_rest_on_stderr(runs, capsys):
    assert main(["compare", "outputs"]) == 0
    output = capsys.readouterr()
    heading, best, other = output.out.splitlines()
    assert heading.split()[:6] == ["lr", "n", "vs", "best", "val_accuracy", "test_accuracy"]
    assert best.split()[:5] == ["0.001", "1", "of", "2", "best"]
    assert other.split()[:2] == ["0.1", "1"]
    assert "skipped: outputs/2026-11-23/empty [2J: holds no run folder" in output.err
    assert "not completed: 1 of 3 runs (1 failed)\n" in output.err
    assert "1 image is 0.56 points of val_accuracy, 0.28 points of test_accuracy\n" in output.err


def test_a_run_that_was_repeated_is_reported_and_not_counted(runs, capsys):
    make_run(runs / "again", 0.7, start="2026-11-24T01:00:00+00:00")
    assert main(["compare", "-w", "status=completed", "--columns", "n,test_accuracy"]) == 0
    output = capsys.readouterr()
    assert output.out.splitlines()[-1].split() == ["1", "of", "2", "70.00", "%", "(65.1-74.5)"]
    assert "not counted: 1 run whose seed was run again later\n" in output.err


def test_the_engine_is_a_setting_that_differs(tmp_path, capsys):
    for name in ("numpy", "compiled"):
        path = make_run(tmp_path / name, trainer__engine="auto") / "run.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"engine": name}))
    assert main(["compare", str(tmp_path), "--json", "--columns", "trainer.engine"]) == 0
    engines = [row["trainer.engine"] for row in json.loads(capsys.readouterr().out)]
    assert sorted(engines) == ["compiled", "numpy"]


def test_compare_chooses(runs, capsys):
    arguments = ["compare", "outputs", "-w", "lr<0.01", "-w", "status=completed", "--json"]
    assert main([*arguments, "--each", "--columns", "seed,test_accuracy"]) == 0
    assert json.loads(capsys.readouterr().out) == [{"seed": 0, "test_accuracy": 0.9}]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["nowhere"], "no runs to compare"),
        (["outputs", "-w", "lr>5"], "none of the 3 runs meets it"),
        (["outputs", "--sort", "x"], "--sort x: no run has such a setting or result"),
        (["outputs", "--html", "no/where.html"], "no/where.html: cannot be written"),
        (["outputs", "--html", "outputs/2026-11-23/a/metrics.csv"], "scratchnet has not written"),
    ],
)
def test_a_mistake_ends_with_exit_2(runs, capsys, arguments, problem):
    assert main(["compare", *arguments]) == 2
    output = capsys.readouterr()
    assert problem in output.err.splitlines()[-1]
    assert output.out == ""


def _lines(capsys) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_list_is_newest_first(runs, capsys):
    assert main(["list"]) == 0
    lines = _lines(capsys)
    assert [line.split()[-1][-1] for line in lines[1:-1]] == ["b", "c", "a"]
    assert lines[1].split()[-3:-1] == ["80.00", "%"]  # the test accuracy, after the validation's
    assert lines[-1] == "3 runs"


def test_clean_lists_asks_and_moves_to_the_trash(runs, capsys, monkeypatch):
    monkeypatch.setattr(builtins, "input", lambda question: "n")
    assert main(["clean"]) == 0
    assert "failed" in capsys.readouterr().out
    assert (runs / "c").exists()
    monkeypatch.setattr(builtins, "input", lambda question: "y")
    assert main(["clean", "outputs", str(runs / "c")]) == 0
    assert sorted(path.name[0] for path in runs.iterdir()) == ["a", "b", "e"]
    (moved,) = (runs.parent / ".trash").iterdir()
    assert moved.name.startswith("2026-11-23_c-")
    assert (moved / "run.json").exists()
    capsys.readouterr()
    assert main(["clean"]) == 0
    assert capsys.readouterr().out == "nothing to clean\n"


def test_no_one_to_ask_means_no(runs, monkeypatch):
    def no_answer(question):
        raise EOFError

    monkeypatch.setattr(builtins, "input", no_answer)
    assert main(["clean"]) == 0
    assert (runs / "c").exists()


def test_a_run_that_is_kept_is_never_cleaned(runs, capsys):
    assert main(["keep", str(runs / "c"), str(runs / "a")]) == 0
    assert (runs / "c" / KEPT).exists()
    assert main(["clean", "--older-than", "0h", "--yes"]) == 0
    assert sorted(path.name[0] for path in runs.iterdir()) == ["a", "c", "e"]
    assert main(["list"]) == 0
    assert "failed, kept" in capsys.readouterr().out
    assert main(["keep", "--undo", str(runs / "c")]) == 0
    assert main(["clean", "--yes"]) == 0
    assert not (runs / "c").exists()


def test_a_run_that_is_kept_while_clean_asks_stays(runs, capsys, monkeypatch):
    def keep_it(question):
        (runs / "c" / KEPT).touch()
        return "y"

    monkeypatch.setattr(builtins, "input", keep_it)
    assert main(["clean"]) == 0
    assert "not moved, as it has changed: outputs/2026-11-23/c" in capsys.readouterr().out
    assert (runs / "c").exists()


def test_a_killed_run_is_interrupted_and_one_at_work_is_never_cleaned(runs, capsys):
    for name in ("dead", "alive"):
        make_run(runs / name, status="running")
    with RunFolder.locked(runs / "alive"):
        assert main(["list"]) == 0
        status = {line.split()[-1][-5:]: line.split()[2] for line in _lines(capsys)[1:-1]}
        assert (status["/dead"], status["alive"]) == ("interrupted", "running")
        assert main(["clean", "--yes"]) == 0
        assert main(["clean", "--yes", "--older-than", "0h"]) == 0
    assert sorted(path.name for path in runs.iterdir() if path.name[0] != "e") == ["alive"]


@pytest.mark.parametrize("form", [["list"], ["compare", "--csv"]])
def test_a_reader_that_leaves_sees_no_traceback(runs, form):
    command = [sys.executable, "-m", "scratchnet", *form, "outputs"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        errors = process.stderr.read()
    assert b"Traceback" not in errors
    assert b"BrokenPipe" not in errors
    assert process.returncode == 1


def test_an_output_that_knows_no_such_characters_is_no_error(runs):
    make_run(runs / "é", 0.92, seed=2)
    command = [sys.executable, "-m", "scratchnet", "compare", "outputs"]
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    result = subprocess.run(command, capture_output=True, env=environment)
    assert result.returncode == 0
    assert b"91.00 +- 1.41 %" in result.stdout


def test_keep_marks_all_or_nothing(runs):
    assert main(["keep", str(runs / "a"), "nowhere"]) == 2
    assert not (runs / "a" / KEPT).exists()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--older-than", "soon"], "must be a number with h, d or w"),
        (["--status", "bad"], "must be one of failed"),
    ],
)
def test_mistakes_of_clean(runs, capsys, arguments, problem):
    assert main(["clean", "--yes", *arguments]) == 2
    assert problem in capsys.readouterr().err
    assert (runs / "c").exists()


def test_a_run_that_a_process_holds_is_never_cleaned(runs, capsys):
    """`resume` loads the data first, while run.json still says how the run ended before."""
    with RunFolder.locked(runs / "c"):
        assert main(["clean", "--yes"]) == 0
    assert capsys.readouterr().out == "nothing to clean\n"
    assert (runs / "c").exists()
    assert main(["clean", "--yes"]) == 0
    assert not (runs / "c").exists()
