"""What was once broken in the report: each of these failed before it was repaired."""

import numpy as np
import pytest
from compare.pages import CURVES, choose
from run_folders import make_run


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


def test_a_small_random_search_has_bins_and_an_upright_axis_has_room_for_names(tmp_path, report_of):
    for number, dropout in enumerate(np.linspace(0.01, 0.5, 12).tolist()):
        dims = [2 ** (number % 3 + 5), 128]
        lr = 0.1 if number % 2 else 0.01
        changes = {"model__dropout": dropout, "model__hidden_dims": dims}
        make_run(tmp_path / str(number), 0.9 - dropout / 9, optimizer__lr=lr, **changes)
    page = report_of()
    page.run(choose("heat-y", "dropout"))
    page.run(choose("heat-x", "lr"))
    assert page.run("document.querySelectorAll('#heatmap tbody tr').length") == 6
    texts = "[...document.querySelectorAll('#parallel text')].map((text) => text.textContent)"
    assert {"[32,128]", "[64,128]", "[128,128]"} <= set(page.run(texts))
