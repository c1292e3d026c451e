"""Learning rates and weight decay that differ between weights, biases and normalisations."""

import numpy as np
import pytest

from scratchnet.nn.initializers import zeros
from scratchnet.nn.parameters import Declaration, Kind, Parameters
from scratchnet.optim.adam import AdamW
from scratchnet.optim.sgd import SGD

pytestmark = pytest.mark.usefixtures("each_engine")

KINDS = (Kind.weight, Kind.bias, Kind.norm)
SIZE = 5  # numbers of each kind
STEPS = 4


def parameters_of_each_kind() -> Parameters:
    declarations = {kind.value: Declaration((SIZE,), zeros, 1, 1, kind) for kind in KINDS}
    return Parameters(declarations, np.dtype(np.float64))


def some(seed):
    return np.random.default_rng(seed).standard_normal(3 * SIZE)


def trained(optimizer, lr, part=slice(None)):
    """Where these numbers are after some steps along gradients that are drawn."""
    parameters = parameters_of_each_kind()
    parameters.values[:] = some(0)
    optimizer = optimizer.build(parameters)
    for step in range(STEPS):
        parameters.grads[:] = some(1 + step)
        optimizer.step(lr)
    return parameters.values[part]


@pytest.mark.parametrize("optimizer", [SGD, AdamW])
def test_each_kind_learns_at_its_multiple_of_the_rate(optimizer):
    found = trained(optimizer(bias_lr_multiple=4, norm_lr_multiple=0.5, weight_decay=0), lr=0.1)
    for i, multiple in enumerate((1, 4, 0.5)):
        part = slice(i * SIZE, (i + 1) * SIZE)
        expected = trained(optimizer(weight_decay=0), lr=0.1 * multiple, part=part)
        np.testing.assert_allclose(found[part], expected, rtol=1e-12)


def test_decay_takes_the_same_share_of_all_whatever_their_multiple():
    settings = {"weight_decay": 0.5, "decay_all": True, "norm_lr_multiple": 64}
    parameters = parameters_of_each_kind()
    parameters.values[:] = 1
    AdamW(**settings).build(parameters).step(0.1)  # along no gradient
    np.testing.assert_allclose(parameters.values, 0.95, rtol=1e-12)


def test_the_groups_of_airbench94_in_its_own_numbers():
    """PyTorch's SGD as airbench94 sets it up, on the sum of a batch; ours on the mean."""
    torch = pytest.importorskip("torch")
    batch, momentum = 1024, 0.85
    kilostep_scale = 1024 * (1 + 1 / (1 - momentum))
    lr, wd = 11.5 / kilostep_scale, 0.0153 * batch / kilostep_scale
    lr_norm = 64 * lr
    start = some(0)
    weights, biases, norms = (
        torch.nn.Parameter(torch.tensor(start[i * SIZE : (i + 1) * SIZE])) for i in range(3)
    )
    groups = [
        {"params": [norms], "lr": lr_norm, "weight_decay": wd / lr_norm},
        {"params": [weights, biases], "lr": lr, "weight_decay": wd / lr},
    ]
    theirs = torch.optim.SGD(groups, momentum=momentum, nesterov=True)
    for step in range(STEPS):
        parts = np.split(batch * some(1 + step), 3)
        for parameter, gradient in zip((weights, biases, norms), parts, strict=True):
            parameter.grad = torch.tensor(gradient)
        theirs.step()
    ours = SGD(
        lr=1.5,
        weight_decay=0.0153 / 11.5,
        decay_all=True,
        norm_lr_multiple=64,
        momentum=momentum,
        nesterov=True,
    )
    expected = np.concatenate([p.detach().numpy() for p in (weights, biases, norms)])
    np.testing.assert_allclose(trained(ours, lr=1.5), expected, rtol=1e-10)
