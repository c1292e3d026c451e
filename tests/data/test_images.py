"""The fingerprint of a dataset depends on every pixel and label."""

import numpy as np

from scratchnet.data.images import Images, fingerprint


def some_images(count: int = 4) -> Images:
    images = np.random.default_rng(0).integers(0, 256, (count, 3, 2, 1), dtype=np.uint8)
    return Images(images, np.arange(count, dtype=np.int64))


def test_fingerprint_is_the_same_for_equal_content():
    assert fingerprint(some_images()) == fingerprint(some_images())


def test_fingerprint_depends_on_every_pixel_and_label():
    original = fingerprint(some_images())
    for position in range(4):
        pixel, label = some_images(), some_images()
        pixel.pixels[position, 2, 1, 0] ^= 1
        label.labels[position] += 1
        assert fingerprint(pixel) != original
        assert fingerprint(label) != original


def test_fingerprint_depends_on_the_shape():
    flat = some_images()
    flat.pixels = flat.pixels.reshape(4, 6, 1, 1)
    assert fingerprint(flat) != fingerprint(some_images())
