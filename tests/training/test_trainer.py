"""The loop: exact means over unequal batches, clipping, stopping, divergence, same bits."""

import dataclasses
import math
from types import SimpleNamespace

import numpy as np
import pytest
from small_trainings import Recorder, images, loader, training

from scratchnet.errors import SettingError
from scratchnet.nn.activations import ActivationName
from scratchnet.nn.loss import SoftmaxCrossEntropy
from scratchnet.nn.models import MLP, AirNet
from scratchnet.nn.models.mlp import NormName
from scratchnet.nn.models.model import Precision
from scratchnet.optim.adam import Adam, AdamW
from scratchnet.optim.averaging import EMA, Lookahead, NoAveraging
from scratchnet.optim.schedules import Cosine
from scratchnet.optim.sgd import SGD
from scratchnet.training import trainer
from scratchnet.training.early_stopping import EarlyStopping
from scratchnet.training.evaluation import evaluate
from scratchnet.training.settings import TrainerSettings
from scratchnet.training.trainer import Diverged

pytestmark = pytest.mark.usefixtures("each_engine")

VALIDATION = {"loss": 1.0, "accuracy": 0.1, "balanced_accuracy": 0.1}


def test_learns_and_reports_each_epoch():
    recorder = Recorder()
    job = training(TrainerSettings(epochs=8, batch_size=10), schedule=Cosine(), count=137)
    job.fit(recorder)
    first, last = recorder.epochs[0][0], recorder.epochs[-1][0]
    assert [m.epoch for m, _ in recorder.epochs] == list(range(1, 9))
    assert [m.step for m, _ in recorder.epochs] == [14 * e for e in range(1, 9)]
    assert last.val_accuracy > 0.9
    assert last.train_loss < first.train_loss
    assert last.lr == job.schedule(8 * 14 - 1)
    assert job.best.epoch in [m.epoch for m, best in recorder.epochs if best]
    assert [(b.epoch, b.batch, b.batches) for b in recorder.batches] == [
        (e, b, 14) for e in range(1, 9) for b in range(1, 15)
    ]


def test_means_over_unequal_last_batches_are_exact():
    # with a learning rate so small that nothing changes, an epoch's means are those of one pass
    recorder = Recorder()
    job = training(
        TrainerSettings(epochs=1, batch_size=10), lr=1e-30, model=MLP(hidden_dims=[8]), count=37
    )
    job.fit(recorder)
    whole = evaluate(job.network, loader(images(37), batch_size=37))
    metrics = recorder.epochs[0][0]
    assert metrics.train_loss == pytest.approx(whole.loss, rel=1e-5)
    assert metrics.train_accuracy == pytest.approx(whole.accuracy, rel=1e-12)
    assert metrics.val_accuracy * 23 == pytest.approx(round(metrics.val_accuracy * 23))


def test_evaluation_is_the_same_for_every_batch_size():
    network = MLP(hidden_dims=[8]).build((4, 4, 1), classes=3, seed=0)
    results = [evaluate(network, loader(images(23), batch_size=b)) for b in (1, 7, 23, 50)]
    for result in results[1:]:
        assert result.loss == pytest.approx(results[0].loss, rel=1e-5)
        assert result.accuracy == results[0].accuracy
        np.testing.assert_array_equal(result.predictions, results[0].predictions)
    logits = network.forward(next(loader(images(23), 23).batches(0))[0])
    labels = images(23).labels
    assert results[0].loss == pytest.approx(SoftmaxCrossEntropy()(logits, labels)[0], rel=1e-5)
    assert results[0].accuracy == np.mean(logits.argmax(axis=1) == labels)


def test_gradients_are_clipped_and_the_norm_is_logged_before_clipping():
    recorder = Recorder()
    settings = TrainerSettings(epochs=1, batch_size=37, clip_norm=1e-3)
    job = training(settings, lr=1.0, optimizer=SGD(momentum=0.0))
    before = job.network.parameters.values.copy()
    job.fit(recorder)
    assert recorder.epochs[0][0].grad_norm > 0.1
    change = np.linalg.norm(job.network.parameters.values - before)
    assert change == pytest.approx(1e-3, rel=1e-3)


def test_early_stopping_ends_the_run():
    recorder = Recorder()
    stopping = EarlyStopping(patience=2)
    job = training(TrainerSettings(epochs=50, batch_size=10, early_stopping=stopping), lr=1e-30)
    job.fit(recorder)
    assert len(recorder.epochs) == 3
    assert [best for _, best in recorder.epochs] == [True] * 3  # equals


def test_divergence_stops_within_a_step():
    recorder = Recorder()
    job = training(TrainerSettings(epochs=5, batch_size=10, clip_norm=None), lr=1e30)
    with pytest.raises(Diverged, match=r"diverged in epoch 1, step \d"):
        job.fit(recorder)
    assert math.isfinite(recorder.batches[-1].loss)


class Breaks(Recorder):
    """Puts a value where a number should be, after the third batch."""

    def __init__(self, job, where, value):
        super().__init__()
        self.job, self.where, self.value = job, where, value

    def on_batch(self, metrics):
        super().on_batch(metrics)
        if metrics.batch == 3:
            self._break()

    def _break(self):
        network = self.job.network
        if self.where == "weights":
            network.parameters.values[0] = self.value
        elif self.where == "data":
            self.job.train._mean.fill(self.value)
        elif self.where == "loss":
            self.job.loss = lambda logits, labels: (self.value, np.zeros_like(logits))
        elif self.where == "gradient":
            network.backward = lambda dlogits: network.parameters.grads.fill(self.value)


@pytest.mark.parametrize("where", ["weights", "data", "loss", "gradient"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_stops_within_a_step(where, value):
    job = training(TrainerSettings(epochs=5, batch_size=10))
    recorder = Breaks(job, where, value)
    with pytest.raises(Diverged, match="diverged in epoch 1, step 3"):
        job.fit(recorder)
    assert len(recorder.batches) == 3


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_weights_and_a_validation_loss_that_are_no_numbers_are_never_recorded(value, monkeypatch):
    recorder = Breaks(job := training(TrainerSettings(epochs=5, batch_size=13)), "weights", value)
    with pytest.raises(Diverged, match=r"\(validation nan, parameters (nan|inf)\)"):
        job.fit(recorder)  # broken in the last batch
    assert recorder.epochs == []
    broken = SimpleNamespace(**VALIDATION | {"loss": value})
    monkeypatch.setattr(trainer, "evaluate", lambda *_: broken)
    with pytest.raises(Diverged, match=r"validation (nan|inf)"):
        training(TrainerSettings(epochs=5, batch_size=10)).fit(recorder)
    assert recorder.epochs == []


@pytest.mark.parametrize("activation", ActivationName)
@pytest.mark.parametrize("norm", NormName)
def test_a_weight_that_is_no_number_shows_in_the_next_loss(activation, norm):
    model = MLP(hidden_dims=[8, 8], activation=activation, norm=norm, dropout=0.2)
    for slot in training(TrainerSettings(epochs=1), model=model).network.parameters.slots.values():
        job = training(TrainerSettings(epochs=1, batch_size=10), model=model)
        slot.view(job.network.parameters.values).flat[-1] = math.nan
        with pytest.raises(Diverged, match=r"step 0 .*loss nan"):
            job.fit(Recorder())


@pytest.mark.parametrize("optimizer", [SGD(), SGD(nesterov=True), Adam(), AdamW()])
def test_the_step_that_makes_a_weight_infinite_is_the_last(optimizer):
    """Its own loss is finite, and so may be the next one: a tanh makes 1 of an infinity."""
    job = training(
        TrainerSettings(epochs=5, batch_size=10, clip_norm=None), optimizer=optimizer, lr=3e38
    )
    parameters = job.network.parameters
    parameters.values[0] = 3e38
    job.network.forward = lambda x, train: np.zeros((len(x), 3), np.float32)
    job.network.backward = lambda dlogits: parameters.grads.fill(-1)
    recorder = Recorder()
    with pytest.raises(Diverged, match=r"epoch 1, step 0 \(weights"):
        job.fit(recorder)
    assert recorder.batches == []


def test_running_statistics_that_are_infinite_are_never_recorded(monkeypatch):
    """BatchNorm divides by them, so a loss may stay finite."""
    monkeypatch.setattr(trainer, "evaluate", lambda *_: SimpleNamespace(**VALIDATION))
    job = training(TrainerSettings(epochs=5), model=MLP(hidden_dims=[8], norm=NormName.batch))
    job.network.buffers["2.var"][3] = math.inf
    recorder = Recorder()
    with pytest.raises(Diverged, match=r"\(buffers/2\.var (inf|nan)\)"):
        job.fit(recorder)
    assert recorder.epochs == []


def test_same_seed_same_bits_twice():
    def bits():
        job = training(TrainerSettings(epochs=3, batch_size=10))
        job.fit(Recorder())
        arrays, _ = job.state()
        return {name: array.tobytes() for name, array in arrays.items()}

    assert bits() == bits()


AVERAGES = [NoAveraging, EMA, lambda: Lookahead(every_steps=3)]


@pytest.mark.parametrize("average", AVERAGES)
def test_a_checkpoint_holds_the_network_that_was_evaluated(average):
    model, recorder = MLP(hidden_dims=[8], norm=NormName.batch), Recorder()
    job = training(TrainerSettings(epochs=2, batch_size=10), model=model, averaging=average())
    job.fit(recorder)
    network = model.build((4, 4, 1), classes=3, seed=1)
    network.restore(job.state()[0])
    assert evaluate(network, job.val).loss == recorder.epochs[-1][0].val_loss
    is_averaged = average is not NoAveraging
    assert (network.parameters.values != job.network.parameters.values).any() == is_averaged
    assert (network.buffers["2.mean"] != job.network.buffers["2.mean"]).any() == is_averaged


@pytest.mark.parametrize("averaging", [EMA(), Lookahead(every_steps=2)])
def test_two_trainers_share_their_settings_without_touching_each_other(averaging):
    optimizer, settings = Adam(), TrainerSettings(epochs=2, batch_size=10)

    def job():
        return training(settings, optimizer=optimizer, averaging=averaging)

    alone, first, second = job(), job(), job()
    second.network.parameters.values *= 2
    for each in (alone, second, first):
        each.fit(Recorder())
    (expected, _), (found, _), (other, _) = alone.state(), first.state(), second.state()
    assert {n: a.tobytes() for n, a in found.items()} == {
        n: a.tobytes() for n, a in expected.items()
    }
    assert (other["parameters"] != found["parameters"]).any()
    assert (optimizer, settings) == (Adam(), TrainerSettings(epochs=2, batch_size=10))


def test_an_ema_does_not_change_the_training():
    jobs = [
        training(TrainerSettings(epochs=2, batch_size=10), averaging=averaging)
        for averaging in (EMA(), NoAveraging())
    ]
    for job in jobs:
        job.fit(Recorder())
    np.testing.assert_array_equal(*[job.network.parameters.values for job in jobs])


@pytest.mark.parametrize("average", AVERAGES)
def test_restored_it_goes_on_with_the_same_bits(average):
    def job(epochs):
        return training(TrainerSettings(epochs=epochs, batch_size=10), averaging=average())

    whole, first, second = job(3), job(3), job(3)
    whole.fit(Recorder())
    first.settings = TrainerSettings(epochs=2, batch_size=10)
    first.fit(Recorder())
    second.restore(*first.state())
    second.fit(Recorder())
    (expected, _), (found, _) = whole.state(), second.state()
    assert {n: a.tobytes() for n, a in found.items()} == {
        n: a.tobytes() for n, a in expected.items()
    }


@pytest.mark.parametrize("threads", ["all", 0, -1])
def test_threads_out_of_range(threads):
    with pytest.raises(SettingError, match=f"^threads={threads}: must be"):
        TrainerSettings(threads=threads)


@pytest.mark.parametrize("model", [MLP(hidden_dims=[8], dropout=0.2), AirNet(widths=[3])])
def test_double_precision_trains_in_double_precision(model):
    ends = {}
    for precision in Precision:
        chosen = dataclasses.replace(model, dtype=precision)
        trainer = training(TrainerSettings(epochs=2, batch_size=10), model=chosen)
        trainer.fit(Recorder())
        arrays, _ = trainer.state()
        logits = trainer.network.forward(next(iter(trainer.val.batches(0)))[0])
        assert {logits.dtype, arrays["parameters"].dtype} == {np.dtype(precision.value)}
        ends[precision] = arrays["parameters"], trainer.optimizer.state
    single, double = (ends[precision][0] for precision in Precision)
    assert not np.array_equal(single, double)
    np.testing.assert_allclose(single, double, rtol=1e-3, atol=1e-4)
    assert all(state.dtype == np.float64 for state in ends[Precision.float64][1].values())
