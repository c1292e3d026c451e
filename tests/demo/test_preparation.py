"""Images are prepared in the page as `predict` prepares them in Python."""

import numpy as np
import pytest
from demo.pages import page_that_prepares, png, prepared_in
from PIL import Image, ImageDraw

from scratchnet.cli.commands.image import Reader
from scratchnet.data.framing import DIGIT, FILLING


def seven(ink: int, paper: int, shade: int = 0, line: int = 14) -> Image.Image:
    """A 7 on a sheet that is darker towards one side by `shade`."""
    image = Image.new("L", (300, 240), paper)
    ImageDraw.Draw(image).line([(60, 50), (150, 50), (110, 170)], fill=ink, width=line)
    values = np.asarray(image) - np.linspace(0, shade, 300)[None, :]
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))


def photo(mode: str) -> Image.Image:
    """A smooth image with some noise."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[0:90, 0:130]
    waves = np.stack([np.sin(rows / a) + np.cos(columns / a) for a in (9, 13, 21, 40)], axis=-1)
    values = 127 + 50 * waves + rng.normal(0, 5, waves.shape)
    return Image.fromarray(values.clip(0, 255).astype(np.uint8)).convert(mode)


def in_python(image, inputs, framing, path):
    path.write_bytes(png(image))
    return Reader(inputs, framing).read(path).pixels.astype(float)


@pytest.mark.parametrize(
    ("image", "framing"),
    [
        (seven(255, 0), FILLING),
        (seven(20, 240), DIGIT),
        (seven(30, 230, line=3), DIGIT),
        (seven(40, 220, shade=100), DIGIT),
        (seven(255, 0).resize((600, 480)), DIGIT),
        (Image.new("L", (50, 60), 90), DIGIT),
    ],
    ids=["light", "dark", "thin", "shaded", "large", "blank"],
)
def test_a_thing_is_found_and_framed(browser, tmp_path, image, framing):
    page, inputs = page_that_prepares(tmp_path / "demo.html", (28, 28, 1), framing)
    browser.open(page)
    expected = in_python(image, inputs, framing, tmp_path / "image.png")
    np.testing.assert_allclose(prepared_in(browser, image), expected, atol=3)


@pytest.mark.parametrize(
    ("mode", "fit"),
    [("RGB", None), ("L", None), ("L", "crop"), ("RGB", "crop"), ("RGBA", "pad"), ("L", "stretch")],
)
def test_other_images_are_resized_as_the_run_did(browser, tmp_path, mode, fit):
    background = "rgb(10,200,90)" if fit else None
    shape = (24, 32, 1 if mode == "L" else 3)
    page, inputs = page_that_prepares(
        tmp_path / "demo.html", shape, None, fit=fit, background=background
    )
    browser.open(page)
    image = photo(mode)
    expected = in_python(image, inputs, None, tmp_path / "image.png")
    np.testing.assert_allclose(prepared_in(browser, image), expected, atol=2)


def test_strokes_are_redrawn_in_the_form_of_mnist(browser, tmp_path):
    page, _ = page_that_prepares(tmp_path / "demo.html", (28, 28, 1), DIGIT)
    browser.open(page)

    def drawn(scale, dx, dy):
        points = [[(x * scale + dx), (y * scale + dy)] for x, y in ((0, 0), (9, 0), (3, 16))]
        values = browser.run(f"Array.from(preparedStrokes([{points}]))")
        return np.array(values).reshape(28, 28) / 255

    ink = drawn(10, 30, 40)
    rows, _ = np.nonzero(ink > 0.5)
    assert rows.max() - rows.min() + 1 == pytest.approx(20, abs=1)
    mass = ink.sum()
    places = np.arange(28)
    assert ink.sum(axis=1) @ places / mass == pytest.approx(14, abs=0.05)
    assert ink.sum(axis=0) @ places / mass == pytest.approx(14, abs=0.05)
    assert ink.max() == pytest.approx(1, abs=0.01)
    assert np.any((ink > 0.1) & (ink < 0.9))  # soft edges
    np.testing.assert_allclose(drawn(2.5, 200, 10), ink, atol=0.02)  # wherever, however large
