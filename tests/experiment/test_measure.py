"""Final runs: trained on all images, with a second result from test-time augmentation."""

import math

import pytest
from small_runs import train, without_plots

from scratchnet.cli.commands.evaluate import evaluate_run
from scratchnet.experiment import resume
from scratchnet.runs import RunFolder, load_runs

AUGMENTED = (
    "dataset.augment=true",
    "dataset.augmentation.rotation=10",
    "dataset.augmentation.cutout=2",
    "dataset.augmentation.elastic_alpha=3",
    "dataset.augmentation.mixup_alpha=0.2",
    "dataset.augmentation.flip=alternating",
)
FINAL = ("dataset.validation=none", "trainer.test_time_augmentation=flip", *AUGMENTED)


@pytest.fixture
def folder(tmp_path, conf, monkeypatch):
    """A final run on the digits, with every augmentation."""
    without_plots(monkeypatch)
    return train(tmp_path / "final", *FINAL)


def test_a_final_run_trains_on_all_images_and_its_last_epoch_is_the_result(folder, capsys):
    run = RunFolder.open(folder)
    assert run.info["data"]["images"] == {"train": 1437, "val": 0, "test": 360}
    assert all(math.isnan(row["val_loss"]) for row in run.metrics)
    assert run.best_checkpoint.read_bytes() == run.last_checkpoint.read_bytes()
    assert run.summary["best_epoch"] == run.summary["epochs"] == 3
    assert not [name for name in run.summary if name.startswith("val")]
    (row,) = load_runs(folder)
    assert row["best_epoch"] == 3
    assert not [name for name in row if "val_" in name]


def test_the_augmented_result_is_reported_beside_the_plain_one(folder, tmp_path, capsys):
    summary = RunFolder.open(folder).summary
    plain = RunFolder.open(train(tmp_path / "plain", *FINAL, "trainer.test_time_augmentation=none"))
    assert plain.summary["test_loss"] == summary["test_loss"]
    assert plain.summary["test_accuracy"] == summary["test_accuracy"]
    assert summary["test_tta_loss"] != summary["test_loss"]
    assert "test_tta_loss" not in plain.summary
    epoch, results, _ = evaluate_run(RunFolder.open(folder), "best")
    assert epoch == 3
    assert results == {name: summary[name] for name in results}
    assert [name for name in results if "tta" in name] == [
        "test_tta_loss",
        "test_tta_accuracy",
        "test_tta_balanced_accuracy",
    ]


def test_both_results_are_printed(tmp_path, conf, monkeypatch, capsys):
    without_plots(monkeypatch)
    summary = RunFolder.open(train(tmp_path / "run", *FINAL)).summary
    plain, augmented, _ = capsys.readouterr().out.splitlines()[-3:]
    assert f"test accuracy {100 * summary['test_accuracy']:.2f} %" in plain
    assert plain.endswith("(last epoch, no validation split)")
    assert f"(flip): test accuracy {100 * summary['test_tta_accuracy']:.2f} %" in augmented


def test_all_augmentations_survive_a_stop_to_the_bit(folder, tmp_path, monkeypatch):
    stopped = train(tmp_path / "stopped", *FINAL, "trainer.epochs=1", "schedule=constant")
    resume.run(stopped, ["trainer.epochs=3"])
    whole = train(tmp_path / "whole", *FINAL, "schedule=constant")
    for name in ("last.npz", "best.npz"):
        found, expected = stopped / "checkpoints" / name, whole / "checkpoints" / name
        assert found.read_bytes() == expected.read_bytes()


def test_the_best_epoch_is_chosen_by_the_plain_validation_result(tmp_path, conf, monkeypatch):
    without_plots(monkeypatch)
    runs = [
        RunFolder.open(train(tmp_path / views, f"trainer.test_time_augmentation={views}"))
        for views in ("none", "flip_shift")
    ]
    assert runs[0].summary["best_epoch"] == runs[1].summary["best_epoch"]
    best = runs[1].metrics[runs[1].summary["best_epoch"] - 1]
    assert runs[1].summary["val_accuracy"] == best["val_accuracy"]
    assert "val_tta_accuracy" in runs[1].summary
