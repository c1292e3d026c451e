"""A digit is found and framed, whatever it is drawn on."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from scratchnet.data.framing import DIGIT, FILLING
from scratchnet.data.ink import components, find_ink, threshold
from scratchnet.data.preparation import on_contrast, prepare

SIZE = (28, 28)


def seven() -> np.ndarray:
    """A 7 as in MNIST: 20 pixels high, its centre of mass in the middle; uint8 (28, 28)."""
    image = np.zeros(SIZE, np.uint8)
    image[7:10, 8:21] = 255
    for row in range(10, 27):
        image[row, 18 - (row - 10) // 3 : 21 - (row - 10) // 3] = 255
    image = np.roll(image, (-2, -3), axis=(0, 1))
    rows, columns = np.nonzero(image)
    move = [round(14 - places.mean()) for places in (rows, columns)]
    return np.roll(image, move, axis=(0, 1))


def paper(drawn: np.ndarray, ink: float, top: float, bottom: float, noise: float) -> Image.Image:
    """A photograph of ink on paper, lit from one side: `top` and `bottom` are its brightness."""
    rng = np.random.default_rng(0)
    light = np.linspace(top, bottom, len(drawn))[:, None]
    shown = light * (1 - ink * drawn / 255) + rng.normal(0, noise, drawn.shape)
    return Image.fromarray(shown.clip(0, 255).astype(np.uint8))


def on_canvas(drawn: np.ndarray, scale: int) -> np.ndarray:
    """The digit, enlarged, near the corner of a large canvas."""
    large = drawn.repeat(scale, axis=0).repeat(scale, axis=1)
    return np.pad(large, [(5, 150), (220, 10)])


def difference(prepared) -> float:
    """The mean difference from the digit, which may lie one pixel off, by rounding."""
    moves = [(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)]
    moved = [np.roll(seven() / 255, move, axis=(0, 1)) for move in moves]
    return min(float(np.abs(prepared.pixels - one).mean()) for one in moved)


def test_what_lies_well_is_left_alone():
    found = prepare(Image.fromarray(seven()), DIGIT, SIZE)
    np.testing.assert_allclose(found.pixels, seven() / 255, atol=1e-6)
    assert found.done == []


def test_dark_on_light_is_only_inverted():
    found = prepare(Image.fromarray(255 - seven()), DIGIT, SIZE)
    np.testing.assert_allclose(found.pixels, seven() / 255, atol=1e-6)
    assert found.done == ["inverted"]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("place", ["corner", "tight"])
def test_place_and_size_are_restored(place, dark):
    drawn = on_canvas(seven(), 6)
    if place == "tight":
        rows, columns = np.nonzero(drawn)
        drawn = drawn[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    found = prepare(Image.fromarray(255 - drawn if dark else drawn), DIGIT, SIZE)
    assert difference(found) < 0.01
    assert found.done == [*(["inverted"] if dark else []), "cropped, scaled and centred"]


@pytest.mark.parametrize(("top", "bottom"), [(250, 120), (90, 210), (150, 150)])
def test_paper_may_be_unevenly_lit_and_noisy(top, bottom):
    drawn = on_canvas(seven(), 6)
    drawn[250:253, 30:33] = 255  # a speck of dust
    found = prepare(paper(drawn, 0.6, top, bottom, noise=4), DIGIT, SIZE)
    assert difference(found) < 0.03
    assert found.done[0] == "inverted"
    assert ("freed of shadows" in found.done) == (top != bottom)


def test_thin_lines_are_thickened():
    drawn = np.full((500, 500), 255, np.uint8)
    drawn[100:400, 150:153] = 20
    drawn[397:400, 150:350] = 20
    found = prepare(Image.fromarray(drawn), DIGIT, SIZE)
    assert found.done == ["inverted", "cropped, scaled and centred", "thickened"]
    assert found.pixels.sum() > 33 * 1.1  # 33 pixels of lines, each more than a pixel wide
    as_thin = prepare(Image.fromarray(drawn), replace(DIGIT, stroke=None), SIZE)
    assert as_thin.pixels.sum() < 33 * 0.8


def test_clothing_fills_the_image():
    drawn = np.full((100, 60), 255, np.uint8)
    drawn[20:60, 10:50] = 100
    found = prepare(Image.fromarray(drawn), FILLING, SIZE)
    np.testing.assert_allclose(found.pixels, 1, atol=1e-6)


@pytest.mark.parametrize("value", [0, 90, 255])
def test_nothing_is_found_on_a_blank_image(value):
    assert prepare(Image.new("L", (40, 30), value), DIGIT, SIZE) is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (2, 2), (3, 50)])
def test_tiny_images(shape):
    values = np.arange(np.prod(shape)).reshape(shape) * 7 % 256
    found = prepare(Image.fromarray(values.astype(np.uint8)), DIGIT, SIZE)
    assert found is None or (np.isfinite(found.pixels).all() and found.pixels.shape == SIZE)


@pytest.mark.parametrize("ink", [(0, 0, 0), (255, 255, 255), (30, 60, 200), (255, 240, 90)])
def test_ink_of_any_colour_on_nothing(ink):
    drawn = np.zeros((*SIZE, 4), np.uint8)
    drawn[..., :3], drawn[..., 3] = ink, seven()
    found = prepare(on_contrast(Image.fromarray(drawn)), DIGIT, SIZE)
    np.testing.assert_allclose(found.pixels, seven() / 255, atol=0.12)


def test_the_threshold_lies_between_two_levels():
    values = np.array([0.1] * 90 + [0.2] * 5 + [0.9] * 10)
    assert 0.2 < threshold(values) < 0.9


def test_components_are_the_parts_that_touch():
    mask = np.random.default_rng(1).random((30, 40)) < 0.35
    labels = components(mask)
    assert (labels[~mask] == 0).all()
    for row, column in zip(*np.nonzero(mask), strict=True):
        beside = labels[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        assert set(beside[beside > 0]) == {labels[row, column]}
    assert len(np.unique(labels[mask])) == _count_by_search(mask)


def _count_by_search(mask: np.ndarray) -> int:
    """The number of connected parts, by a search from pixel to pixel."""
    left, count = set(zip(*(axis.tolist() for axis in np.nonzero(mask)), strict=True)), 0
    while left:
        count += 1
        waiting = [left.pop()]
        while waiting:
            row, column = waiting.pop()
            for near in [(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]:
                if near in left:
                    left.remove(near)
                    waiting.append(near)
    return count


def test_ink_is_dark_or_light():
    values = seven().astype(np.float32) / 255
    assert find_ink(1 - values).is_dark
    assert not find_ink(values).is_dark
