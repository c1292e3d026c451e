"""A run folder is read back as it was written."""

import csv
import json
from datetime import datetime

import pytest
from omegaconf import OmegaConf

from scratchnet.errors import RunError
from scratchnet.runs import RunFolder, Status
from scratchnet.system import files
from scratchnet.training.metrics import EpochMetrics

CONFIG = {
    "dataset": {"name": "digits", "root": None, "augment": False},
    "model": {"hidden_dims": [256, 128], "dropout": 0.1, "activation": "relu"},
    "optimizer": {"lr": 1e-05, "notes": "1e-3, yes: [no] #ü 'x' \"y\"\n{z}"},
    "seed": 0,
}


def metrics(epoch: int, **changes) -> EpochMetrics:
    values = {
        "step": epoch * 10,
        "lr": 1e-3 / 3,
        "train_loss": 0.1 + 0.2,
        "train_accuracy": 0.5,
        "val_loss": 1e300,
        "val_accuracy": 2 / 3,
        "seconds": 0.25,
        "samples_per_second": 12345.678,
        "grad_norm": 5e-324,
        "val_balanced_accuracy": 0.1 + 0.7,
    }
    return EpochMetrics(epoch=epoch, **(values | changes))


@pytest.fixture
def run(tmp_path):
    return RunFolder.create(tmp_path / "a" / "run", CONFIG, ["seed=0", "model=mlp"], {"seed": 0})


def test_a_new_run_has_config_overrides_and_status(run):
    reopened = RunFolder.open(run.path)
    assert reopened.config == CONFIG
    assert OmegaConf.load(run.path / "config.yaml") == CONFIG
    assert (run.path / "overrides.txt").read_text() == "seed=0\nmodel=mlp\n"
    assert reopened.info["status"] == "running"
    assert reopened.info["seed"] == 0
    assert datetime.fromisoformat(reopened.info["start"]).tzinfo is not None
    assert reopened.info["end"] is None
    assert reopened.metrics == []
    assert run.checkpoints.is_dir()
    assert run.plots.is_dir()


def test_what_was_found_in_the_data_has_a_file_of_its_own(run, tmp_path):
    assert not (run.path / "data.json").exists()
    found = {"skipped": [["Ä b.png", "is truncated"]]}
    path = RunFolder.create(tmp_path / "own", CONFIG, [], {}, found).path
    assert json.loads((path / "data.json").read_text(encoding="utf-8")) == found


def test_the_table_of_layers_is_written_unchanged(run):
    run.write_layers("layer\ntotal\n")
    assert (run.path / "summary.txt").read_text() == "layer\ntotal\n"


def test_a_folder_may_exist_but_holds_one_run_only(run, tmp_path):
    (tmp_path / "empty").mkdir()
    RunFolder.create(tmp_path / "empty", CONFIG, [], {})
    with pytest.raises(RunError, match="already holds a run"):
        RunFolder.create(run.path, CONFIG, [], {})


def test_metrics_come_back_to_the_bit_and_read_as_csv(run):
    rows = [metrics(1), metrics(2, val_loss=0.1 + 1e-17, lr=3e-05)]
    for row in rows:
        run.append_metrics(row)
    read = RunFolder.open(run.path).metrics
    assert [EpochMetrics(**row) for row in read] == rows
    assert type(read[0]["epoch"]) is int
    with (run.path / "metrics.csv").open(newline="") as file:
        assert [float(row["lr"]) for row in csv.DictReader(file)] == [1e-3 / 3, 3e-05]


def test_a_repeated_epoch_replaces_its_row_and_those_after_it(run):
    for epoch in (1, 2, 3):
        run.append_metrics(metrics(epoch, lr=0.1))
    resumed = RunFolder.open(run.path)
    resumed.append_metrics(metrics(2, lr=0.2))
    assert [(row["epoch"], row["lr"]) for row in run.metrics] == [(1, 0.1), (2, 0.2)]


def test_metrics_after_an_epoch_can_be_dropped(run):
    for epoch in (1, 2, 3):
        run.append_metrics(metrics(epoch))
    resumed = RunFolder.open(run.path)
    resumed.truncate_metrics(1)
    assert [row["epoch"] for row in run.metrics] == [1]
    with pytest.raises(RunError, match="has 1 epochs, must have 2"):
        resumed.truncate_metrics(2)


@pytest.mark.parametrize("n", range(6))
def test_a_row_that_cannot_be_written_leaves_the_others(run, monkeypatch, n):
    run.append_metrics(metrics(1))
    count = iter(range(100))

    def fail(operation, path):
        if next(count) == n:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files, "hook", fail)
        with pytest.raises(RunError, match="No space left"):
            run.append_metrics(metrics(2))
    assert [row["epoch"] for row in run.metrics] == ([1] if n < 4 else [1, 2])
    run.append_metrics(metrics(2))
    assert [row["epoch"] for row in run.metrics] == [1, 2]


def test_finish_changes_only_status_end_and_seconds(run):
    before = run.info
    run.finish(Status.completed, seconds=2.5)
    after = RunFolder.open(run.path).info
    assert after["status"] == "completed"
    assert datetime.fromisoformat(after["end"]) >= datetime.fromisoformat(after["start"])
    assert after["seconds"] == 2.5
    assert {**after, "status": "running", "end": None, "seconds": None} == before


def test_a_summary_is_flat_json_and_numbers_come_back_to_the_bit(run):
    run.write_summary({"test_loss": 0.1 + 0.2, "best_epoch": 3, "val_loss": float("inf")})
    assert run.summary == {"test_loss": 0.1 + 0.2, "best_epoch": 3, "val_loss": None}
    assert json.loads((run.path / "summary.json").read_text())["best_epoch"] == 3


def test_a_missing_or_invalid_file_is_named(run, tmp_path):
    with pytest.raises(RunError, match="nowhere: there is no such folder"):
        RunFolder.open(tmp_path / "nowhere")
    with pytest.raises(RunError, match="is not a run folder"):
        RunFolder.open(tmp_path)
    with pytest.raises(RunError, match=r"summary\.json: there is no such file"):
        _ = run.summary
    (run.path / "run.json").write_text('{"status": "gone"}')
    with pytest.raises(RunError, match="status must be one of running, completed"):
        _ = run.info


@pytest.mark.parametrize(
    "name", ["with space", "ünïcödé ☃", "x" * 200, "-n", "a$b{c}", "${seed}"], ids=repr
)
def test_any_folder_name_works(tmp_path, name):
    run = RunFolder.create(tmp_path / name, CONFIG, [], {})
    run.append_metrics(metrics(1))
    link = tmp_path / "link"
    link.symlink_to(run.path)
    assert RunFolder.open(link).metrics == run.metrics
    assert RunFolder.open(str(link)).config == CONFIG
