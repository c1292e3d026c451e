"""The report in a real browser, opened from disk and used with mouse and keyboard."""

import io

import numpy as np
import pytest
from compare.pages import CURVES, FIRST, HOSTILE, MISPLACED, ROWS, cells, choose, heading
from PIL import Image
from run_folders import make_run

from scratchnet.__main__ import main


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
    (report,) = [link for link in links if link.endswith(".html")]
    assert report.endswith("/sweep/0/report.html")


def test_hovering_shows_the_values(page):
    page.point_at(f"{FIRST} .lines > svg", dx=230)
    tip = page.run("document.getElementById('tip').innerText")
    assert "epoch 3, accuracy" in tip
    assert tip.count("±") == 8  # four groups, on validation and on training images
    page.point_at("#scatter .dot")
    assert "val_accuracy" in page.run("document.getElementById('tip').innerText")


def test_what_is_plotted_can_be_chosen(page):
    titles = "[...document.querySelectorAll('#curves text.title')].map((one) => one.textContent)"
    assert page.run(titles) == ["accuracy", "loss"]
    page.click("#quantities button:nth-child(1)")
    page.click("#quantities button:nth-child(4)")
    assert page.run(titles) == ["loss", "lr"]
    assert page.run("document.querySelectorAll('#curves .side').length") == 4
    page.click("#training")
    assert page.run("document.querySelectorAll('#curves .side').length") == 0


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


def test_any_column_can_be_chosen(page):
    page.click("#chooser summary")
    for name in ("seed", "machine", "commit"):
        page.run(f"""[...document.querySelectorAll('#chooser label')].find((label) =>
            label.innerText.trim() === '{name}').click()""")
    assert set(cells(page, heading(page, "seed"))) == {"0, 1", "0"}
    page.press("Escape")
    assert page.run("$('chooser').open") is False


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


def test_a_typed_result_ranks_the_page(browser, report):
    other = report.with_name("by_loss.html")
    folder = str(report.parent / "sweep")
    assert main(["compare", folder, "--sort", "test_loss", "--html", str(other)]) == 0
    browser.open(other)
    assert browser.run("resultName()") == "test_loss"
    assert cells(browser, 3)[:2] == ["0.0550 ± 0.0071", "0.1050 ± 0.0071"]
    assert browser.complaints == []


def test_runs_without_validation_are_not_ranked(tmp_path, report_of):
    for number in range(3):
        lr = (number + 1) / 10
        make_run(
            tmp_path / str(number), 0.9 + lr / 10, optimizer__lr=lr, dataset__validation="none"
        )
    page = report_of()
    assert "not ranked" in page.run("$('notes').textContent")
    assert page.run("$('result').selectedOptions[0].text") == "none"
    assert cells(page, 2) == ["", "", ""]
    assert page.run("document.querySelectorAll('#runs .swatch').length") == 0
    page.run(choose("result", "test_accuracy"))
    assert cells(page, 2)[0] == "best"


def test_thousands_of_rows_are_drawn_in_part(page):
    page.run("table.most = 2; parallel.most = 2; scatter.most = 2; drawAll()")
    assert len(cells(page, 0)) == 3
    assert cells(page, 0)[-1] == "show all 5 rows"
    for chart, mark in (("scatter", ".dot"), ("parallel", ".line")):
        assert page.run(f"document.querySelectorAll('#{chart} {mark}').length") == 2
        assert page.run(f"$('{chart}-note').textContent").startswith("2 of 4 rows, evenly by rank.")
    page.click("#runs .empty button")
    assert len(cells(page, 0)) == 5
