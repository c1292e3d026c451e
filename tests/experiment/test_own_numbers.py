"""Whole runs on tables and arrays: as accurate as scikit-learn's, resumed to the bit, evaluated."""

import json
import warnings

import numpy as np
import pytest
from own_numbers import scikit
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from small_runs import train, without_plots

from scratchnet.cli.commands.evaluate import evaluate_run
from scratchnet.config import from_plain
from scratchnet.errors import SettingError
from scratchnet.experiment import resume
from scratchnet.runs import RunFolder
from scratchnet.runs.inputs import Inputs

EPOCHS = {"iris": 60, "wine": 8, "breast_cancer": 5, "digits": 4}
SETTINGS = (  # chosen on held-out samples, as are the epochs
    *("model.hidden_dims=[32]", "trainer.batch_size=8", "optimizer.lr=1e-2"),
)
FINAL = "dataset.validation=none"


@pytest.fixture(scope="module", autouse=True)
def _no_plots():
    with pytest.MonkeyPatch.context() as patch:
        without_plots(patch)
        yield


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of each data set: a table and arrays."""
    folder = tmp_path_factory.mktemp("files")
    return {name: scikit(name, folder) for name in EPOCHS}


def run_on(path, folder, *overrides):
    kind = "csv" if path.suffix == ".csv" else "arrays"
    train(folder, f"dataset={kind}", f"dataset.path='{path}'", *overrides, small=SETTINGS)
    return RunFolder.open(folder)


def scikits_accuracy(splits):
    """The test accuracy of scikit-learn's MLP of the same size, on the same splits."""
    x, tested = (
        (part.take(np.arange(len(part))) - splits.mean) / splits.std
        for part in (splits.train, splits.test)
    )
    model = MLPClassifier([32], learning_rate_init=5e-3, batch_size=8, max_iter=20, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # enough is enough
        model.fit(x.reshape(len(x), -1), splits.train.labels)
    return model.score(tested.reshape(len(tested), -1), splits.test.labels)


@pytest.mark.parametrize("name", EPOCHS)
def test_tables_and_arrays_are_learned_as_well_as_by_scikit_learn(name, files, tmp_path, conf):
    summaries = []
    for path in files[name]:
        run = run_on(path, tmp_path / path.suffix, FINAL, f"trainer.epochs={EPOCHS[name]}")
        summaries.append(run.summary)
    splits = from_plain(run.config).dataset.load(0)
    least = scikits_accuracy(splits) - max(0.02, 1.01 / len(splits.test))  # or one sample
    for summary in summaries:
        assert summary["test_accuracy"] >= least
        assert summary["test_balanced_accuracy"] > least - 0.05
        assert len(summary["test_class_accuracies"]) == len(run.info["inputs"]["classes"])


@pytest.fixture(scope="module")
def run(files, tmp_path_factory, conf):
    """A run on iris as a table, with rare classes weighted."""
    overrides = ("trainer.epochs=6", "schedule=constant", "trainer.class_weights=balanced")
    return run_on(files["iris"][0], tmp_path_factory.mktemp("run") / "run", *overrides)


def test_a_run_knows_what_it_was_given(run):
    inputs = Inputs.from_plain(run.info["inputs"])
    assert (inputs.shape, inputs.classes) == ([1, 1, 4], ["setosa", "versicolor", "virginica"])
    assert inputs.features[0] == "sepal length (cm)"
    found = json.loads((run.path / "data.json").read_text())
    assert found["classes"]["setosa"] == {"train": 36, "val": 4, "test": 10}
    assert "labels: column species" in found["notes"]
    assert "left out as an id, as all values differ: id" in run.log.read_text()


def test_evaluate_finds_the_same_numbers(run):
    numbers = evaluate_run(run, "best").numbers
    assert numbers == {name: run.summary[name] for name in numbers}


@pytest.mark.parametrize("which", [0, 1], ids=["csv", "arrays"])
def test_a_resumed_run_ends_with_the_same_bits(which, files, tmp_path):
    overrides = ("schedule=constant", "model.dropout=0.2", "trainer.class_weights=balanced")
    path = files["wine"][which]
    whole = run_on(path, tmp_path / "whole", *overrides, "trainer.epochs=4")
    stopped = run_on(path, tmp_path / "stopped", *overrides, "trainer.epochs=2")
    resume.run(stopped.path, ["trainer.epochs=4"])
    for name in ("last.npz", "best.npz"):
        found, expected = (one.checkpoints / name for one in (stopped, whole))
        assert found.read_bytes() == expected.read_bytes()


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["model=cnn"], "model=cnn does not fit dataset=csv: it takes images, and these are vec"),
        (
            ["dataset.augment=true", "dataset.augmentation.rotation=5"],
            "dataset.augment=true: must be false, as the samples of csv are vectors",
        ),
        (["dataset.augment=true"], "samples of csv are vectors, which cannot be augmented"),
        (["trainer.test_time_augmentation=flip"], "test_time_augmentation=flip: must be none"),
    ],
)
def test_what_suits_images_only_is_refused_for_vectors(files, tmp_path, conf, overrides, message):
    small = ["model.hidden_dims=[8]"] if "model=cnn" not in overrides else []
    path = files["iris"][0]
    with pytest.raises(SettingError, match=message):
        train(tmp_path / "run", "dataset=csv", f"dataset.path='{path}'", *overrides, small=small)
    assert not (tmp_path / "run").exists()


def test_vectors_can_be_mixed_up(files, tmp_path):
    mixed = ("dataset.augment=true", "dataset.augmentation.mixup_alpha=0.2", "trainer.epochs=1")
    assert run_on(files["iris"][0], tmp_path / "run", *mixed).summary["test_accuracy"] > 0


@pytest.mark.parametrize("counts", [[3, 2, 40], [3, 3]])
@pytest.mark.usefixtures("conf")
def test_rare_classes_and_batches_larger_than_the_set(tmp_path, counts):
    labels = np.repeat(np.arange(len(counts)), counts)
    images = (np.random.default_rng(0).random((len(labels), 8, 8)) + labels[:, None, None]) / 3
    np.savez(tmp_path / "a.npz", X=images, y=labels)
    overrides = (
        *("trainer.batch_size=1000", "trainer.epochs=2", "trainer.class_weights=balanced"),
        "trainer.early_stopping.metric=val_balanced_accuracy",
    )
    run = run_on(tmp_path / "a.npz", tmp_path / "run", *overrides)
    assert run.metrics[-1]["step"] == 2  # one batch an epoch
    assert (
        run.summary["val_balanced_accuracy"]
        == run.metrics[run.summary["best_epoch"] - 1]["val_balanced_accuracy"]
    )
