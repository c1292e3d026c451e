"""Layers that stop learning: their parameters to the bit, and what goes on around them."""

import numpy as np
import pytest
from small_trainings import Recorder, images, training

from scratchnet.errors import SettingError
from scratchnet.nn.loss import SoftmaxCrossEntropy
from scratchnet.nn.models import CNN, MLP, AirNet, ResNet
from scratchnet.nn.models.mlp import NormName
from scratchnet.optim.adam import AdamW
from scratchnet.optim.muon import Muon
from scratchnet.training.freezing import Freezing
from scratchnet.training.settings import TrainerSettings

pytestmark = pytest.mark.usefixtures("each_engine")

NORMED = MLP(hidden_dims=[8, 8], norm=NormName.batch)


class Watch(Recorder):
    """Keeps the parameters, by name, as they are after each epoch."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        self.seen = [self.values()]

    def values(self):
        parameters = self.network.parameters
        return {n: slot.view(parameters.values).copy() for n, slot in parameters.slots.items()}

    def on_epoch(self, metrics, is_best):
        super().on_epoch(metrics, is_best)
        self.seen.append(self.values())

    def unchanged(self, epoch):
        """The names of the parameters that this epoch has left as they were."""
        before, after = self.seen[epoch - 1 : epoch + 1]
        return {name for name in before if (before[name] == after[name]).all()}


@pytest.mark.parametrize("optimizer", [AdamW(weight_decay=0.1), Muon(decay_all=True)])
@pytest.mark.parametrize(
    ("layers", "frozen"),
    [
        (["1.Linear"], {"1.weight", "1.bias"}),
        (["BatchNorm"], {"2.scale", "2.shift", "5.scale", "5.shift"}),
        (["1.Linear", "5.BatchNorm"], {"1.weight", "1.bias", "5.scale", "5.shift"}),
    ],
)
def test_named_layers_learn_for_some_epochs(optimizer, layers, frozen):
    settings = TrainerSettings(epochs=2, batch_size=10, freezing=Freezing(layers, after_epochs=1))
    job = training(settings, model=NORMED, optimizer=optimizer, lr=0.01)
    job.fit(watch := Watch(job.network))
    # a bias before a normalisation has next to no gradient; SGD may leave it where it is
    without_gradient = {"1.bias", "4.bias"}
    assert watch.unchanged(1) <= without_gradient
    assert frozen <= watch.unchanged(2) <= frozen | without_gradient


def test_frozen_from_the_start_and_with_all_that_is_inside():
    settings = TrainerSettings(epochs=1, batch_size=10, freezing=Freezing(["Residual"]))
    model = MLP(hidden_dims=[8, 8], residual=True)
    job = training(settings, model=model)
    job.fit(watch := Watch(job.network))
    assert watch.unchanged(1) == {"4.weight", "4.bias"}


def test_running_statistics_go_on():
    settings = TrainerSettings(epochs=1, batch_size=10, freezing=Freezing(["BatchNorm"]))
    job = training(settings, model=NORMED)
    before = job.network.buffers["2.mean"].copy()
    job.fit(Recorder())
    assert (job.network.buffers["2.mean"] != before).all()


@pytest.mark.parametrize("model", [AirNet(widths=[4]), CNN(widths=[4]), ResNet(widths=[4])])
def test_the_other_gradients_are_the_same_and_the_first_layers_cost_nothing(model):
    network = model.build((8, 8, 3), classes=3, seed=0)
    first = network.layers[0]
    x = np.random.default_rng(0).standard_normal((5, 8, 8, 3)).astype(np.float32)
    labels = images(5).labels

    def grads():
        logits = network.forward(x, train=True)
        network.backward(SoftmaxCrossEntropy()(logits, labels)[1])
        return network.parameters.grads.copy()

    whole = grads()
    trained = network.train_all_but([first])
    frozen = network.parameters.size - sum(slot.size for slot in trained)
    assert frozen == sum(np.prod(d.shape) for d in first.declarations.values()) > 0
    called = []
    first.backward = called.append
    without = grads()
    assert not called
    for slot in network.parameters.slots.values():
        expected = whole[slot.place] if slot in trained else 0
        np.testing.assert_array_equal(without[slot.place], expected)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("Liner", r"^layers=Liner: no layer of the model; did you mean Linear\?$"),
        ("2.Linear", r"^layers=2.Linear: no layer of the model; did you mean \d.Linear\?$"),
        ("x", r"^layers=x: no layer of the model; there are 0.Flatten, 1.Linear, 2.BatchNorm, .*"),
    ],
)
def test_a_name_that_matches_nothing(name, problem):
    layers = NORMED.build((2, 2, 1), classes=3, seed=0).layers
    with pytest.raises(SettingError, match=problem):
        Freezing([name]).chosen(layers)


@pytest.mark.parametrize(
    ("freezing", "when"),
    [
        (Freezing(layers=["Linear"]), ""),
        (Freezing(layers=["Linear", "1.Linear"]), ""),
        (Freezing(layers=["Linear"], after_epochs=2), " after epoch 2"),
    ],
)
def test_freezing_all_that_could_learn_is_refused(freezing, when):
    layers = MLP(hidden_dims=[8]).check((4, 4, 1), 3)
    with pytest.raises(SettingError, match=f"so nothing would learn{when}; leave one out"):
        freezing.check(layers, epochs=3)


def test_freezing_all_but_one_or_never_is_fine():
    layers = MLP(hidden_dims=[8]).check((4, 4, 1), 3)
    Freezing(layers=["1.Linear"]).check(layers, epochs=3)
    Freezing(layers=["Linear"], after_epochs=3).check(layers, epochs=3)
    Freezing().check(layers, epochs=3)
    normed = NORMED.check((4, 4, 1), 3)
    Freezing(layers=["Linear"]).check(normed, epochs=3)  # its normalisations learn
