"""The report in a real browser: read, clicked, walked through with the keyboard."""

import pytest
from insight.conftest import HOSTILE

FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def text(page, selector: str) -> str:
    return page.run(f"document.querySelector('{selector}').textContent")


@pytest.fixture
def page(browser, folder):
    path = folder.path / "report.html"
    browser.open(path)
    yield browser
    others = [one for one in browser.requests if not one.startswith("data:image/png")]
    assert others == [path.as_uri()]  # nothing else is loaded
    assert browser.complaints == []
    assert browser.run("document.title") == "run: report"


def test_numbers_are_written_as_they_are(page, folder):
    summary = folder.summary
    shown = text(page, "#figures")
    assert f"{100 * summary['test_accuracy']:.2f} %" in shown
    assert "360 images, 1 image = 0.28 points" in shown
    assert text(page, "#user-note") == HOSTILE
    assert text(page, "#status").strip() == "completed"
    wrong = page.run("data.test.wrong")
    assert text(page, "#wrong").startswith(f"{wrong} of 360 test images are wrong")
    recall = page.run("data.test.mistakes.classes[3].recall")
    assert f"{100 * recall:.2f} %" in text(page, "#classes tbody tr:nth-child(4)")
    error = page.run("data.test.calibration.error")
    assert f"error {100 * error:.2f} %" in text(page, "#calibration-error")


def test_a_cell_shows_its_images_and_a_second_click_all(page):
    label, prediction, count, _ = page.run("Object.values(data.test.mistakes.pairs[0])")
    all_tiles = page.run("document.querySelectorAll('#gallery .tile').length")
    cell = f'#confusion button[data-focus="{label} {prediction}"]'
    page.click(cell)
    assert page.run("document.querySelectorAll('#gallery .tile').length") == count
    assert f"{label} taken for {prediction}: {count} image" in text(page, "#gallery-note")
    assert page.run(f"document.querySelector('{cell}').ariaPressed") == "true"
    page.click(cell)
    assert page.run("document.querySelectorAll('#gallery .tile').length") == all_tiles


def test_tiles_show_the_images(page):
    page.run("gallery.sheet.ready")
    page.run(FRAME)
    drawn = """Array.from(document.querySelector("#gallery canvas").getContext("2d")
        .getImageData(0, 0, 8, 8).data).filter((_, i) => i % 4 === 0)"""
    assert len(set(page.run(drawn))) > 4
    name = page.run("document.querySelector('#gallery canvas').ariaLabel")
    assert name.startswith("image ")


def test_kinds_of_images_can_be_chosen(page):
    page.click("#kinds button:nth-child(3)")
    assert page.run("document.querySelectorAll('#gallery .row').length") == 10
    page.click("#kinds button:nth-child(2)")
    assert page.run("document.querySelectorAll('#gallery .tile').length") == 24


def test_charts_and_bars_can_be_walked_through(page):
    page.run("document.querySelector('#curves .lines').focus()")
    page.press("ArrowRight")
    assert text(page, "#curves [aria-live]").startswith("epoch 1, loss; val loss: ")
    page.run("document.querySelector('#reliability').focus()")
    page.press("ArrowRight")
    assert text(page, "#reliability + [aria-live]").startswith("0 % to 7 %")


def test_curves_have_three_axes_and_a_logarithm(page):
    page.run("$('x-axis').value = 'time'; $('x-axis').dispatchEvent(new Event('change'))")
    page.click("#log")
    titles = page.run("[...document.querySelectorAll('#curves .title')].map((t) => t.textContent)")
    assert titles == [
        "loss",
        "error",
        "balanced error",
        "lr",
        "gradient norm",
        "samples per second",
    ]
    assert page.run("charts[0].chart.options.x.label") == "time"


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, False), (390, True)])
def test_it_fits_the_screen(page, folder, width, dark):
    page.open(folder.path / "report.html", width, 900, dark)
    assert page.run("document.documentElement.scrollWidth") <= width


def test_the_layers_are_drawn(page):
    assert page.run("document.querySelectorAll('#outputs .map').length") == 2
    assert page.run("document.querySelectorAll('#gradients .map').length") == 2
    assert page.run("document.querySelectorAll('#filters canvas').length") == 16


def test_a_long_gallery_opens_in_two_steps(page):
    page.run("$('gallery').replaceChildren(tiles(Array(70).fill(0)))")
    assert page.run("document.querySelectorAll('#gallery .tile').length") == 60
    assert text(page, "#gallery button") == "show 10 more"
    page.click("#gallery button")
    assert page.run("document.querySelectorAll('#gallery .tile').length") == 70
    assert page.run("document.querySelector('#gallery button')") is None
