"""A look at the layers sees what NumPy sees, and changes nothing of the training."""

import json

import numpy as np
import pytest
from small_trainings import Recorder, images, loader, training

from scratchnet.insight import layers
from scratchnet.insight.layer_history import DARKEST, layer_history
from scratchnet.insight.layers import LayerWatch, dead_units, histogram, magnitudes
from scratchnet.nn.activations import ActivationName
from scratchnet.nn.loss import SoftmaxCrossEntropy
from scratchnet.nn.models import CNN, MLP, ResNet
from scratchnet.reports.listeners import Listeners
from scratchnet.runs.folder import RunFolder
from scratchnet.training.settings import TrainerSettings

MODELS = [
    MLP(hidden_dims=[8, 6], dropout=0.5),
    MLP(hidden_dims=[8], activation=ActivationName.tanh),
    CNN(widths=[4]),
    ResNet(widths=[4], blocks_per_stage=1),
]


def train(model, folder=None, epochs=3):
    trainer = training(TrainerSettings(epochs=epochs, batch_size=10), model=model)
    listeners = [Recorder()]
    if folder:
        listeners.append(LayerWatch(RunFolder(folder), trainer, loader(images(20, seed=5), 20)))
    trainer.fit(Listeners(listeners))
    return trainer


@pytest.mark.parametrize("model", MODELS, ids=lambda one: one.name)
def test_the_training_has_the_same_bits(model, tmp_path):
    watched, alone = train(model, tmp_path), train(model)
    for name, array in alone.network.state().items():
        np.testing.assert_array_equal(watched.network.state()[name], array)
    assert json.loads((tmp_path / layers.FILE).read_text().splitlines()[0])["epoch"] == 1
    assert all("forward" not in vars(layer) for layer in watched.network.all_layers())


def test_numbers_are_those_of_numpy(tmp_path):
    trainer = train(MLP(hidden_dims=[8, 6]), tmp_path, epochs=1)
    (seen,) = map(json.loads, (tmp_path / layers.FILE).read_text().splitlines())
    data = images(20, seed=5)
    x = ((data.pixels.astype(np.float32) - 120) / 60).reshape(20, -1)
    first, second, third = [one for one in trainer.network.layers if hasattr(one, "weight")]
    hidden = np.maximum(x @ first.weight + first.bias, 0)
    values = seen["activations"]["2.ReLU"]["values"]
    counts, edges = np.histogram(hidden, 32)
    assert sum(values["counts"]) == hidden.size
    assert values["high"] == pytest.approx(edges[-1], rel=1e-5)
    assert np.abs(np.array(values["counts"]) - counts).sum() <= 4
    dead = sum(len(np.unique(hidden[:, i])) == 1 for i in range(8))
    assert seen["activations"]["2.ReLU"]["dead"] == dead
    both = np.maximum(hidden @ second.weight + second.bias, 0)
    logits = both @ third.weight + third.bias
    _, dlogits = SoftmaxCrossEntropy()(logits, data.labels)
    gradients = np.abs(both.T @ dlogits)
    powers = np.log10(np.maximum(gradients, 1e-12))
    expected = np.histogram(powers, 28, (-12, 2))[0]
    name = [*seen["weights"]][-1]
    assert np.abs(np.array(seen["weights"][name]["gradients"]) - expected).sum() <= 4


@pytest.mark.parametrize(("batch_size", "epochs"), [(10, 1), (37, 2)])
def test_the_update_is_that_of_the_last_step(tmp_path, batch_size, epochs):
    settings = TrainerSettings(epochs=epochs, batch_size=batch_size)
    trainer = training(settings, model=MLP(hidden_dims=[8]))
    values = []

    class Keeper(Recorder):
        def on_batch(self, metrics):
            values.append(trainer.network.parameters.values.copy())

    watch = LayerWatch(RunFolder(tmp_path), trainer, loader(images(20), 20))
    trainer.fit(Listeners([Keeper(), watch]))
    seen = json.loads((tmp_path / layers.FILE).read_text().splitlines()[-1])
    assert seen["epoch"] == epochs
    slots = [slot for name, slot in trainer.network.parameters.slots.items() if "weight" in name]
    for slot, weight in zip(slots, seen["weights"].values(), strict=True):
        before, after = slot.view(values[-2]), slot.view(values[-1])
        expected = np.linalg.norm(after - before) / np.linalg.norm(before)
        assert weight["update"] == pytest.approx(expected, rel=1e-5)


def test_dead_units_answer_the_same_to_all_images_and_places():
    y = np.random.default_rng(0).normal(size=(5, 3, 3, 4))
    y[..., 1] = 0
    y[:4, ..., 2] = 0
    assert dead_units(y) == {"units": 4, "dead": 1}


def test_numbers_that_are_not_finite_are_left_out():
    y = np.array([np.nan, np.inf, 1.0, 2.0])
    assert sum(histogram(y)["counts"]) == 2
    assert sum(magnitudes(y)) == 2
    assert sum(histogram(np.full(3, np.nan))["counts"]) == 0


def test_a_disk_that_fails_ends_the_looks_but_not_the_training(tmp_path, caplog):
    trainer = train(MLP(hidden_dims=[8]), tmp_path / "gone")
    assert trainer.epoch == 3
    (record,) = caplog.records
    assert "the report will not show the layers" in record.message


def test_a_resumed_run_shows_its_last_look_and_no_later_epochs(tmp_path):
    def line(epoch, low, high, counts, dead):
        return {
            "epoch": epoch,
            "activations": {
                "1.ReLU": {
                    "values": {"low": low, "high": high, "counts": counts},
                    "units": 9,
                    "dead": dead,
                }
            },
            "weights": {"0.Linear": {"gradients": [0, 4, 2], "update": 0.5}},
        }

    looks = [
        line(1, 0.0, 2.0, [8] * 32, 1),
        line(3, 0.0, 1.0, [2] * 32, 7),
        line(2, 0.0, 2.0, [8] * 32, 2),
        line(3, 0.0, 4.0, [2] * 32, 3),
        line(4, 0.0, 99.0, [2] * 32, 4),
    ]
    text = "".join(f"{json.dumps(one)}\n" for one in looks)
    (tmp_path / layers.FILE).write_text(text)
    history = layer_history(tmp_path, epochs=3)
    assert history["epochs"] == [1, 2, 3]
    (relu,) = history["activations"]
    assert relu["dead"] == [1, 2, 3]
    assert (relu["low"], relu["high"]) == (0, 4)
    assert relu["columns"][0] == [DARKEST] * 16 + [0] * 16  # 0 to 2, of 0 to 4
    assert relu["columns"][2] == [DARKEST] * 32
    assert history["weights"][0]["columns"][0] == [0, 255, 128]
