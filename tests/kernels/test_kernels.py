"""Both versions of every kernel, held to its definition run as plain Python."""

import importlib
import pkgutil

import numpy as np
import pytest

from scratchnet import kernels
from scratchnet.kernels import (
    activations,
    adam,
    augmentation,
    averaging,
    bilinear,
    channels,
    compiled_tiles,
    cross_entropy,
    dropout,
    elementwise,
    engine,
    kernel,
    layer_norm,
    lion,
    loading,
    patches,
    pooling,
    sgd,
)
from scratchnet.kernels.engine import Engine
from scratchnet.kernels.kernel import Kernel
from scratchnet.system import extras

ENGINES = [Engine.numpy, Engine.compiled]
DTYPES = [np.float32, np.float64]
IMAGES = (5, 7, 6, 3)  # odd sizes; pieces of one image each, see `small_pieces`
POOLED = (5, 3, 3, 3)


def normal(*shape):
    """Standard normal numbers, as an argument."""
    return lambda rng, dtype: rng.standard_normal(shape).astype(dtype)


def positive(*shape):
    """Numbers between 0 and 1."""
    return lambda rng, dtype: rng.random(shape).astype(dtype)


def spread(low, high, *shape):
    """Numbers from `low` to `high`."""
    return lambda rng, dtype: rng.uniform(low, high, shape).astype(dtype)


def empty(*shape, dtype=None):
    """Memory for a result."""
    return lambda rng, default: np.empty(shape, dtype or default)


def whole(low, high, *shape, dtype):
    """Random whole numbers."""
    return lambda rng, _: rng.integers(low, high, shape, dtype=dtype)


def value(constant):
    """A number as it is."""
    return lambda rng, dtype: constant


NORMALISATION = (normal(126), normal(126))  # for each number of an image
ADAM = (normal(333), normal(333), normal(333), positive(333))
WITH_SLOPE = (normal(*IMAGES), empty(*IMAGES), empty(*IMAGES))

# the arguments of each kernel
EXAMPLES = {
    elementwise.multiply: (normal(*IMAGES), normal(*IMAGES), empty(*IMAGES)),
    elementwise.add: (normal(*IMAGES), normal(*IMAGES), empty(*IMAGES)),
    elementwise.scale: (normal(*IMAGES), value(0.3), empty(*IMAGES)),
    activations.relu: (normal(*IMAGES), empty(*IMAGES)),
    activations.relu_backward: (normal(*IMAGES), normal(*IMAGES)),
    activations.leaky_relu: WITH_SLOPE,
    activations.elu: WITH_SLOPE,
    activations.tanh_activation: WITH_SLOPE,
    activations.sigmoid_activation: WITH_SLOPE,
    activations.silu: WITH_SLOPE,
    activations.gelu: WITH_SLOPE,
    activations.gelu_tanh: WITH_SLOPE,
    channels.shifted_sums: (normal(*IMAGES), normal(3)),
    channels.gradient_sums: (normal(*IMAGES), normal(*IMAGES)),
    channels.affine: (normal(*IMAGES), normal(3), normal(3), empty(*IMAGES)),
    channels.affine_relu: (normal(*IMAGES), normal(3), normal(3), empty(*IMAGES)),
    channels.relu_gradient_sums: (normal(*IMAGES), normal(*IMAGES), normal(*IMAGES)),
    channels.combine: (normal(*IMAGES), normal(3), normal(*IMAGES), normal(3), normal(3)),
    channels.add_bias: (normal(*IMAGES), normal(3)),
    channels.bias_gradient: (normal(*IMAGES),),
    layer_norm.layer_norm: (
        *(normal(*IMAGES), normal(3), normal(3), value(1e-5)),
        *(empty(*IMAGES), empty(*IMAGES[:3]), empty(*IMAGES)),
    ),
    layer_norm.layer_norm_backward: (
        *(normal(*IMAGES), normal(*IMAGES), positive(*IMAGES[:3]), normal(3)),
    ),
    loading.load: (
        whole(0, 256, 9, 7, 6, 3, dtype=np.uint8),
        whole(0, 9, 5, dtype=np.int64),
        *NORMALISATION,
        empty(*IMAGES),
    ),
    loading.place: (
        whole(0, 256, 9, 7, 6, 3, dtype=np.uint8),
        whole(0, 9, 5, dtype=np.int64),
        whole(-5, 6, 5, dtype=np.int64),
        whole(-5, 6, 5, dtype=np.int64),
        whole(0, 2, 5, dtype=np.bool_),
        *NORMALISATION,
        empty(*IMAGES),
    ),
    bilinear.sample: (normal(*IMAGES), spread(-2, 8, 7, 5, 6), spread(-2, 8, 7, 5, 6)),
    augmentation.blank: (
        normal(*IMAGES),
        whole(-2, 5, 5, dtype=np.int64),
        whole(-2, 4, 5, dtype=np.int64),
        value(3),
    ),
    augmentation.mix: (normal(*IMAGES), value(0.7)),
    patches.take_patches: (normal(*IMAGES), *map(value, (1, 2, 1)), empty(5, 2, 3, 3, 9)),
    patches.add_patches: (normal(5, 2, 3, 3, 9), *map(value, (1, 2, 1)), normal(*IMAGES)),
    cross_entropy.with_labels: (
        normal(7, 5),
        whole(0, 5, 7, dtype=np.int64),
        value(0.1),
        empty(7, 5),
    ),
    cross_entropy.with_targets: (normal(7, 5), positive(7, 5), value(0.1), empty(7, 5)),
    cross_entropy.with_weighted_targets: (normal(7, 5), positive(7, 5), empty(7, 5)),
    dropout.keep: (
        whole(0, 65_536, 101, dtype=np.uint16),
        value(np.uint16(20_000)),
        value(1.5),
        empty(101),
    ),
    sgd.sgd: (normal(333), normal(333), normal(333), *map(value, (0.1, 0.01, 0.5, 0.9))),
    sgd.nesterov: (normal(333), normal(333), normal(333), *map(value, (0.1, 0.01, 0.5, 0.9))),
    lion.lion: (*[normal(333)] * 3, *map(value, (0.1, 0.01, 0.5, 0.9, 0.99))),
    adam.adam: (*ADAM, *map(value, (0.1, 0.01, 0.5, 0.9, 0.999, 1e-8, 10.0, 1000.0))),
    adam.adamw: (*ADAM, *map(value, (0.1, 0.01, 0.5, 0.9, 0.999, 1e-8, 10.0, 1000.0))),
    averaging.move: (normal(333), normal(333), value(0.3)),
    averaging.pull_back: (normal(333), normal(333), value(0.3)),
    pooling.largest_of_four: (normal(*IMAGES), empty(*POOLED), empty(*POOLED, dtype=np.uint8)),
    pooling.largest_of_window: (
        normal(*IMAGES),
        value(2),
        empty(*POOLED),
        empty(*POOLED, dtype=np.uint8),
    ),
    pooling.max_pool_backward: (
        normal(*POOLED),
        whole(0, 4, *POOLED, dtype=np.uint8),
        value(2),
        empty(*IMAGES),
    ),
    pooling.mean_pool: (normal(*IMAGES), value(2), empty(*POOLED)),
    pooling.mean_pool_backward: (normal(*POOLED), value(2), empty(*IMAGES)),
}


def all_kernels():
    for module in pkgutil.iter_modules(kernels.__path__, "scratchnet.kernels."):
        for item in vars(importlib.import_module(module.name)).values():
            if isinstance(item, Kernel):
                yield item


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    """Arrays as small as these in several pieces."""
    monkeypatch.setattr(kernel, "PIECE", 100)
    yield
    engine.use(Engine.numpy)


def use(wanted):
    if wanted is Engine.compiled and not extras.is_installed("numba"):
        pytest.skip("needs the extra `fast`")
    engine.use(wanted)


def run_definition(one, arguments):
    """The definition as plain Python; elementwise ones get vectors, as from the kernel."""
    if one.is_elementwise:
        arguments = [a.reshape(-1) if isinstance(a, np.ndarray) else a for a in arguments]
    with np.errstate(all="ignore"):
        return one.definition(*arguments)


def assert_same(found, expected, dtype):
    tolerance = 2e-6 if dtype == np.float32 else 1e-6  # the definition's tanh and erf, for float32
    if found is None or expected is None or isinstance(found, bool):
        assert found == expected
    else:
        np.testing.assert_allclose(found, expected, rtol=10 * tolerance, atol=tolerance)


def test_every_kernel_has_an_example_and_a_numpy_version():
    tiles = {one for one in vars(compiled_tiles).values() if isinstance(one, Kernel)}
    assert set(all_kernels()) - tiles == set(EXAMPLES)  # see test_compiled_tiles.py
    assert all(one.numpy_version is not one.definition for one in EXAMPLES)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("wanted", ENGINES)
@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: one.name)
def test_both_versions_compute_what_the_definition_says(one, wanted, dtype):
    use(wanted)
    rng = np.random.default_rng(7)
    arguments = [make(rng, dtype) for make in EXAMPLES[one]]
    expected = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]

    result = one(*arguments)

    assert_same(result, run_definition(one, expected), dtype)
    for found, wanted_array in zip(arguments, expected, strict=True):
        if isinstance(found, np.ndarray):
            assert found.dtype == wanted_array.dtype
            assert_same(found, wanted_array, dtype)


@pytest.mark.parametrize("wanted", ENGINES)
@pytest.mark.parametrize("one", [k for k in EXAMPLES if k.is_elementwise], ids=lambda one: one.name)
def test_numbers_that_are_not_finite_stay_in_their_place(one, wanted):
    """An infinity or NaN in one place changes no other."""
    use(wanted)
    rng = np.random.default_rng(8)
    arguments = [make(rng, np.float32) for make in EXAMPLES[one]]
    clean = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
    arguments[0].reshape(-1)[[3, 50]] = np.inf, np.nan
    with np.errstate(all="ignore"):
        one(*arguments)
        one(*clean)
    for found, expected in zip(arguments[1:], clean[1:], strict=True):
        if isinstance(found, np.ndarray):
            others = np.delete(found, [3, 50])
            np.testing.assert_array_equal(others, np.delete(expected, [3, 50]))


@pytest.mark.parametrize("wanted", ENGINES)
def test_an_array_with_gaps_is_refused_where_it_would_be_copied(wanted):
    use(wanted)
    x = np.zeros((4, 4), np.float32)
    with pytest.raises(ValueError, match="contiguous"):
        activations.relu(x[:, ::2], np.zeros((4, 2), np.float32))
