"""`evaluate` gives the numbers of the run, to the bit."""

import json
import shutil

import pytest
from small_runs import train, without_plots

from scratchnet.__main__ import main
from scratchnet.cli.commands.evaluate import evaluate_run
from scratchnet.runs import RunFolder
from scratchnet.training import checkpoint

NUMBERS = [
    f"{split}_{name}"
    for split in ("val", "test")
    for name in ("loss", "accuracy", "balanced_accuracy", "class_accuracies")
]


@pytest.fixture
def copy(run, tmp_path) -> RunFolder:
    """A run folder that a test may damage."""
    return RunFolder.open(shutil.copytree(run.path, tmp_path / "copy"))


def test_the_best_checkpoint_gives_the_summary(run):
    epoch, results, _ = evaluate_run(run, "best")
    assert epoch == run.summary["best_epoch"]
    assert results == {name: run.summary[name] for name in NUMBERS}
    row = run.metrics[epoch - 1]
    assert (results["val_loss"], results["val_accuracy"]) == (row["val_loss"], row["val_accuracy"])


@pytest.mark.parametrize("averaging", ["ema", "lookahead"])
def test_averaged_weights_give_the_summary_too(tmp_path, conf, monkeypatch, averaging):
    without_plots(monkeypatch)
    train(tmp_path / "run", f"averaging={averaging}", "model.norm=batch")
    test_the_best_checkpoint_gives_the_summary(RunFolder.open(tmp_path / "run"))


def test_the_last_checkpoint_gives_the_last_row(run):
    epoch, results, _ = evaluate_run(run, "last")
    row = run.metrics[-1]
    assert epoch == row["epoch"] == 4
    assert (results["val_loss"], results["val_accuracy"]) == (row["val_loss"], row["val_accuracy"])


def test_the_table(run, capsys):
    assert main(["evaluate", str(run.path)]) == 0
    title, header, val, test, classes, *by_class, agreement = capsys.readouterr().out.splitlines()
    assert title == f"best checkpoint, epoch {run.summary['best_epoch']}"
    assert header.split() == ["loss", "accuracy", "balanced"]
    assert val.split()[:2] == ["val", f"{run.summary['val_loss']:.6f}"]
    assert test.split() == [
        *("test", f"{run.summary['test_loss']:.6f}"),
        *(f"{100 * run.summary['test_accuracy']:.2f}", "%"),
        *(f"{100 * run.summary['test_balanced_accuracy']:.2f}", "%"),
    ]
    assert classes.split() == ["class", "val", "test"]
    accuracies = [run.summary[f"{split}_class_accuracies"] for split in ("val", "test")]
    assert [line.split() for line in by_class] == [
        [
            str(digit),
            *(word for one in accuracies for word in (f"{100 * one[str(digit)]:.2f}", "%")),
        ]
        for digit in range(10)
    ]
    assert agreement == "identical, to the bit, to summary.json"
    assert main(["evaluate", str(run.path), "--checkpoint", "last"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 15


def test_different_numbers_are_reported(copy, capsys):
    copy.write_summary(copy.summary | {"test_loss": 0.125})
    assert main(["evaluate", str(copy.path)]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "differs from summary.json: test_loss is 0.125 there"


def test_a_summary_from_before_balanced_accuracy_is_no_difference(copy, capsys):
    older = {name: value for name, value in copy.summary.items() if "balanced" not in name}
    copy.write_summary(older)
    assert main(["evaluate", str(copy.path)]) == 0
    assert "identical" in capsys.readouterr().out.splitlines()[-1]
    copy.write_summary({name: value for name, value in older.items() if name != "test_loss"})
    assert main(["evaluate", str(copy.path)]) == 0
    assert "test_loss is None there" in capsys.readouterr().out.splitlines()[-1]


def test_numbers_of_other_data_are_not_compared(copy, caplog, capsys):
    info = copy.info
    info["data"]["fingerprint"] = "0" * 64
    (copy.path / "run.json").write_text(json.dumps(info))
    assert main(["evaluate", str(copy.path)]) == 0
    assert "the data is not what the run was trained on" in caplog.text
    *_, last = capsys.readouterr().out.splitlines()
    assert last == "not compared with summary.json, whose numbers are of other data"


def damage_config(run):
    path = run.path / "config.yaml"
    path.write_text(path.read_text().replace("seed: 3", "seed: -1"))


def unknown_model(run):
    path = run.path / "config.yaml"
    path.write_text(path.read_text().replace("name: mlp", "name: os.system"))


def reference_in_config(run):
    path = run.path / "config.yaml"
    path.write_text(path.read_text().replace("seed: 3", "seed: ${oc.env:HOME}"))


def other_network(run):
    path = run.path / "config.yaml"
    path.write_text(path.read_text().replace("- 32", "- 31"))


def truncate_checkpoint(run):
    content = run.best_checkpoint.read_bytes()
    run.best_checkpoint.write_bytes(content[:-100])


def remove_checkpoint(run):
    run.best_checkpoint.unlink()


def checkpoint_without_epoch(run):
    state, _ = checkpoint.load(run.best_checkpoint)
    checkpoint.save(run.best_checkpoint, state, {})


def unknown_engine(run):
    (run.path / "run.json").write_text(json.dumps(run.info | {"engine": ["numpy"]}))


def remove_run_json(run):
    (run.path / "run.json").unlink()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (damage_config, "config.yaml: seed=-1: must be >= 0"),
        (unknown_model, "config.yaml: model.name=os.system: must be one of"),
        (reference_in_config, "a reference or ???"),
        (other_network, "best.npz: the checkpoint does not fit this network"),
        (truncate_checkpoint, "best.npz: the checkpoint is damaged"),
        (remove_checkpoint, "best.npz: there is no such file"),
        (checkpoint_without_epoch, "best.npz: the checkpoint does not say which epoch"),
        (unknown_engine, "`engine` must be numpy or compiled"),
        (remove_run_json, "is not a run folder"),
    ],
)
def test_a_damaged_run_is_one_line_and_exit_2(copy, capsys, damage, message):
    damage(copy)
    assert main(["evaluate", str(copy.path)]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert message in output.err
    assert output.err.count("\n") == 1
