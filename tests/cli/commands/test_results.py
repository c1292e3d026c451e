"""`results`: what is run, what is noted, and that README shows what the file holds."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_runs import train, without_plots

from scratchnet.cli.commands import results
from scratchnet.errors import RunError, UserError
from scratchnet.reports import results_table

RECIPE = {
    "runs": [
        {"seed": 0, "test_accuracy": 0.98199, "seconds": 61.0},
        {"seed": 1, "test_accuracy": 0.98799, "seconds": 63.0},
    ],
    "date": "2026-11-23",
    "commit": "705848c",
    "cpu": "A CPU",
    "cores": 2,
    "engine": "compiled",
    "official_data": True,
}


def test_readme_shows_what_the_file_holds():
    document = results.README.read_text(encoding="utf-8")
    assert results_table.in_document(document, results.read()) == document
    assert set(results.read()) <= {path.stem for path in results.RECIPES.glob("*.yaml")}


def test_a_row_is_mean_and_spread_and_never_rounded_up():
    *_, row = results_table.table({"mnist_mlp": RECIPE}).splitlines()
    expected = (
        "| `mnist_mlp` | 0, 1 | 98.49 ± 0.42 % |  | 1:02 | 705848c "
        "| 2026-11-23, A CPU, 2 cores, compiled |"
    )
    assert row == expected


def test_a_single_run_has_no_spread_and_other_pixels_are_told():
    run = {"seed": 0, "test_accuracy": 0.9123, "test_tta_accuracy": 0.92, "seconds": 700.0}
    one = RECIPE | {"runs": [run], "official_data": False}
    cells = results_table.table({"x": one}).splitlines()[-1].split(" | ")
    assert cells[2:5] == ["91.23 %", "92.00 %", "11:40"]
    assert cells[-1].endswith("not the official pixels |")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with one recipe, whose runs are made up."""
    (tmp_path / "run.py").touch()
    (tmp_path / "small.yaml").touch()
    (tmp_path / "README.md").write_text(f"a\n{results_table.BEGIN}\nold\n{results_table.END}\nb\n")
    monkeypatch.setattr(results, "ROOT", tmp_path)
    monkeypatch.setattr(results, "RECIPES", tmp_path)
    monkeypatch.setattr(results, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(results, "README", tmp_path / "README.md")
    monkeypatch.setattr(results, "git_commit", lambda: None)
    return tmp_path


def typed(*words):
    parser = argparse.ArgumentParser()
    results.add_arguments(parser)
    return parser.parse_args(words)


def test_recipes_are_run_as_a_user_would_and_noted(checkout, conf, monkeypatch, tmp_path):
    without_plots(monkeypatch)
    commands = []

    class Process:
        """Trains here in place of `run.py`."""

        def __init__(self, command):
            *start, seed, folder = command
            commands.append([*start, seed])
            train(Path(folder.removeprefix("hydra.run.dir=")), "trainer.epochs=1", seed)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def wait(self):
            return 0

    with monkeypatch.context() as patch:
        patch.setattr(results, "subprocess", SimpleNamespace(Popen=Process))
        results.run(typed("small", "--seeds", "3", "4", "--outputs", str(tmp_path / "out")))
    start = [sys.executable, str(checkout / "run.py"), "experiment=small"]
    assert commands == [[*start, "seed=3"], [*start, "seed=4"]]
    noted = json.loads((checkout / "results.json").read_text())["small"]
    for run, folder in zip(noted["runs"], ("small-3-0", "small-4-0"), strict=True):
        summary = json.loads((tmp_path / "out" / folder / "summary.json").read_text())
        assert run["test_accuracy"] == summary["test_accuracy"]
    assert noted["engine"] == "numpy"
    assert [run["seed"] for run in noted["runs"]] == [3, 4]
    document = (checkout / "README.md").read_text()
    assert document.startswith(f"a\n{results_table.BEGIN}\n| recipe |")
    assert "| `small` | 3, 4 |" in document
    assert document.endswith(f"{results_table.END}\nb\n")


def test_the_table_of_one_recipe_is_no_change_for_the_next(checkout, monkeypatch):
    (checkout / "other.yaml").touch()
    states = iter([{"commit": "0123456789", "dirty": False}, {"commit": "0", "dirty": True}])
    monkeypatch.setattr(results, "git_commit", lambda: next(states))
    monkeypatch.setattr(results, "_train", lambda name, seed, outputs: outputs / name)
    monkeypatch.setattr(results, "result", lambda folders, commit: RECIPE | {"commit": commit})
    results.run(typed("small", "other", "--seeds", "0"))
    assert [one["commit"] for one in results.read().values()] == ["0123456", "0123456"]


def test_a_failing_run_leaves_no_number(checkout, monkeypatch):
    monkeypatch.setattr(results, "_exit_code_of", lambda overrides: 3)
    with pytest.raises(RunError, match="ended with exit code 3"):
        results.run(typed("small"))
    assert not (checkout / "results.json").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["smal"], r"smal: must be one of small \(did you mean small\?\)"),
        (["small", "--seeds", "1", "1"], r"--seeds 1 1: must be different and >= 0"),
        (["small", "--seeds", "-1"], r"--seeds -1: must be different and >= 0"),
        (["small", "--table"], "--table: runs nothing, so it takes neither recipes nor seeds"),
        (["--table", "--seeds", "1"], "--table: runs nothing"),
    ],
)
def test_bad_input_is_one_line(checkout, words, message):
    with pytest.raises(UserError, match=message):
        results.run(typed(*words))


def test_a_run_gets_the_next_free_folder_whatever_was_removed(checkout, monkeypatch, tmp_path):
    for name in ("small-1-0", "small-1-2", "small-10-1"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(results, "_exit_code_of", lambda overrides: 0)
    assert results._train("small", 1, tmp_path) == tmp_path / "small-1-1"
    (tmp_path / "small-1-1").mkdir()
    assert results._train("small", 1, tmp_path) == tmp_path / "small-1-3"


@pytest.mark.parametrize(
    "document", ["a", results_table.BEGIN, f"{results_table.END}\nb\n{results_table.BEGIN}\nc"]
)
def test_a_document_without_a_place_for_the_table_is_left_as_it_is(checkout, document, monkeypatch):
    monkeypatch.setattr(results, "_exit_code_of", None)  # nothing is run
    (checkout / "README.md").write_text(document)
    with pytest.raises(UserError, match="must have the lines"):
        results.run(typed("small"))
    assert (checkout / "README.md").read_text() == document
    assert not (checkout / "results.json").exists()


def test_a_damaged_file_of_results_is_reported_before_anything_is_run(checkout, monkeypatch):
    monkeypatch.setattr(results, "_exit_code_of", None)
    (checkout / "results.json").write_text("{")
    with pytest.raises(RunError, match=r"results\.json"):
        results.run(typed("small"))


IN_THIS_FOLDER = """
import sys
from pathlib import Path
from scratchnet.__main__ import main
from scratchnet.cli.commands import results
results.RESULTS, results.README = Path("results.json"), Path("README.md")
sys.exit(main(["results", "digits_cnn", "--seeds", "0", "--outputs", "out"]))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for a child")
@pytest.mark.parametrize(("number", "send"), [(signal.SIGINT, "killpg"), (signal.SIGTERM, "kill")])
def test_a_run_that_is_stopped_finishes_its_step_and_can_be_resumed(tmp_path, number, send):
    """By Ctrl-C, which a terminal sends to both processes, or by a signal to the first alone."""
    (tmp_path / "README.md").write_text(f"{results_table.BEGIN}\n{results_table.END}\n")
    with subprocess.Popen(
        [sys.executable, "-c", IN_THIS_FOLDER],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        while not list(tmp_path.rglob("last.npz")):
            assert process.poll() is None
            time.sleep(0.02)
        getattr(os, send)(process.pid, number)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert errors.endswith("resume=out/digits_cnn-0-0\ninterrupted\ninterrupted\n")
    status = json.loads((tmp_path / "out" / "digits_cnn-0-0" / "run.json").read_text())["status"]
    assert status == "interrupted"
    assert not (tmp_path / "results.json").exists()
