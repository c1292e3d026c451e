"""The report in a real browser, opened from disk and used with mouse and keyboard."""

import io

import numpy as np
import pytest
from compare.browser import Browser, find
from PIL import Image
from run_folders import make_run

from scratchnet.__main__ import main

pytestmark = pytest.mark.skipif(find() is None, reason="no Chromium here")

HOSTILE = "<img src=x onerror=document.title='hacked'></script><script>alert(1)</script>"
MISPLACED = """[...document.querySelectorAll("svg")].flatMap((chart) => {
    const whole = chart.getBoundingClientRect();
    const texts = [...chart.querySelectorAll("text")];
    const boxes = texts.map((text) => text.getBoundingClientRect());
    const overlap = (a, b) => a.left < b.right && b.left < a.right
        && a.top < b.bottom - 1 && b.top < a.bottom - 1;
    const isBad = (box, i) => box.left < whole.left || box.right > whole.right
        || box.bottom > whole.bottom || boxes.slice(i + 1).some((other) => overlap(box, other));
    return texts.filter((_, i) => isBad(boxes[i], i)).map((text) => text.textContent);
})"""  # texts in charts that are cut off or overlap
FIRST = "#curves .cell:first-child"  # the first of the charts
CURVES = f"[...document.querySelectorAll('{FIRST} .curve:not(.side)')]"
ROWS = "[...document.querySelectorAll('#runs tbody tr')]"


@pytest.fixture(scope="module")
def browser():
    started = Browser(find())
    yield started
    started.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    for number, (lr, dropout, seed) in enumerate(
        (lr, dropout, seed) for lr in (0.1, 0.01) for dropout in (0.0, 0.5) for seed in (0, 1)
    ):
        make_run(
            folder / "sweep" / str(number),
            accuracy=0.95 - lr - dropout / 10 + seed / 100,
            optimizer__lr=lr,
            model__dropout=dropout,
            seed=seed,
        )
    plots = folder / "sweep" / "0" / "plots"
    plots.mkdir()
    (plots / "curves.png").touch()
    make_run(folder / "sweep" / "8", status="diverged", optimizer__lr=9.0, model__name=HOSTILE)
    (folder / "sweep" / "torn").mkdir()
    (folder / "sweep" / "torn" / "config.yaml").touch()
    path = folder / "report.html"
    assert main(["compare", str(folder / "sweep"), "--html", str(path)]) == 0
    return path


@pytest.fixture
def page(browser, report):
    browser.open(report)
    yield browser
    assert browser.requests == [report.as_uri()]  # nothing else is loaded
    assert browser.complaints == []
    assert browser.run("document.title") == "Comparison of runs"


def cells(page, column: int) -> list[str]:
    return page.run(f"{ROWS}.map((row) => row.children[{column}].textContent)")


def choose(select: str, text: str) -> str:
    """A script that chooses an option."""
    return f"""(() => {{
        const select = document.getElementById("{select}");
        select.value = [...select.options].find((one) => one.text === "{text}").value;
        select.dispatchEvent(new Event("change"));
    }})()"""


def heading(page, name: str) -> int:
    names = page.run("[...document.querySelectorAll('#runs thead th')].map((th) => th.textContent)")
    return names.index(name)


def test_the_table_sorts_by_a_click(page):
    lr, accuracy = heading(page, "lr"), heading(page, "test_accuracy")
    assert page.run("document.querySelector('#runs th[aria-sort=descending]').textContent") == (
        "val_accuracy"
    )
    assert cells(page, accuracy)[0] == "94.50 % ± 0.71"
    page.click(f"#runs th:nth-child({lr + 1}) button")
    assert cells(page, lr) == ["0.01", "0.01", "0.1", "0.1", "9"]
    page.click(f"#runs th:nth-child({lr + 1}) button")
    assert cells(page, lr) == ["9", "0.1", "0.1", "0.01", "0.01"]
    assert (
        page.run(f"document.querySelector('#runs th:nth-child({lr + 1})').ariaSort") == "descending"
    )


def test_the_table_is_filtered_while_typing(page):
    page.type("#filter", "lr<0.05 dropout=0.5")
    assert cells(page, heading(page, "lr")) == ["0.01"]
    assert page.run("document.getElementById('count').textContent") == "1 of 5"


def test_words_find_runs(page):
    page.type("#filter", "diverged")
    assert cells(page, heading(page, "lr")) == ["9"]


def test_a_run_is_hidden_and_shown_again(page):
    count = f"{CURVES}.length"
    assert page.run(count) == 4  # the diverged run has no result, so it is not among the best
    bands = f"document.querySelectorAll('{FIRST} .band').length"
    assert page.run(bands) == 4
    page.click("#runs tbody tr:nth-child(1) input")
    assert page.run(count) == 3
    page.click("#runs tbody tr:nth-child(1) input")
    assert page.run(count) == 4
    page.click("#show-all")
    assert page.run(count) == 5
    page.click("#show-none")
    assert page.run(count) == 0


def test_seeds_can_be_ungrouped(page):
    page.click("#grouped")
    assert len(cells(page, 0)) == 9
    assert page.run("document.querySelectorAll('#curves .band').length") == 0


def test_a_group_expands_to_its_runs_with_links(page):
    page.click("#runs tbody tr:nth-child(3) .open")
    links = page.run("[...document.querySelectorAll('#runs .links a')].map((a) => a.href)")
    assert page.run(f"{ROWS}.length") == 7
    assert any(link.endswith("/sweep/0/plots/curves.png") for link in links)


def test_hovering_shows_the_values(page):
    page.point_at(f"{FIRST} .lines > svg", dx=230)
    tip = page.run("document.getElementById('tip').innerText")
    assert "epoch 3, accuracy" in tip
    assert tip.count("±") == 8  # four groups, on validation and on training images
    page.point_at("#scatter .dot")
    assert "val_accuracy" in page.run("document.getElementById('tip').innerText")


def test_what_is_plotted_can_be_chosen(page):
    titles = "[...document.querySelectorAll('#curves text.title')].map((one) => one.textContent)"
    assert page.run(titles) == ["accuracy (training dashed)", "loss (training dashed)"]
    page.click("#quantities button:nth-child(1)")
    page.click("#quantities button:nth-child(4)")
    assert page.run(titles) == ["loss (training dashed)", "lr"]
    page.click("#training")
    assert page.run(titles) == ["loss", "lr"]


def test_heat_map_and_parallel_coordinates(page):
    heat = page.run("document.getElementById('heatmap').innerText")
    swept = "lr \\ dropout 0 0.5 0.1 78.81 % 74.20 % 0.01 87.10 % 82.49 %"
    assert heat.split() == swept.split()  # not the model, which only one odd run changes
    assert page.run("document.querySelectorAll('#parallel .line').length") == 4


def test_hiding_a_run_keeps_the_colours_of_the_others(page):
    colours = f"Object.fromEntries({CURVES}.map((one) => [one.dataset.key, one.classList[1]]))"
    before = page.run(colours)
    page.click("#legend li:nth-child(2) button")
    after = page.run(colours)
    assert len(after) == len(before) - 1
    assert after.items() < before.items()


def test_a_lower_loss_is_better(page):
    page.run(choose("result", "test_loss"))
    assert cells(page, 3)[:2] == ["0.0550 ± 0.0071", "0.1050 ± 0.0071"]
    ramp = page.run("document.getElementById('ramp-parallel').textContent")
    assert ramp == "0.1950.055 test_loss, by rank"


def test_runs_that_did_not_complete_are_counted_and_named(page):
    assert "1 not completed" in page.run("document.getElementById('about').textContent")
    named = page.run("document.getElementById('incomplete').textContent")
    assert named.startswith("Runs that did not complete: 1diverged: ")
    assert "/sweep/8" in named
    assert cells(page, heading(page, "n"))[-1] == "0 of 1"


def test_a_filter_without_a_match_says_so(page):
    page.type("#filter", "lr>100")
    assert cells(page, 0) == ["No run matches the filter."]


def test_it_opens_with_the_typed_columns_and_order(browser, report):
    other = report.with_name("other.html")
    typed = ["--columns", "lr,test_loss", "--sort", "lr", "--reverse"]
    assert main(["compare", str(report.parent / "sweep"), *typed, "--html", str(other)]) == 0
    browser.open(other)
    names = browser.run(
        "[...document.querySelectorAll('#runs thead th')].map((th) => th.textContent)"
    )
    assert names == ["curve", "run", "against the best", "val_accuracy", "lr", "test_loss"]
    assert cells(browser, 4) == ["9", "0.1", "0.1", "0.01", "0.01"]


def test_the_chosen_runs_are_compared(page):
    page.click("#show-all")
    text = page.run("document.getElementById('differences').textContent").replace("\u200b", "")
    assert HOSTILE in text
    assert page.run("document.images.length") == 0
    changes = "[...document.querySelectorAll('#differences .change')].map((c) => c.className)"
    assert set(page.run(changes)) == {"change", "change worse"}  # measured against the best
    worse = page.run("document.querySelector('#differences .worse').textContent")
    assert worse[2:] == "4.61 pp"  # val_accuracy: 0.97 (1 - exp(-3)) of the dropout's 5 points
    page.run("$('reference').selectedIndex = 3; $('reference').dispatchEvent(new Event('change'))")
    assert set(page.run(changes)) == {"change", "change better"}


def test_skipped_folders_are_listed(page):
    skipped = page.run("document.getElementById('skipped').textContent")
    assert "Skipped folders: 1" in skipped
    assert "damaged run folder" in skipped


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_fits_the_screen_in_light_and_dark(browser, report, width, dark):
    browser.open(report, width, 844, dark)
    assert browser.run("document.documentElement.scrollWidth") == width
    assert browser.run(MISPLACED) == []
    image = np.asarray(Image.open(io.BytesIO(browser.screenshot())).convert("L"))
    assert image.shape == (844, width)
    assert (np.median(image) < 64) == dark
    assert image.std() > 10  # the page is not empty


# ---- what was once broken ----------------------------------------------------------------------


@pytest.fixture
def report_of(browser, tmp_path):
    """A function that opens the report of the runs in the test's folder."""

    def open_report(width: int = 1280, dark: bool = False) -> Browser:
        path = tmp_path / "report.html"
        assert main(["compare", str(tmp_path), "--html", str(path)]) == 0
        browser.open(path, width, 900, dark)
        return browser

    yield open_report
    assert browser.complaints == []


@pytest.mark.parametrize("count", [1, 3], ids=["one run", "the same run again"])
def test_runs_without_a_setting_that_differs(tmp_path, report_of, count):
    for number in range(count):
        make_run(tmp_path / str(number), start=f"2026-11-23T10:0{number}:00+00:00")
    page = report_of()
    assert page.run(f"{CURVES}.length") == 1
    hidden = "['parallel', 'scatter', 'heatmap', 'importance'].map((id) => $(id + '-card').hidden)"
    assert page.run(hidden) == [True] * 4


def test_hiding_a_run_in_the_legend_leaves_the_others_as_they_were(page):
    page.point_at("#legend li:nth-child(2) button")
    assert page.run("document.querySelectorAll('.far').length") > 0
    page.click("#legend li:nth-child(2) button")
    assert page.run("document.querySelectorAll('.far, #legend .near').length") == 0
    opacity = f"{CURVES}.map((one) => getComputedStyle(one).opacity)"
    assert page.run(opacity) == ["1", "1", "1"]


def test_a_run_without_the_setting_leaves_the_axis_numeric(tmp_path, report_of):
    for number, dropout in enumerate((0.1, 0.05, 0.5, 0.25)):
        make_run(tmp_path / str(number), 0.9 - number / 50, model__dropout=dropout)
    make_run(tmp_path / "4", 0.7, model={"name": "linear"})
    page = report_of()
    page.run(choose("scatter-x", "dropout"))
    dots = page.run("""[...document.querySelectorAll('#scatter .dot')].map((dot) =>
        [allRows().find(({ key }) => key === dot.dataset.key).settings[settingNamed("dropout")],
         Number(dot.getAttribute("cx"))])""")
    places = dict(dots)
    assert sorted(places, key=places.get) == [None, 0.05, 0.1, 0.25, 0.5]
    spans = np.diff([places[value] for value in (0.05, 0.1, 0.5)])
    assert spans[1] / spans[0] == pytest.approx(np.log(5) / np.log(2), rel=0.01)  # logarithmic
    texts = "[...document.querySelectorAll('#scatter text')].map((text) => text.textContent)"
    assert "absent" in page.run(texts)


def test_the_keyboard_keeps_its_place(page):
    focus = "document.activeElement.dataset.focus"
    for selector, key in (("#runs thead th:nth-child(5) button", "Enter"), ("#runs input", " ")):
        page.run(f"document.querySelector({selector!r}).focus()")
        before = page.run(focus)
        page.press(key)
        assert page.run(focus) == before
    assert page.run("document.activeElement.checked") is True  # it was not among the best


def test_many_values_do_not_make_a_tall_heat_map(tmp_path, report_of):
    random = np.random.default_rng(0)
    for number in range(60):
        lr, dropout = 10 ** random.uniform(-4, -1), random.uniform(0, 0.5)
        make_run(
            tmp_path / str(number), 0.9 - dropout / 9, optimizer__lr=lr, model__dropout=dropout
        )
    page = report_of()
    assert page.run("$('heatmap').getBoundingClientRect().height") < 420
    assert page.run("document.querySelectorAll('#heatmap tbody tr').length") == 6


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_print_is_dark_on_white_and_keeps_its_colours(page, report, dark):
    page.open(report, dark=dark)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    page.send("Emulation.setEmulatedMedia", {"media": "print", "features": [scheme]})
    style = "((selector, name) => getComputedStyle(document.querySelector(selector))[name])"
    assert page.run(f"{style}('body', 'color')") == "rgb(0, 0, 0)"
    assert page.run(f"{style}('.card', 'backgroundColor')") == "rgb(255, 255, 255)"
    for selector in ("#heatmap tbody td", "#runs .swatch"):
        assert page.run(f"{style}({selector!r}, 'printColorAdjust')") == "exact"
        assert page.run(f"{style}({selector!r}, 'backgroundColor')") != "rgba(0, 0, 0, 0)"
    assert page.run("ramp(1) === 'rgb(68,1,84)'")  # the best are the darkest, as on a light page
    assert page.run("document.querySelectorAll('#legend .chip line').length") == 4
