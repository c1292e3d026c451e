"""PNG files of plots, written in half the time of an encoder that tries every filter on each row.

PNG (Portable Network Graphics) Specification, third edition, W3C 2025; sections in brackets.
"""

import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"  # [5.2]
UP = 2  # filter type: each byte minus the one above [9.2]; large areas of a plot become zeros
LEVEL = 3  # of zlib, from 0 to 9: twice as fast as 6, and a fifth larger
INCH = 0.0254  # metres


def encode(pixels: np.ndarray, dpi: int) -> bytes:
    """The file of an image (H, W, 3), uint8 RGB."""
    height, width = pixels.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits, RGB [11.2.1]
    density = round(dpi / INCH)
    size = struct.pack(">IIB", density, density, 1)  # pixels per metre [11.3.4.3]
    rows = np.empty((height, 1 + 3 * width), np.uint8)
    rows[:, 0] = UP
    rows[:, 1:] = pixels.reshape(height, 3 * width)
    rows[1:, 1:] -= pixels[:-1].reshape(height - 1, 3 * width)  # modulo 256
    content = zlib.compress(rows, LEVEL)
    chunks = (b"IHDR", header), (b"pHYs", size), (b"IDAT", content), (b"IEND", b"")
    return SIGNATURE + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    """Length, name, data and checksum [5.3]."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
