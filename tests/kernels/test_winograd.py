"""The transforms against products with Winograd's matrices, and those against a convolution."""

import numpy as np
import pytest

from scratchnet.kernels.winograd import (
    GG,
    A,
    B,
    G,
    transform_gradient,
    transform_input,
    transform_input_gradient,
    transform_output,
)

CHANNELS = 5


def numbers(count: int) -> np.ndarray:
    """A random column vector of `count` numbers, for each channel."""
    return np.random.default_rng(0).standard_normal((count, CHANNELS))


@pytest.mark.parametrize(
    ("transform", "matrix"),
    [(transform_input, B.T), (transform_gradient, A), (transform_input_gradient, B)],
)
def test_a_transform_is_a_product_with_its_matrix(transform, matrix):
    x = numbers(matrix.shape[1])
    expected = matrix @ x
    out = np.full(expected.shape, np.nan)
    transform(list(x), list(out), np.empty(CHANNELS))
    np.testing.assert_allclose(out, expected, rtol=1e-13, atol=1e-13)


def test_the_transform_of_the_output_takes_the_place_of_the_first_four_numbers():
    m = numbers(6)
    expected = A.T @ m
    transform_output(list(m), np.empty(CHANNELS))
    np.testing.assert_allclose(m[:4], expected, rtol=1e-13, atol=1e-13)


def test_four_by_four_outputs_are_those_of_the_convolution():
    rng = np.random.default_rng(0)
    d, g = rng.standard_normal((6, 6)), rng.standard_normal((3, 3))
    y = A.T @ ((G @ g @ G.T) * (B.T @ d @ B)) @ A
    windows = np.lib.stride_tricks.sliding_window_view(d, (3, 3))
    np.testing.assert_allclose(y, np.einsum("ijab,ab->ij", windows, g), rtol=1e-12)


def test_filters_as_vectors_are_transformed_in_both_directions():
    g = np.random.default_rng(0).standard_normal((3, 3))
    np.testing.assert_allclose(GG @ g.reshape(9), (G @ g @ G.T).reshape(36), rtol=1e-13)
