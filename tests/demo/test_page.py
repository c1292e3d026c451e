"""The demo in a real browser: drawn on, clicked, and with hostile texts in its data."""

import dataclasses

import numpy as np
import pytest
from demo.pages import TEST, write_page
from export.exported import INPUTS, logits_of, network_of

from scratchnet.demo.weights import WeightType, rounded_weights
from scratchnet.nn.loss import softmax

HOSTILE = "<img src=x onerror=document.title='hacked'></script><script>alert(1)</script>"
SHARES = "[...document.querySelectorAll('#classes meter')].map((bar) => bar.value)"
VISIBLE = "[...document.querySelectorAll('.layer:not([hidden])')].length"
FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
def network():
    return network_of("cnn")


@pytest.fixture
def page(browser, network, tmp_path):
    inputs = dataclasses.replace(INPUTS, classes=["zero", HOSTILE, "two"])
    path = write_page(tmp_path / "demo.html", network, inputs)
    browser.open(path)
    browser.run("ready")
    yield browser
    assert browser.requests == [path.as_uri()]  # nothing else is loaded
    assert browser.complaints == []
    assert browser.run("document.title") == "Inside a trained network"


def draw(page):
    x, y = page.middle("#pad")
    page._mouse("mousePressed", x - 40, y - 50, button="left", clickCount=1)
    for step in range(1, 11):
        page._mouse("mouseMoved", x - 40 + 8 * step, y - 50 + 10 * step, button="left", buttons=1)
    page._mouse("mouseReleased", x + 40, y + 50, button="left", clickCount=1)
    page.run(FRAME)


def text(page, name):
    return page.run(f"document.getElementById('{name}').textContent")


def test_an_empty_page_claims_nothing(page):
    assert page.run(SHARES) == [0, 0, 0]
    assert text(page, "answer") == ""
    assert page.run(VISIBLE) == 0


def test_everything_follows_what_is_drawn_until_it_is_cleared(page):
    draw(page)
    once = page.run(SHARES)
    assert sum(once) == pytest.approx(1)
    assert page.run(VISIBLE) == 11  # without the normalisations
    page.click("#norms")
    assert page.run(VISIBLE) == 15
    draw(page)
    page.click("#undo")
    page.run(FRAME)
    assert page.run(SHARES) == pytest.approx(once)
    page.click("#clear")
    page.run(FRAME)
    assert page.run(SHARES) == [0, 0, 0]


def test_a_test_image_gives_numpys_probabilities(page, network):
    page.click("#examples button:nth-child(7)")
    position = page.run("data.examples[6].position")
    with rounded_weights(network, WeightType.float16):
        expected = softmax(logits_of(network, TEST.pixels[position][None]))[0]
    np.testing.assert_allclose(page.run(SHARES), expected, atol=1e-4)
    assert text(page, "answer") == ["zero", HOSTILE, "two"][expected.argmax()]
    assert page.run("document.querySelectorAll('#examples [aria-pressed=true]').length") == 1


@pytest.mark.parametrize("kind", ["convolution", "linear"])
def test_the_terms_of_a_number_add_up_to_it(page, kind):
    page.click("#examples button:nth-child(3)")
    value, total = page.run(f"""(() => {{
        const {{ step }} = layers.rows.findLast((row) => row.step.kind === "{kind}");
        const result = layers.trace.get(step), place = {{ i: 0, j: 0, c: 1 }};
        const termsOf = step.kind === "linear" ? termsOfLinear : termsOfConvolution;
        const terms = termsOf(step, result.x, place).map((term) => term.value);
        const bias = step.arrays.bias?.[1] ?? 0;
        return [explained(step, result, place).value, terms.reduce((a, b) => a + b, bias)];
    }})()""")
    assert value == pytest.approx(total, rel=1e-5)
    assert value != 0


def test_maps_are_explained_by_click_and_by_keyboard(page):
    page.click("#examples button:nth-child(3)")
    page.click(".layer canvas")
    clicked = text(page, "inspection")
    assert clicked.startswith("0.Conv2d, map ")
    assert "the sum of kernel" in clicked
    page.run("document.querySelector('.layer canvas').focus()")
    for key in ("PageUp", "PageUp", "PageUp", "ArrowDown"):
        page.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": key})
    assert text(page, "inspection").startswith("0.Conv2d, map 0, row ")


def test_shuffled_weights_are_another_network_with_the_same_numbers(page):
    same, order = page.run("""(() => {
        const pairs = network.steps.map((step, i) => [step, random.steps[i]])
            .filter(([step]) => step.arrays.weight);
        const sorted = (values) => Array.from(values).sort().join();
        const same = pairs.every(([a, b]) => sorted(a.arrays.weight) === sorted(b.arrays.weight));
        return [same, pairs.some(([a, b]) => a.arrays.weight.join() === b.arrays.weight.join())];
    })()""")
    assert (same, order) == (True, False)


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(browser, network, tmp_path, width):
    browser.open(write_page(tmp_path / "demo.html", network), width=width)
    browser.run("ready")
    browser.click("#examples button:nth-child(3)")
    assert browser.run("document.documentElement.scrollWidth") <= width


def test_an_image_can_be_dropped_and_what_is_none_is_refused_in_words(page):
    drop = """(async () => {
        const files = new DataTransfer();
        files.items.add(%s);
        const event = new DragEvent("drop", { dataTransfer: files, bubbles: true });
        document.getElementById("pad").dispatchEvent(event);
        const hint = document.getElementById("hint"), before = hint.textContent;
        while (hint.textContent === before) await new Promise(requestAnimationFrame);
        return hint.textContent;
    })()"""
    red = """await (async () => {
        const canvas = new OffscreenCanvas(40, 30), context = canvas.getContext("2d");
        context.fillStyle = "#f00";
        context.fillRect(0, 0, 40, 30);
        return new File([await canvas.convertToBlob()], "red.png", { type: "image/png" });
    })()"""
    assert page.run(drop % red) == "red.png, as the network sees it."
    page.run(FRAME)
    assert page.run("Array.from(pad.pixels().slice(0, 3))") == [255, 0, 0]
    assert sum(page.run(SHARES)) == pytest.approx(1)
    page.click("#clear")
    words = page.run(drop % 'new File(["text"], "notes.txt")')
    assert words == "notes.txt is not an image that this browser reads."


def test_a_finger_draws_and_does_not_scroll(page):
    x, y = page.middle("#pad")
    page.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    points = [{"x": x + 20, "y": y + 60}]
    page.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
    page.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.run(FRAME)
    assert sum(page.run(SHARES)) == pytest.approx(1)
    assert page.run("getComputedStyle(document.getElementById('pad')).touchAction") == "none"
