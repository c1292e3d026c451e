"""The transforms against products with Winograd's matrices, and those against a convolution."""

import numpy as np
import pytest

from scratchnet.kernels.winograd import (
    B,
    filter_matrix,
    filter_transform,
    output_matrix,
    transform_gradient,
    transform_input,
    transform_input_gradient,
    transform_output,
)

CHANNELS = 5
A = output_matrix(3)
KERNELS = (3, 5)


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


def test_the_matrices_of_3x3_filters_are_those_of_the_paper():
    """Lavin & Gray 2016, sec. 4.3."""
    np.testing.assert_array_equal(
        A.T,
        [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]],
    )
    np.testing.assert_allclose(
        24 * filter_matrix(3),
        [[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]],
    )


@pytest.mark.parametrize("kernel", KERNELS)
def test_the_outputs_of_a_tile_are_those_of_the_convolution(kernel):
    rng = np.random.default_rng(0)
    d, g = rng.standard_normal((6, 6)), rng.standard_normal((kernel, kernel))
    a, f = output_matrix(kernel), filter_matrix(kernel)
    y = a.T @ ((f @ g @ f.T) * (B.T @ d @ B)) @ a
    windows = np.lib.stride_tricks.sliding_window_view(d, (kernel, kernel))
    np.testing.assert_allclose(y, np.einsum("ijab,ab->ij", windows, g), rtol=1e-11)


@pytest.mark.parametrize("kernel", KERNELS)
def test_filters_as_vectors_are_transformed_in_both_directions(kernel):
    g = np.random.default_rng(0).standard_normal((kernel, kernel))
    f = filter_matrix(kernel)
    np.testing.assert_allclose(
        filter_transform(kernel) @ g.ravel(), (f @ g @ f.T).ravel(), rtol=1e-13
    )
