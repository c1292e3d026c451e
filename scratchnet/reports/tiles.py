"""Images drawn pixel by pixel: matplotlib's own artists resample each image, 15 times as slow."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase


class Tiles(Artist):
    """Images on a figure, each pixel of an image as a block of whole pixels of the figure."""

    def __init__(self) -> None:
        super().__init__()
        self.placed: list[tuple[int, int, np.ndarray]] = []  # left, bottom, pixels

    def add(self, image: np.ndarray, left: int, bottom: int, side: int) -> None:
        """One more image (H, W, 1 or 3), uint8, in the square whose lower left corner is given.

        `left`, `bottom` and `side` are pixels of the figure. What is not square is centred.
        """
        height, width = (size * side // max(image.shape[:2]) for size in image.shape[:2])
        rows = np.arange(height) * image.shape[0] // height  # the nearest of each pixel
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
