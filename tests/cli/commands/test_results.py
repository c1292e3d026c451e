"""`results`: what is run, what is noted, and that README shows what the file holds."""

import argparse
import json
import subprocess
import sys
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

    def run(command):
        *start, seed, folder = command
        commands.append([*start, seed])
        train(Path(folder.removeprefix("hydra.run.dir=")), "trainer.epochs=1", seed)
        return subprocess.CompletedProcess(command, 0)

    with monkeypatch.context() as patch:
        patch.setattr(results, "subprocess", SimpleNamespace(run=run))
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
    failed = subprocess.CompletedProcess([], 3)
    monkeypatch.setattr(results.subprocess, "run", lambda command: failed)
    with pytest.raises(RunError, match="ended with exit code 3"):
        results.run(typed("small"))
    assert not (checkout / "results.json").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["smal"], r"smal: must be one of small \(did you mean small\?\)"),
        (["small", "--seeds", "1", "1"], r"--seeds 1 1: must be different and >= 0"),
        (["small", "--seeds", "-1"], r"--seeds -1: must be different and >= 0"),
    ],
)
def test_bad_input_is_one_line(checkout, words, message):
    with pytest.raises(UserError, match=message):
        results.run(typed(*words))
