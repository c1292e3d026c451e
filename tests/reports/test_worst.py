"""worst.png shows the misclassified images, the highest loss first."""

import numpy as np
import pytest
from matplotlib.transforms import Bbox
from PIL import Image

from scratchnet.data.images import Images
from scratchnet.reports.figure import DPI
from scratchnet.reports.mosaic import Mosaic
from scratchnet.reports.worst import COLUMNS, MARGIN, ROWS, SIDE, TOP, draw_worst, worst_first


def tiles(figure):
    """For each Mosaic on the figure: left, bottom and pixels of its images."""
    return [artist.placed for artist in figure.findobj(Mosaic)]


def random_images(count, channels=1, brightest=16):
    rng = np.random.default_rng(0)
    images = rng.integers(0, brightest + 1, (count, 8, 8, channels), dtype=np.uint8)
    images[0, 0, 0] = brightest
    labels = rng.integers(0, 3, count)
    return images, labels


def test_only_wrong_images_are_chosen_and_the_highest_loss_comes_first():
    labels = np.array([0, 1, 2, 1, 0])
    predictions = np.array([1, 1, 0, 0, 2])
    losses = np.array([2.0, 9.0, 4.0, 3.0, 2.0], np.float32)
    assert worst_first(labels, predictions, losses).tolist() == [2, 3, 0, 4]


@pytest.mark.parametrize(("channels", "brightest"), [(1, 16), (3, 255)])
def test_images_are_shown_pixel_by_pixel_in_their_range(
    tmp_path, figures, texts, channels, brightest
):
    images, labels = random_images(40, channels, brightest)
    predictions, losses = (labels + 1) % 3, np.arange(40, dtype=np.float32)
    probabilities = np.linspace(0, 1, 40, dtype=np.float32)
    names = ["cat", "dog", "cow"]
    path = tmp_path / "a.png"
    draw_worst(
        Images(images, labels),
        predictions,
        losses,
        probabilities,
        names,
        white=int(images.max()),
        path=path,
    )
    (shown,) = tiles(figures[0])
    assert len(shown) == COLUMNS * ROWS
    worst, pixels = 39, shown[0][2]
    side = round(DPI * SIDE)
    assert pixels.shape == (side, side, 4)
    middles = pixels[side // 16 :: side // 8, side // 16 :: side // 8, :3]
    expected = np.broadcast_to(images[worst] / brightest, middles.shape)
    np.testing.assert_allclose(middles / 255, expected, atol=0.5 / 255 + 1e-6)
    assert [text.get_text() for text in figures[0].texts[1:4]] == [
        names[labels[worst]],
        f"taken for {names[predictions[worst]]}, 100 %",
        "loss 39.00",
    ]
    assert "40 of 40 test images wrong: the 24 with the highest loss" in texts(figures[0])


@pytest.mark.parametrize("wrong", [0, 1, 6, 7])
def test_few_or_no_wrong_images(tmp_path, figures, texts, wrong):
    images, labels = random_images(10)
    predictions = labels.copy()
    predictions[:wrong] = (labels[:wrong] + 1) % 3
    losses = probabilities = np.ones(10, np.float32)
    names = ["a $", "[red]", "x" * 300]
    path = tmp_path / "a.png"
    draw_worst(
        Images(images, labels),
        predictions,
        losses,
        probabilities,
        names,
        white=int(images.max()),
        path=path,
    )
    assert sum(map(len, tiles(figures[0]))) == wrong
    heading = f"{wrong} of 10 test images wrong" if wrong else "All 10 test images correct"
    assert heading in texts(figures[0])


def test_images_keep_their_proportions_and_lie_apart(tmp_path, figures):
    images = np.full((8, 4, 8, 1), 255, np.uint8)
    labels, ones = np.zeros(8, int), np.ones(8, np.float32)
    shown, path = Images(images, labels), tmp_path / "a.png"
    draw_worst(shown, labels + 1, ones, ones, ["a", "b"], white=255, path=path)
    (shown,) = tiles(figures[0])
    boxes = [Bbox.from_bounds(x, y, *pixels.shape[1::-1]) for x, y, pixels in shown]
    for box in boxes:
        assert box.width == 2 * box.height == round(DPI * SIDE)
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert boxes[0].y0 == boxes[5].y0 > boxes[6].y1


def test_an_image_lands_where_it_should_the_right_way_up(tmp_path):
    image = np.zeros((1, 2, 2, 3), np.uint8)
    image[0, 0, 1] = 255, 0, 0  # red, at the upper right
    label, one = np.zeros(1, int), np.ones(1, np.float32)
    shown, path = Images(image, label), tmp_path / "a.png"
    draw_worst(shown, label + 1, one, one, ["a", "b"], white=255, path=path)
    with Image.open(tmp_path / "a.png") as drawn:
        red = np.asarray(drawn.convert("RGB")) == (255, 0, 0)
    rows, columns = np.nonzero(red.all(axis=2))
    half, left = round(DPI * SIDE / 2), round(DPI * MARGIN)
    assert (np.ptp(rows) + 1, np.ptp(columns) + 1) == (half, half)
    assert (rows.min(), columns.min()) == (round(DPI * TOP), left + half)
