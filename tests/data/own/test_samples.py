"""Arrays become images in bytes or vectors, whatever their layout and range."""

import numpy as np
import pytest

from scratchnet.data.own import samples
from scratchnet.data.own.samples import Channels

RNG = np.random.default_rng(0)
SMOOTH = np.add.outer(np.arange(8), np.arange(8))[..., None] * np.array([4, 8, 12])  # (8, 8, 3)


def test_layouts_of_images():
    grey, colour = RNG.random((5, 4, 6)), RNG.random((5, 4, 6, 3))
    np.testing.assert_array_equal(samples.as_images(grey), grey[..., None])
    np.testing.assert_array_equal(samples.as_images(colour), colour)
    np.testing.assert_array_equal(samples.as_images(np.moveaxis(colour, 3, 1)), colour)
    odd = RNG.random((5, 3, 6, 3))
    np.testing.assert_array_equal(samples.as_images(odd, Channels.last), odd)
    np.testing.assert_array_equal(samples.as_images(odd, Channels.first), np.moveaxis(odd, 1, 3))


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ((5, 3, 6, 3), "channels first or last"),
        ((5, 6, 6, 4), "must have 1 or 3 channels"),
        ((5,), r"has shape \(5,\): must be \(n, H, W\)"),
        ((5, 2, 2, 3, 1), "must be"),
    ],
)
def test_other_layouts_are_refused(shape, reason):
    with pytest.raises(ValueError, match=reason):
        samples.as_images(np.zeros(shape))


@pytest.mark.parametrize(
    ("values", "expected", "white"),
    [
        (np.array([0, 7, 255], np.uint8), [0, 7, 255], None),
        (np.array([0, 7, 255], np.int64), [0, 7, 255], 255),
        (np.array([0.0, 0.5, 1.0]), [0, 128, 255], 1),
        (np.array([0.0, 7.4, 254.6]), [0, 7, 255], 255),
        (np.array([0.0, 7.0, 16.0]), [0, 7, 16], 255),
        (np.array([False, True]), [0, 255], 1),
        (np.array([0, 257, 65_535], np.uint16), [0, 1, 255], 65_535),
    ],
)
def test_ranges_of_pixels(values, expected, white):
    (found,), notes = samples.in_bytes([values])
    assert (found.tolist(), found.dtype) == (expected, np.uint8)
    assert bool(notes) == (white is not None)
    assert samples.white_of([values]) == (white or 255)
    assert white is None or notes[0].endswith(f"white is taken to be {white}")


def test_all_splits_have_one_range():
    (train, test), _ = samples.in_bytes([np.array([0.0, 200.0]), np.array([0.0, 1.0])])
    assert (train.tolist(), test.tolist()) == ([0, 200], [0, 1])


@pytest.mark.parametrize("values", [[-1.0, 1.0], [0.0, 0.5, 16.0], [0.5, 300.0], [0, 70_000]])
def test_a_range_that_cannot_be_told_is_refused(values):
    with pytest.raises(ValueError, match=r"holds pixels from .* to .*: must be"):
        samples.in_bytes([np.array(values)])


def test_rows_are_square_images_in_grey_or_colour():
    rows = RNG.integers(0, 256, (3, 64))
    (images,) = samples.as_square_images([rows])
    np.testing.assert_array_equal(images, rows.reshape(3, 8, 8, 1))
    last = np.stack([SMOOTH.ravel()] * 2)
    first = np.stack([np.moveaxis(SMOOTH, 2, 0).ravel()] * 2)
    for rows, channels in ((last, Channels.last), (first, Channels.first)):
        for asked in (channels, Channels.auto):
            (images,) = samples.as_square_images([rows], asked)
            np.testing.assert_array_equal(images[0], SMOOTH)
    with pytest.raises(ValueError, match="has 65 numbers per sample: not those of a square image"):
        samples.as_square_images([np.zeros((2, 65))])


def test_what_looks_like_images():
    pixels = RNG.integers(0, 256, (9, 64))
    assert samples.looks_like_images(pixels)
    assert samples.looks_like_images(pixels.astype(np.float32))
    assert not samples.looks_like_images(pixels + 0.5)
    assert not samples.looks_like_images(pixels - 1)
    assert not samples.looks_like_images(pixels[:, :49])  # too small for a guess
    assert not samples.looks_like_images(pixels[:, :63])
    assert samples.named_as_pixels(["pixel0", "Pixel_1"])
    assert samples.named_as_pixels(["1x1", "1x2"])
    assert not samples.named_as_pixels(["pixel0", "width"])
    assert not samples.named_as_pixels([])


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.array([["a"]]), "values of type <U1: must be numbers"),
        (np.zeros((0, 4)), "holds no samples"),
        (np.array([[1.0, 2.0], [np.nan, 1.0]]), r"holds nan at \[1, 0\]"),
        (np.array([[1.0, np.inf]]), r"holds inf at \[0, 1\]"),
    ],
)
def test_what_is_no_number_is_refused_with_its_place(values, reason):
    with pytest.raises(ValueError, match=reason):
        samples.check_numbers(values)


def test_vectors_that_float32_cannot_hold_are_refused():
    vectors = samples.as_vectors(np.array([[1.5, -2.0]]))
    assert (vectors.shape, vectors.dtype) == ((1, 1, 1, 2), np.float32)
    with pytest.raises(ValueError, match="too large"), np.errstate(over="ignore"):
        samples.as_vectors(np.array([[1e300]]))
