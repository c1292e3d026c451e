"""Pooling: pictures made smaller."""

import numpy as np

from scratchnet.blocks import for_each_batch_slice
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
                f"a picture of {height}x{width} is too small for {k}x{k} pooling: "
                f"{k - min(height, width)} pixels are missing"
            )
        self.in_shape = shape
        self.out_shape = (height // k, width // k, channels)
        return self.out_shape

    def _places(self, x: np.ndarray) -> list[np.ndarray]:
        """The k k views of pictures (n, H, W, C) that hold one number of each window."""
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
        winners = self.winners = self.array("winners", shape, np.dtype(np.uint8))
        larger = self.array("larger", shape, np.dtype(bool))

        def pool(part: slice) -> None:
            largest, winner, is_larger = y[part], winners[part], larger[part]
            first, *others = self._places(x[part])
            np.copyto(largest, first)
            winner.fill(0)
            for place, candidate in enumerate(others, 1):
                np.greater(candidate, largest, out=is_larger)
                # places come in rising order, so a new winner is the largest place so far
                np.maximum(winner, is_larger * np.uint8(place), out=winner)
                np.maximum(largest, candidate, out=largest)

        self._each_slice(pool, len(x))
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        dx = self._gradient_array(dy)

        def spread(part: slice) -> None:
            for place, target in enumerate(self._places(dx[part])):
                np.multiply(dy[part], self.winners[part] == place, out=target)

        self._each_slice(spread, len(dy))
        return dx


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
