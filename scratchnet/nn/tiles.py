"""The memory of a few pictures in tiles, and the way into it and out of it."""

import math
from typing import NamedTuple

import numpy as np

from scratchnet.nn.winograd import (
    INPUTS,
    NUMBERS,
    TILE,
    transform_gradient,
    transform_input,
    transform_output,
)
from scratchnet.threads import scratch


class TileShape(NamedTuple):
    """A convolution of `count` pictures: its sizes, and how its outputs are cut into tiles."""

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
        """Pictures, tiles down, tiles across; the last ones may reach over the edge."""
        return self.count, -(-self.out_height // TILE), -(-self.out_width // TILE)

    @property
    def bytes(self) -> int:
        """Of the transformed tiles, in float32."""
        count, down, across = self.grid
        return 4 * NUMBERS * count * down * across * (self.channels + self.filters)


class Tiles:
    """The transformed tiles: `v` (36, tiles, C) of the input, `m` (36, tiles, F) of the output.

    NumPy is slow on short rows, such as the C numbers of a pixel. So the columns of the pictures
    are first sorted by their place in a tile, 0 to 3: (picture, row, place, tile across, channel).
    Then a step of a transform takes a column of all tiles in a row at once, tiles * C numbers.
    """

    def __init__(self, shape: TileShape, dtype: np.dtype):
        self.shape = shape
        count, down, across = grid = shape.grid
        channels, filters = shape.channels, shape.filters

        # (number, number, picture, tile down, tile across, channel), as the transforms see them
        v = _memory("v", (INPUTS, INPUTS, *grid, channels), dtype)
        m = _memory("m", (INPUTS, INPUTS, *grid, filters), dtype)
        self.v = v.reshape(NUMBERS, -1, channels)
        self.m = m.reshape(NUMBERS, -1, filters)

        rows = (count, down, TILE, across + 1, channels)
        half = _memory("half", (INPUTS, *rows), dtype)  # transformed down, but not yet across
        self._frames = np.zeros((count, TILE * down + 2, *rows[2:]), dtype)
        self._down = (
            [self._frames[:, i : i + TILE * (down - 1) + 1 : TILE] for i in range(INPUTS)],
            list(half),
            _memory("t", rows, dtype),
        )
        self._across = (
            [half[:, :, :, j % TILE, j // TILE : j // TILE + across] for j in range(INPUTS)],
            [v[:, j] for j in range(INPUTS)],
            _memory("t", v[:, 0].shape, dtype),
        )

        rows = (count, down, TILE, across, filters)
        half = _memory("half", (INPUTS, *rows), dtype)
        self._gradient = np.zeros((count, TILE * down, *rows[2:]), dtype)
        self._gradient_down = (
            [self._gradient[:, i::TILE] for i in range(TILE)],
            list(half),
            _memory("t", rows, dtype),
        )
        self._gradient_across = (
            [half[:, :, :, j] for j in range(TILE)],
            [m[:, j] for j in range(INPUTS)],
            _memory("t", m[:, 0].shape, dtype),
        )

        t = _memory("t", m[0].shape, dtype)
        self._output_down = list(m), t
        self._output_across = [m[:TILE, j] for j in range(INPUTS)], t[:TILE]
        # (picture, tile down, row, tile across, column, channel): pictures, with what is too much
        self._output = m[:TILE, :TILE].transpose(2, 3, 0, 4, 1, 5)
        self._pictures = _memory("half", self._output.shape, dtype)

    def take_input(self, x: np.ndarray) -> None:
        """v = B^T d B for all tiles d of pictures (n, H, W, C)."""
        inner = self._frames[:, self.shape.padding : self.shape.padding + self.shape.height]
        _sort_columns(x, inner, self.shape.padding)
        transform_input(*self._down)
        transform_input(*self._across)

    def take_gradient(self, dy: np.ndarray) -> None:
        """m = A dy A^T for all tiles of gradients (n, H', W', F)."""
        _sort_columns(dy, self._gradient[:, : self.shape.out_height], 0)
        transform_gradient(*self._gradient_down)
        transform_gradient(*self._gradient_across)

    def give_output(self, y: np.ndarray) -> None:
        """y = A^T m A for all tiles, as pictures (n, H', W', F). Uses m up."""
        transform_output(*self._output_down)
        transform_output(*self._output_across)
        np.copyto(self._pictures, self._output)
        count, down, across = self.shape.grid
        pictures = self._pictures.reshape(count, TILE * down, TILE * across, -1)
        np.copyto(y, pictures[:, : self.shape.out_height, : self.shape.out_width])


def _sort_columns(x: np.ndarray, sorted_x: np.ndarray, first: int) -> None:
    """Pictures (n, H, W, C) by place in a tile, (n, H, 4, tiles, C); the left one is `first`."""
    width = x.shape[2]
    for start in range(min(TILE, width)):
        tile, place = divmod(first + start, TILE)
        columns = x[:, :, start::TILE]
        np.copyto(sorted_x[:, :, place, tile : tile + columns.shape[2]], columns)


def _memory(name: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Memory of this thread, shared by all convolutions."""
    return scratch(f"tiles {name}", math.prod(shape), dtype).reshape(shape)
