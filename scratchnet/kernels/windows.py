"""Windows (h, w, C) on images (H, W, C), which may reach beyond the edges."""

from scratchnet.kernels.compiler import inner


@inner()
def read_window(image, top, left, window):
    """window[i, j] = image[top + i, left + j], or 0 where that lies outside of the image."""
    height, width, channels = image.shape
    for i in range(window.shape[0]):
        for j in range(window.shape[1]):
            if 0 <= top + i < height and 0 <= left + j < width:
                for c in range(channels):
                    window[i, j, c] = image[top + i, left + j, c]
            else:
                for c in range(channels):
                    window[i, j, c] = 0.0


@inner()
def add_window(window, top, left, image):
    """image[top + i, left + j] += window[i, j] where that lies inside of the image."""
    height, width, channels = image.shape
    for i in range(max(0, -top), min(window.shape[0], height - top)):
        for j in range(max(0, -left), min(window.shape[1], width - left)):
            for c in range(channels):
                image[top + i, left + j, c] += window[i, j, c]
