"""Buffers for tiles of 3x3 filters, and how images are copied in and out, by NumPy."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scratchnet.compute.threads import scratch
from scratchnet.kernels.winograd import (
    INPUTS,
    NUMBERS,
    TILE,
    outputs,
    transform_gradient,
    transform_input,
    transform_input_gradient,
    transform_output,
)


@dataclass(frozen=True)
class TileGeometry:
    """The sizes of a convolution of one image, and how its output is cut into tiles."""

    height: int  # of the input, without its frame
    width: int
    channels: int
    padding: int
    filters: int
    kernel: int

    @property
    def tile(self) -> int:
        """Outputs of a tile, in each direction."""
        return outputs(self.kernel)

    @property
    def out_height(self) -> int:
        return self.height + 2 * self.padding + 1 - self.kernel

    @property
    def out_width(self) -> int:
        return self.width + 2 * self.padding + 1 - self.kernel

    @property
    def down(self) -> int:
        """Tiles below each other; the last may reach over the edge."""
        return -(-self.out_height // self.tile)

    @property
    def across(self) -> int:
        """Tiles beside each other; the last may reach over the edge."""
        return -(-self.out_width // self.tile)

    @property
    def bytes(self) -> int:
        """Of the transformed tiles of one image, in float32."""
        return 4 * NUMBERS * self.down * self.across * (self.channels + self.filters)


class Tiles:
    """Buffers for the tiles of a few images: `v` (36, tiles, C) of the input, `m` (36, tiles, F).

    NumPy is slow on short rows, such as the C numbers of a pixel. So the columns of the images
    are first sorted by their place in a tile, 0 to 3: (image, row, place, tile across, channel).
    Then one step of a transform takes this column of all tiles at once, rows of tiles * C numbers.

    The views that the transforms need are made here, once, and not for every piece of a batch.
    """

    def __init__(self, geometry: TileGeometry, count: int, dtype: np.dtype):
        self.geometry = geometry
        grid = (count, geometry.down, geometry.across)
        # (number, number, image, tile down, tile across, channel), as the transforms see them
        v = _memory("v", (INPUTS, INPUTS, *grid, geometry.channels), dtype)
        m = _memory("m", (INPUTS, INPUTS, *grid, geometry.filters), dtype)
        self.v = v.reshape(NUMBERS, -1, geometry.channels)
        self.m = m.reshape(NUMBERS, -1, geometry.filters)

        self._view_input(v)
        self._view_input_gradient(v)
        self._view_gradient(m)
        self._view_output(m)

    def _view_input(self, v: np.ndarray) -> None:
        """The views for v from x: frames -> half, transformed down -> v, transformed across too."""
        count, down, across, channels = v.shape[2:]
        rows = (count, down, TILE, across + 1, channels)
        self._frames = np.zeros((count, TILE * down + 2, TILE, across + 1, channels), v.dtype)
        self._half = _memory("half", (INPUTS, *rows), v.dtype)
        self._t_down = _memory("t", rows, v.dtype)
        self._t_across = _memory("t", v[:, 0].shape, v.dtype)

        frames = [self._frames[:, i : i + TILE * (down - 1) + 1 : TILE] for i in range(INPUTS)]
        self._input_down = frames, list(self._half), self._t_down
        self._input_across = self._places(across), _columns(v), self._t_across

    def _places(self, across: int) -> list[np.ndarray]:
        """The six numbers across each tile in `half`; the last two are places of the next tile."""
        return [
            self._half[:, :, :, j % TILE, j // TILE : j // TILE + across] for j in range(INPUTS)
        ]

    def _view_input_gradient(self, v: np.ndarray) -> None:
        """The views for dx from v: the way of `_view_input` backwards.

        What reaches into the next tile is kept apart, and added there afterwards.
        """
        down, across = v.shape[3:5]
        half = self._half
        dx = self._dx_frames = _memory("dx frames", self._frames.shape, v.dtype)
        places = self._places(across)[:TILE]
        places += [_memory(f"next {j}", places[j].shape, v.dtype) for j in (0, 1)]
        frames = [dx[:, i : TILE * down : TILE] for i in range(TILE)]
        frames += [_memory(f"next {i}", self._t_down.shape, v.dtype) for i in (0, 1)]

        self._dx_across = _columns(v), places, self._t_across
        self._dx_down = list(half), frames, self._t_down
        self._next_across = [(half[:, :, :, j, 1:], places[TILE + j]) for j in (0, 1)]
        self._next_down = [(dx[:, TILE + i :: TILE], frames[TILE + i]) for i in (0, 1)]
        self._edge_across, self._edge_down = half[:, :, :, :, across], dx[:, TILE * down :]

    def _view_gradient(self, m: np.ndarray) -> None:
        """The views for m from dy."""
        count, down, across, filters = m.shape[2:]
        rows = (count, down, TILE, across, filters)
        self._dy_frames = np.zeros((count, TILE * down, TILE, across, filters), m.dtype)
        half = _memory("half", (INPUTS, *rows), m.dtype)
        frames = [self._dy_frames[:, i::TILE] for i in range(TILE)]
        places = [half[:, :, :, j] for j in range(TILE)]
        self._dy_down = frames, list(half), _memory("t", rows, m.dtype)
        self._dy_across = places, _columns(m), _memory("t", m[:, 0].shape, m.dtype)

    def _view_output(self, m: np.ndarray) -> None:
        """The views for y from m."""
        t = _memory("t", m[0].shape, m.dtype)
        self._output_down = list(m), t
        self._output_across = _columns(m[:TILE]), t[:TILE]
        # (image, tile down, row, tile across, column, channel): images, up to the end of tiles
        self._output = m[:TILE, :TILE].transpose(2, 3, 0, 4, 1, 5)
        self._images = _memory("half", self._output.shape, m.dtype)

    def take_input(self, x: np.ndarray) -> None:
        """v = B^T d B for all tiles d of images (n, H, W, C)."""
        for columns, sorted_columns in _sorted(x, self._frames, self.geometry.padding):
            np.copyto(sorted_columns, columns)
        transform_input(*self._input_down)
        transform_input(*self._input_across)

    def take_gradient(self, dy: np.ndarray) -> None:
        """m = A dy A^T for all tiles of gradients (n, H', W', F)."""
        for columns, sorted_columns in _sorted(dy, self._dy_frames, 0):
            np.copyto(sorted_columns, columns)
        transform_gradient(*self._dy_down)
        transform_gradient(*self._dy_across)

    def give_output(self, y: np.ndarray) -> None:
        """y = A^T m A for all tiles, as images (n, H', W', F). Overwrites m."""
        transform_output(*self._output_down)
        transform_output(*self._output_across)
        np.copyto(self._images, self._output)
        g = self.geometry
        images = self._images.reshape(len(y), TILE * g.down, TILE * g.across, g.filters)
        np.copyto(y, images[:, : g.out_height, : g.out_width])

    def give_input_gradient(self, dx: np.ndarray) -> None:
        """dx = the sum of B v B^T over all tiles, as images (n, H, W, C). Overwrites v."""
        transform_input_gradient(*self._dx_across)
        self._edge_across[...] = 0
        for columns, from_tile_before in self._next_across:
            columns += from_tile_before
        transform_input_gradient(*self._dx_down)
        self._edge_down[...] = 0
        for rows, from_tile_before in self._next_down:
            rows += from_tile_before
        for columns, sorted_columns in _sorted(dx, self._dx_frames, self.geometry.padding):
            np.copyto(columns, sorted_columns)


def _columns(numbers: np.ndarray) -> list[np.ndarray]:
    """The columns of (6, 6, ...) transformed numbers."""
    return [numbers[:, j] for j in range(INPUTS)]


def _sorted(
    x: np.ndarray, frames: np.ndarray, padding: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Every fourth column of images x, and its home in sorted frames with this padding."""
    height, width = x.shape[1:3]
    inner = frames[:, padding : padding + height]
    for start in range(min(TILE, width)):
        tile, place = divmod(padding + start, TILE)
        columns = x[:, :, start::TILE]
        yield columns, inner[:, :, place, tile : tile + columns.shape[2]]


def _memory(name: str, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Memory of this thread, shared by all convolutions."""
    return scratch(f"tiles {name}", math.prod(shape), dtype).reshape(shape)
