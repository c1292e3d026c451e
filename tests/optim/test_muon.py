"""Muon by hand, against the singular values it is about, and against PyTorch's."""

import math

import numpy as np
import pytest

from scratchnet.compute import threads
from scratchnet.errors import SettingError
from scratchnet.nn.initializers import zeros
from scratchnet.nn.parameters import Declaration, Kind, Parameters
from scratchnet.optim.muon import Muon, orthogonalise
from scratchnet.optim.sgd import SGD

pytestmark = pytest.mark.usefixtures("each_engine")

COEFFICIENTS = [3.4445, -4.7750, 2.0315]
SHAPES = {"filters": (3, 3, 4, 8), "wide": (6, 20), "output": (20, 3)}


def parameters_of(shapes, dtype=np.float64) -> Parameters:
    """Weights of these shapes, each with a bias, in the order of a network."""
    declarations = {}
    for name, shape in shapes.items():
        kind = Kind.output if name == "output" else Kind.weight
        declarations[f"{name}.weight"] = Declaration(shape, zeros, 1, 1, kind)
        declarations[f"{name}.bias"] = Declaration(shape[-1:], zeros, 1, 1, Kind.bias)
    return Parameters(declarations, np.dtype(dtype))


def trained(optimizer, shapes=SHAPES, steps=3, lr=0.1, dtype=np.float64):
    """Each parameter after some steps along gradients that are drawn, and where it started."""
    parameters = parameters_of(shapes, dtype)
    parameters.values[:] = gradients(parameters, 0)
    start = parameters.values.copy()
    optimizer = optimizer.build(parameters)
    for step in range(steps):
        parameters.grads[:] = gradients(parameters, 1 + step)
        optimizer.step(lr)
    return parameters, start


def gradients(parameters, step):
    return np.random.default_rng(step).standard_normal(parameters.size)


def by_singular_values(matrix, steps):
    u, s, v = np.linalg.svd(matrix, full_matrices=False)
    a, b, c = COEFFICIENTS
    s = s / np.linalg.norm(s)
    for _ in range(steps):
        s = a * s + b * s**3 + c * s**5
    return u * s @ v


def test_two_steps_by_hand():
    # A single column has one singular value, its norm: from 1, one iteration gives a + b + c.
    parameters = parameters_of({"hidden": (2, 1), "output": (1, 1)})
    parameters.values[:] = 1
    muon = Muon(momentum=0.5, nesterov=False, ns_steps=1, sgd_lr=2, lr=1, sgd_momentum=0.5)
    optimizer = muon.build(parameters)
    hidden = parameters.slots["hidden.weight"].view(parameters.values)
    sum_abc = 3.4445 - 4.7750 + 2.0315
    parameters.grads[:] = 0.25
    gradient = parameters.slots["hidden.weight"].view(parameters.grads)
    gradient[:, 0] = 3, 4
    optimizer.step(0.1)
    first = 1 - 0.1 * sum_abc * np.array([0.6, 0.8])
    np.testing.assert_allclose(hidden[:, 0], first, rtol=1e-6)
    gradient[:, 0] = -1.5, -2 + 7  # with half of the first: 0, 7
    optimizer.step(0.1)
    np.testing.assert_allclose(hidden[:, 0], first - 0.1 * sum_abc * np.array([0, 1]), rtol=1e-6)
    # the rest by SGD at twice the rate: velocities 0.25, then 0.375
    for name in ("output.weight", "hidden.bias", "output.bias"):
        value = parameters.slots[name].view(parameters.values)
        assert value.item() == pytest.approx(1 - 0.2 * 0.25 - 0.2 * 0.375)


@pytest.mark.parametrize("steps", [3, 5])
@pytest.mark.parametrize("shape", [(40, 12), (12, 40), (16, 16), (7, 1)])
def test_orthogonalise_changes_the_singular_values_alone(shape, steps):
    matrix = np.random.default_rng(0).standard_normal(shape)
    expected = by_singular_values(matrix, steps)
    for dtype, tolerance in ((np.float64, 1e-5), (np.float32, 1e-4)):
        out = np.empty(shape, dtype)
        orthogonalise(matrix.astype(dtype), out, steps, COEFFICIENTS)
        assert np.linalg.norm(out - expected, 2) < tolerance


def test_singular_values_of_all_sizes_are_right_to_a_thousandth_in_float32():
    rng = np.random.default_rng(0)
    u, _, v = np.linalg.svd(rng.standard_normal((60, 20)), full_matrices=False)
    matrix = u * np.logspace(0, -6, 20) @ v
    out = np.empty(matrix.shape, np.float32)
    orthogonalise(matrix.astype(np.float32), out, 5, COEFFICIENTS)
    assert np.linalg.norm(out - by_singular_values(matrix, 5), 2) < 1e-3


@pytest.mark.parametrize("nesterov", [True, False])
def test_against_pytorch(nesterov):
    """PyTorch's Muon computes in bfloat16, which has three digits; SGD does the rest."""
    torch = pytest.importorskip("torch")
    ours, start = trained(
        Muon(nesterov=nesterov, weight_decay=0.3, sgd_lr=0.05, sgd_momentum=0.8, lr=0.1), lr=0.1
    )
    slots = ours.slots
    matrix_of = {n: slots[f"{n}.weight"].view(start).reshape(-1, SHAPES[n][-1]) for n in SHAPES}
    theirs = {n: torch.nn.Parameter(torch.tensor(matrix.T)) for n, matrix in matrix_of.items()}
    hidden = [theirs["filters"], theirs["wide"]]
    optimizers = [
        # "original" would scale the step of matrices with more outputs than inputs
        torch.optim.Muon([p], lr=lr, weight_decay=decay, nesterov=nesterov)
        for p, lr, decay in zip(
            hidden, (0.1, 0.1 / math.sqrt(20 / 6)), (0.3, 0.3 * math.sqrt(20 / 6)), strict=True
        )
    ]
    rest = torch.optim.SGD(
        [theirs["output"]], lr=0.05, momentum=0.8, weight_decay=0.3, nesterov=nesterov
    )
    for step in range(3):
        drawn = gradients(ours, 1 + step)
        for name, parameter in theirs.items():
            gradient = slots[f"{name}.weight"].view(drawn).reshape(-1, SHAPES[name][-1])
            parameter.grad = torch.tensor(gradient.T)
        for optimizer in (*optimizers, rest):
            optimizer.step()
    for name, tolerance in (("filters", 0.02), ("wide", 0.02), ("output", 1e-12)):
        found = slots[f"{name}.weight"].view(ours.values).reshape(-1, SHAPES[name][-1])
        expected = theirs[name].detach().numpy().T
        change = np.linalg.norm(expected - matrix_of[name])
        assert np.linalg.norm(found - expected) < tolerance * change


def test_reset_norm_as_in_airbench94_muon():
    found, start = trained(Muon(reset_norm=True, momentum=0.6, ns_steps=3), steps=2)
    slot = found.slots["filters.weight"]
    filters = slot.view(start).reshape(-1, 8).T  # (out, rest), as there
    velocity = np.zeros_like(filters)
    for step in range(2):
        gradient = slot.view(gradients(found, 1 + step)).reshape(-1, 8).T
        velocity = 0.6 * velocity + gradient
        filters = filters * len(filters) ** 0.5 / np.linalg.norm(filters)
        filters = filters - 0.1 * by_singular_values(gradient + 0.6 * velocity, 3)
    np.testing.assert_allclose(slot.view(found.values).reshape(-1, 8).T, filters, rtol=1e-5)


def test_everything_but_hidden_weights_learns_by_sgd():
    by_muon, _ = trained(Muon(lr=0.02, sgd_lr=0.3, sgd_momentum=0.7, bias_lr_multiple=8), lr=0.02)
    by_sgd, _ = trained(SGD(momentum=0.7, nesterov=True, bias_lr_multiple=8), lr=0.3)
    same = {
        name: np.allclose(slot.view(by_muon.values), slot.view(by_sgd.values), rtol=1e-12)
        for name, slot in by_muon.slots.items()
    }
    assert same == {name: name not in ("filters.weight", "wide.weight") for name in same}


def test_any_number_of_threads_gives_the_same_bits():
    shapes = {str(i): (3, 3, 2 + i, 16) for i in range(5)} | {"output": (16, 3)}
    results = []
    for own in (1, 2, 3):
        threads.use(own)
        parameters, _ = trained(Muon(reset_norm=True), shapes, dtype=np.float32)
        results.append(parameters.values.tobytes())
    threads.use(1)
    assert results[0] == results[1] == results[2]


def test_without_a_gradient_nothing_moves():
    parameters = parameters_of(SHAPES, np.float32)
    parameters.values[:] = 1
    Muon().build(parameters).step(0.1)
    assert (parameters.values == 1).all()


def test_coefficients_are_three():
    with pytest.raises(SettingError, match=r"^ns_coefficients=\[1.0\]: must be three numbers"):
        Muon(ns_coefficients=[1.0])
