"""Pooling: images made smaller."""

import math
from collections.abc import Sequence

import numpy as np

from scratchnet.compute.blocks import for_each_batch_slice
from scratchnet.compute.threads import scratch
from scratchnet.nn.layer import Layer, Shape


class _Pool2d(Layer):
    """What both pools share: windows of k x k that touch but do not overlap.

    Rows and columns at the end that fill no window are left out: H' = H // k.
    """

    def __init__(self, kernel: int = 2):
        super().__init__()
        self.kernel = kernel

    def build(self, shape: Shape) -> Shape:
        height, width, channels = shape
        k = self.kernel
        if min(height, width) < k:
            raise ValueError(
                f"an image of {height}x{width} is too small for {k}x{k} pooling: "
                f"{k - min(height, width)} pixels are missing"
            )
        self.in_shape = shape
        self.out_shape = (height // k, width // k, channels)
        return self.out_shape

    def _places(self, x: np.ndarray) -> list[np.ndarray]:
        """The k k views of images (n, H, W, C) that hold one number of each window."""
        k, (rows, columns, _) = self.kernel, self.out_shape
        return [x[:, a : k * rows : k, b : k * columns : k] for a in range(k) for b in range(k)]

    def _gradient_array(self, dy: np.ndarray) -> np.ndarray:
        dx = self.array("dx", (len(dy), *self.in_shape), dy.dtype)
        height, width, _ = self.in_shape
        dx[:, height - height % self.kernel :] = 0
        dx[:, :, width - width % self.kernel :] = 0
        return dx

    def _each_slice(self, task, count: int) -> None:
        height, width, channels = self.in_shape
        for_each_batch_slice(task, count, height * width * channels)


class MaxPool2d(_Pool2d):
    """The largest number of each window; dy goes to the place that it came from.

    Of equal numbers the first one, row by row, takes the whole gradient.
    """

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        shape = (len(x), *self.out_shape)
        y = self.array("y", shape, x.dtype)
        self.winners = self.array("winners", shape, np.dtype(np.uint8))  # places, row by row

        def pool(part: slice) -> None:
            across, columns = self._pool_across(x[part])
            k = self.kernel
            rows = [across[:, a::k] for a in range(k)]
            places = [np.add(columns[:, a::k], a * k, out=columns[:, a::k]) for a in range(k)]
            _largest(rows, places, y[part], self.winners[part])

        self._each_slice(pool, len(x))
        return y

    def _pool_across(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The largest of each k columns, (n, k H', W', C), and which it was; in scratch memory."""
        k, (rows, columns, channels) = self.kernel, self.out_shape
        shape = (len(x), k * rows, columns, channels)
        largest = scratch("pool", math.prod(shape), x.dtype).reshape(shape)
        winner = scratch("pool", largest.size, np.dtype(np.uint8)).reshape(shape)
        candidates = [x[:, : k * rows, b : k * columns : k] for b in range(k)]
        _largest(candidates, range(k), largest, winner)
        return largest, winner

    def backward(self, dy: np.ndarray) -> np.ndarray:
        dx = self._gradient_array(dy)

        def spread(part: slice) -> None:
            winners = self.winners[part]
            is_winner = scratch("pool", winners.size, np.dtype(bool)).reshape(winners.shape)
            for place, target in enumerate(self._places(dx[part])):
                np.equal(winners, place, out=is_winner)
                np.multiply(dy[part], is_winner, out=target)

        self._each_slice(spread, len(dy))
        return dx


def _largest(
    candidates: Sequence[np.ndarray],
    numbers: Sequence[int | np.ndarray],
    y: np.ndarray,
    winner: np.ndarray,
) -> None:
    """Write the largest of the candidates to y, of equal ones the first, and its number to winner.

    `numbers` are those of the candidates, uint8 and each larger than the one before.
    """
    np.copyto(y, candidates[0])
    np.copyto(winner, numbers[0], casting="unsafe")
    is_larger = scratch("is larger", y.size, np.dtype(bool)).reshape(y.shape)
    number = is_larger.view(np.uint8)
    for candidate, its_number in zip(candidates[1:], numbers[1:], strict=True):
        np.greater(candidate, y, out=is_larger)
        np.multiply(number, its_number, out=number)
        np.maximum(winner, number, out=winner)
        np.maximum(y, candidate, out=y)


class AvgPool2d(_Pool2d):
    """The mean of each window; each of its places gets dy / k^2."""

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        y = self.array("y", (len(x), *self.out_shape), x.dtype)

        def pool(part: slice) -> None:
            first, *others = self._places(x[part])
            np.copyto(y[part], first)
            for values in others:
                np.add(y[part], values, out=y[part])
            np.multiply(y[part], 1 / self.kernel**2, out=y[part])

        self._each_slice(pool, len(x))
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        dx = self._gradient_array(dy)

        def spread(part: slice) -> None:
            np.multiply(dy[part], 1 / self.kernel**2, out=dy[part])
            for target in self._places(dx[part]):
                np.copyto(target, dy[part])

        self._each_slice(spread, len(dy))
        return dx


class GlobalAvgPool(Layer):
    """(batch, H, W, C) -> (batch, C): the mean over all places."""

    def build(self, shape: Shape) -> Shape:
        self.in_shape = shape
        return shape[2:]

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        y = self.array("y", (len(x), self.in_shape[2]), x.dtype)
        return np.mean(x, axis=(1, 2), out=y)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        height, width, channels = self.in_shape
        dx = self.array("dx", (len(dy), *self.in_shape), dy.dtype)
        np.multiply(dy, 1 / (height * width), out=dy)
        np.copyto(dx, dy.reshape(-1, 1, 1, channels))
        return dx
