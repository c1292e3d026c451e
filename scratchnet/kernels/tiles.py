"""The memory of a few images in tiles, and the way into it and out of it."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.kernels.winograd import (
    INPUTS,
    NUMBERS,
    TILE,
    transform_gradient,
    transform_input,
    transform_input_gradient,
    transform_output,
)


class TileShape(NamedTuple):
    """A convolution of `count` images: its sizes, and how its outputs are cut into tiles."""

    count: int
    height: int  # of the input, without its frame
    width: int
    channels: int
    padding: int
    filters: int

    @property
    def out_height(self) -> int:
        return self.height + 2 * self.padding - 2

    @property
    def out_width(self) -> int:
        return self.width + 2 * self.padding - 2

    @property
    def grid(self) -> tuple[int, int, int]:
        """Images, tiles down, tiles across; the last ones may reach over the edge."""
        return self.count, -(-self.out_height // TILE), -(-self.out_width // TILE)

    @property
    def bytes(self) -> int:
        """Of the transformed tiles, in float32."""
        count, down, across = self.grid
        return 4 * NUMBERS * count * down * across * (self.channels + self.filters)


class Tiles:
    """The transformed tiles: `v` (36, tiles, C) of the input, `m` (36, tiles, F) of the output.

    NumPy is slow on short rows, such as the C numbers of a pixel. So the columns of the images
    are first sorted by their place in a tile, 0 to 3: (image, row, place, tile across, channel).
    Then a step of a transform takes a column of all tiles in a row at once, tiles * C numbers.
    """

    def __init__(self, shape: TileShape, dtype: np.dtype):
        self.shape = shape
        # (number, number, image, tile down, tile across, channel), as the transforms see them
        v = _memory("v", (INPUTS, INPUTS, *shape.grid, shape.channels), dtype)
        m = _memory("m", (INPUTS, INPUTS, *shape.grid, shape.filters), dtype)
        self.v = v.reshape(NUMBERS, -1, shape.channels)
        self.m = m.reshape(NUMBERS, -1, shape.filters)

        self._see_input(v)
        self._see_gradient(m)
        self._see_output(m)

    def _see_input(self, v: np.ndarray) -> None:
        """The views for v from x, and for dx from v."""
        count, down, across = self.shape.grid
        rows = (count, down, TILE, across + 1, self.shape.channels)
        self._frames = np.zeros((count, TILE * down + 2, *rows[2:]), v.dtype)
        half = _memory("half", (INPUTS, *rows), v.dtype)  # transformed down, but not yet across
        t_down = _memory("t", rows, v.dtype)
        t_across = _memory("t", v[:, 0].shape, v.dtype)
        numbers = [v[:, j] for j in range(INPUTS)]

        frames = [self._frames[:, i : i + TILE * (down - 1) + 1 : TILE] for i in range(INPUTS)]
        places = [half[:, :, :, j % TILE, j // TILE : j // TILE + across] for j in range(INPUTS)]
        self._input_down = frames, list(half), t_down
        self._input_across = places, numbers, t_across

        # the way back: what reaches into the next tile is kept apart, and then added there
        self._dx_frames = dx = _memory("dx frames", self._frames.shape, v.dtype)
        nexts = [_memory(f"next {j}", places[j].shape, v.dtype) for j in (0, 1)]
        places = [*places[:TILE], *nexts]
        frames = [dx[:, i : TILE * down : TILE] for i in range(TILE)]
        frames += [_memory(f"next {i}", rows, v.dtype) for i in (0, 1)]
        self._dx_across = numbers, places, t_across
        self._dx_down = list(half), frames, t_down
        self._add_across = [(half[:, :, :, j, 1:], places[TILE + j]) for j in (0, 1)]
        self._add_down = [(dx[:, TILE + i :: TILE], frames[TILE + i]) for i in (0, 1)]
        self._edge_across, self._edge_down = half[:, :, :, :, across], dx[:, TILE * down :]

    def _see_gradient(self, m: np.ndarray) -> None:
        """The views for m from dy."""
        count, down, across = self.shape.grid
        rows = (count, down, TILE, across, self.shape.filters)
        self._dy_frames = np.zeros((count, TILE * down, *rows[2:]), m.dtype)
        half = _memory("half", (INPUTS, *rows), m.dtype)
        frames = [self._dy_frames[:, i::TILE] for i in range(TILE)]
        places = [half[:, :, :, j] for j in range(TILE)]
        numbers = [m[:, j] for j in range(INPUTS)]
        self._dy_down = frames, list(half), _memory("t", rows, m.dtype)
        self._dy_across = places, numbers, _memory("t", m[:, 0].shape, m.dtype)

    def _see_output(self, m: np.ndarray) -> None:
        """The views for y from m."""
        t = _memory("t", m[0].shape, m.dtype)
        self._output_down = list(m), t
        self._output_across = [m[:TILE, j] for j in range(INPUTS)], t[:TILE]
        # (image, tile down, row, tile across, column, channel): images, with what is too much
        self._output = m[:TILE, :TILE].transpose(2, 3, 0, 4, 1, 5)
        self._images = _memory("half", self._output.shape, m.dtype)

    def take_input(self, x: np.ndarray) -> None:
        """v = B^T d B for all tiles d of images (n, H, W, C)."""
        for columns, sorted_columns in self._sorted(x, self._frames, self.shape.padding):
            np.copyto(sorted_columns, columns)
        transform_input(*self._input_down)
        transform_input(*self._input_across)

    def take_gradient(self, dy: np.ndarray) -> None:
        """m = A dy A^T for all tiles of gradients (n, H', W', F)."""
        for columns, sorted_columns in self._sorted(dy, self._dy_frames, 0):
            np.copyto(sorted_columns, columns)
        transform_gradient(*self._dy_down)
        transform_gradient(*self._dy_across)

    def give_output(self, y: np.ndarray) -> None:
        """y = A^T m A for all tiles, as images (n, H', W', F). Uses m up."""
        transform_output(*self._output_down)
        transform_output(*self._output_across)
        np.copyto(self._images, self._output)
        count, down, across = self.shape.grid
        images = self._images.reshape(count, TILE * down, TILE * across, -1)
        np.copyto(y, images[:, : self.shape.out_height, : self.shape.out_width])

    def give_input_gradient(self, dx: np.ndarray) -> None:
        """dx = the sum of B v B^T over all tiles, as images (n, H, W, C). Uses v up."""
        transform_input_gradient(*self._dx_across)
        self._edge_across[...] = 0
        for columns, further in self._add_across:
            np.add(columns, further, out=columns)
        transform_input_gradient(*self._dx_down)
        self._edge_down[...] = 0
        for rows, further in self._add_down:
            np.add(rows, further, out=rows)
        for columns, sorted_columns in self._sorted(dx, self._dx_frames, self.shape.padding):
            np.copyto(columns, sorted_columns)

    @staticmethod
    def _sorted(
        x: np.ndarray, frames: np.ndarray, padding: int
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Every fourth column of images x, and where it is in (sorted) frames of this width."""
        height, width = x.shape[1:3]
        inner = frames[:, padding : padding + height]
        for start in range(min(TILE, width)):
            tile, place = divmod(padding + start, TILE)
            columns = x[:, :, start::TILE]
            yield columns, inner[:, :, place, tile : tile + columns.shape[2]]


def _memory(name: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Memory of this thread, shared by all convolutions."""
    return scratch(f"tiles {name}", math.prod(shape), dtype).reshape(shape)
