"""A training step makes no new large array, and computes in float32 throughout."""

import tracemalloc

import numpy as np
import pytest

from scratchnet.compute import threads
from scratchnet.data.images import Images
from scratchnet.data.loader import Loader
from scratchnet.nn.activations import ActivationName
from scratchnet.nn.loss import SoftmaxCrossEntropy
from scratchnet.nn.models import MLP
from scratchnet.optim.adam import Adam, AdamW
from scratchnet.optim.averaging import EMA, Lookahead
from scratchnet.optim.clipping import clip_scale, global_norm
from scratchnet.optim.lion import Lion
from scratchnet.optim.muon import Muon
from scratchnet.optim.sgd import SGD

pytestmark = pytest.mark.usefixtures("each_engine")

BATCH = 512
LARGE = 130_000  # bytes: less than the smallest activation, a sixth of a batch of images
SMALLEST_ACTIVATION = BATCH * 64 * 4


@pytest.mark.parametrize("optimizer", [SGD(), Adam(), AdamW(), Lion(), Muon()])
@pytest.mark.parametrize("activation", list(ActivationName))
def test_a_step_allocates_nothing_large_and_stays_in_float32(optimizer, activation):
    assert LARGE < SMALLEST_ACTIVATION
    threads.use(1)
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (3 * BATCH, 20, 20, 1), np.uint8)
    data = Images(images, rng.integers(0, 10, len(images)))
    mean, std = np.array([100], np.float32), np.array([50], np.float32)
    loader = Loader(data, BATCH, mean=mean, std=std, seed=0, shuffle=True)
    model = MLP(hidden_dims=[256, 64], activation=activation, dropout=0.3)
    network = model.build((20, 20, 1), classes=10, seed=0)
    optimizer = optimizer.build(network.parameters)
    averages = [
        averaging.build(network.state(), total_steps=9)
        for averaging in (EMA(), Lookahead(every_steps=1))
    ]
    for average in averages:
        average.begin()
    loss_fn = SoftmaxCrossEntropy(0.1)

    def step(x, labels):
        logits = network.forward(x, train=True)
        loss, dlogits = loss_fn(logits, labels)
        network.backward(dlogits)
        optimizer.step(1e-3, clip_scale(global_norm(network.parameters.grads), 1.0))
        for average in averages:
            average.after_step(optimizer.steps)
        assert isinstance(loss, float)
        assert {x.dtype, logits.dtype, dlogits.dtype} == {np.dtype(np.float32)}

    for x, labels in loader.batches(0):
        step(x, labels)
    tracemalloc.start()
    try:
        peaks = []
        batches = loader.batches(1)
        before = None
        for x, labels in batches:
            if before is not None:  # from one batch to the next: the loader's part included
                step(x, labels)
                peaks.append(tracemalloc.get_traced_memory()[1] - before)
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert len(peaks) == 2
    assert max(peaks) < LARGE
    vectors = [network.parameters.values, network.parameters.grads, *optimizer.state.values()]
    kept = [array for layer in network.all_layers() for array in layer._arrays.values()]
    assert {array.dtype for array in vectors + kept} <= {np.dtype(np.float32), np.dtype(bool)}


def test_the_test_sees_a_large_array():
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    array = np.empty(LARGE, np.uint8)
    peak = tracemalloc.get_traced_memory()[1] - before
    tracemalloc.stop()
    assert peak >= array.nbytes
