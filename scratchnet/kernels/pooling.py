"""Adjacent windows of k x k pixels, without overlap: their maximum, their mean, and gradients.

x and dx are (n, H, W, C), y and dy (n, H // k, W // k, C). Rows and columns at the end that do
not fill a window are left out: y ignores them, and dx is 0 there.
"""

import math
from collections.abc import Sequence

import numpy as np

from scratchnet.compute.blocks import for_each, slices_of
from scratchnet.compute.threads import scratch
from scratchnet.kernels.compiler import inner
from scratchnet.kernels.kernel import kernel


def max_pool(x: np.ndarray, k: int, y: np.ndarray, winners: np.ndarray) -> None:
    """y = the largest number of each window; winners = its place in the window, a k + b in (a, b).

    Among equal numbers the first wins, row by row. `winners` is uint8, of the shape of y.
    """
    if k == 2:
        largest_of_four(x, y, winners)
    else:
        largest_of_window(x, k, y, winners)


@kernel(rows="x y winners")
def largest_of_window(x, k, y, winners):
    """`max_pool` for any k, place by place."""
    images, height, width, channels = y.shape
    for image in range(images):
        for i in range(height):
            for j in range(width):
                for c in range(channels):
                    y[image, i, j, c] = x[image, k * i, k * j, c]
                    winners[image, i, j, c] = 0
                for place in range(1, k * k):
                    row, column, here = k * i + place // k, k * j + place % k, np.uint8(place)
                    for c in range(channels):
                        number, largest = x[image, row, column, c], y[image, i, j, c]
                        y[image, i, j, c] = number if number > largest else largest
                        winner = winners[image, i, j, c]
                        winners[image, i, j, c] = here if number > largest else winner


@kernel(rows="x y winners")
def largest_of_four(x, y, winners):
    """`max_pool` for k = 2, in one pass: each number is read once."""
    images, height, width, channels = y.shape
    zero, one, two, three = np.uint8(0), np.uint8(1), np.uint8(2), np.uint8(3)
    for image in range(images):
        for i in range(height):
            for j in range(width):
                for c in range(channels):
                    a, b = x[image, 2 * i, 2 * j, c], x[image, 2 * i, 2 * j + 1, c]
                    d, e = x[image, 2 * i + 1, 2 * j, c], x[image, 2 * i + 1, 2 * j + 1, c]
                    upper, in_upper = b if b > a else a, one if b > a else zero
                    lower, in_lower = e if e > d else d, three if e > d else two
                    y[image, i, j, c] = lower if lower > upper else upper
                    winners[image, i, j, c] = in_lower if lower > upper else in_upper


@largest_of_four.in_numpy
def largest_of_four_in_numpy(x, y, winners):
    largest_of_window_in_numpy(x, 2, y, winners)


@largest_of_window.in_numpy
def largest_of_window_in_numpy(x, k, y, winners):
    def pool_slice(part):
        across, columns = _max_pool_across(x[part], k, y.shape)
        rows = [across[:, a::k] for a in range(k)]
        places = [columns[:, a::k] for a in range(k)]
        for a in range(k):
            places[a] += np.uint8(a * k)
        _largest(rows, places, y[part], winners[part])

    for_each(pool_slice, slices_of(x))


@kernel(rows="dy winners dx")
def max_pool_backward(dy, winners, k, dx):
    """dx = dy at the winner of each window, 0 at all other places."""
    images, height, width, channels = dy.shape
    for image in range(images):
        clear_edges(dx[image], k)
        for i in range(height):
            for j in range(width):
                for place in range(k * k):
                    row, column, here = k * i + place // k, k * j + place % k, np.uint8(place)
                    for c in range(channels):
                        won = winners[image, i, j, c] == here
                        dx[image, row, column, c] = dy[image, i, j, c] if won else 0.0


@max_pool_backward.in_numpy
def max_pool_backward_in_numpy(dy, winners, k, dx):
    _clear_edges(dx, k)

    def spread_slice(part):
        won_here = scratch("pool", winners[part].size, np.dtype(bool)).reshape(dy[part].shape)
        for place, target in enumerate(_places(dx[part], k)):
            np.equal(winners[part], place, out=won_here)
            np.multiply(dy[part], won_here, out=target)

    for_each(spread_slice, slices_of(dx))


@kernel(rows="x y")
def mean_pool(x, k, y):
    """y = the mean of each window."""
    images, height, width, channels = y.shape
    share = y.dtype.type(1.0 / (k * k))
    for image in range(images):
        for i in range(height):
            for j in range(width):
                for c in range(channels):
                    y[image, i, j, c] = 0.0
                for place in range(k * k):
                    row, column = k * i + place // k, k * j + place % k
                    for c in range(channels):
                        y[image, i, j, c] += share * x[image, row, column, c]


@mean_pool.in_numpy
def mean_pool_in_numpy(x, k, y):
    def pool_slice(part):
        first, *others = _places(x[part], k)
        total = y[part]
        np.copyto(total, first)
        for numbers in others:
            total += numbers
        total *= 1 / k**2

    for_each(pool_slice, slices_of(x))


@kernel(rows="dy dx")
def mean_pool_backward(dy, k, dx):
    """dx = dy / k^2 at every place of a window."""
    images, height, width, channels = dy.shape
    share = dx.dtype.type(1.0 / (k * k))
    for image in range(images):
        clear_edges(dx[image], k)
        for i in range(k * height):
            for j in range(k * width):
                for c in range(channels):
                    dx[image, i, j, c] = share * dy[image, i // k, j // k, c]


@mean_pool_backward.in_numpy
def mean_pool_backward_in_numpy(dy, k, dx):
    _clear_edges(dx, k)

    def spread_slice(part):
        memory = scratch("pool", dy[part].size, dy.dtype).reshape(dy[part].shape)
        share = np.multiply(dy[part], 1 / k**2, out=memory)
        for target in _places(dx[part], k):
            np.copyto(target, share)

    for_each(spread_slice, slices_of(dx))


@inner()
def clear_edges(image, k):
    """0 in the rows and columns of an image (H, W, C) that do not fill a window."""
    height, width, channels = image.shape
    for i in range(height):
        for j in range(width):
            if i >= height // k * k or j >= width // k * k:
                for c in range(channels):
                    image[i, j, c] = 0.0


def _places(x: np.ndarray, k: int) -> list[np.ndarray]:
    """The k k views of x that hold one number of each window, place by place."""
    rows, columns = (length // k * k for length in x.shape[1:3])
    return [x[:, a:rows:k, b:columns:k] for a in range(k) for b in range(k)]


def _clear_edges(dx: np.ndarray, k: int) -> None:
    """dx = 0 in the rows and columns that do not fill a window."""
    height, width = dx.shape[1:3]
    dx[:, height - height % k :] = 0
    dx[:, :, width - width % k :] = 0


def _max_pool_across(
    x: np.ndarray, k: int, out_shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """The largest of each k columns, (n, k H', W', C), and its number; in scratch memory."""
    _, rows, columns, channels = out_shape
    shape = (len(x), k * rows, columns, channels)
    largest = scratch("pool", math.prod(shape), x.dtype).reshape(shape)
    winner = scratch("pool", largest.size, np.dtype(np.uint8)).reshape(shape)
    candidates = [x[:, : k * rows, b : k * columns : k] for b in range(k)]
    _largest(candidates, range(k), largest, winner)
    return largest, winner


def _largest(
    candidates: Sequence[np.ndarray],
    numbers: Sequence[int | np.ndarray],
    y: np.ndarray,
    winner: np.ndarray,
) -> None:
    """y = the largest candidate, the first among equals; winner = its number.

    `numbers` has one uint8 (or an array of them) for each candidate, in ascending order.
    """
    np.copyto(y, candidates[0])
    np.copyto(winner, numbers[0], casting="unsafe")
    is_larger = scratch("is larger", y.size, np.dtype(bool)).reshape(y.shape)
    number_if_larger = is_larger.view(np.uint8)
    for candidate, number in zip(candidates[1:], numbers[1:], strict=True):
        np.greater(candidate, y, out=is_larger)
        number_if_larger *= number
        np.maximum(winner, number_if_larger, out=winner)
        np.maximum(y, candidate, out=y)
