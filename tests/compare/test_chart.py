"""The chart of lines: zoom, axes, smoothing, range and keyboard."""

import numpy as np
import pytest
from compare.pages import CURVES, FIRST
from run_folders import make_run

from scratchnet.runs.folder import COLUMNS

CHART = "curves.charts.get('accuracy')"
LOSS = "curves.charts.get('loss')"
X_RANGE = f"{CHART}.xRange"


def write_metrics(run, **curves: list[float]) -> None:
    """Replace columns of a run's metrics.csv."""
    count = len(next(iter(curves.values())))
    known = {"epoch": range(1, count + 1), "step": range(10, 10 * count + 1, 10)} | curves
    rows = [[repr(known.get(name, [0.5] * count)[i]) for name in COLUMNS] for i in range(count)]
    run.joinpath("metrics.csv").write_text(
        "".join(f"{','.join(row)}\n" for row in [COLUMNS, *rows])
    )


@pytest.fixture
def page_of(tmp_path, report_of):
    """The report of one run with these curves."""

    def open_report(**curves: list[float]):
        write_metrics(make_run(tmp_path / "0"), **curves)
        return report_of()

    return open_report


def test_dragging_zooms_and_a_double_click_goes_back(page):
    svg = f"{FIRST} .lines > svg"
    page.drag(svg, (-60, 0), (90, 0))
    (low, high), y = page.run(X_RANGE), page.run(f"{CHART}.zoom.range.y")
    assert 1 < low < 2 < high < 3
    assert y is None  # a level drag leaves it alone
    page.drag(svg, (-60, -50), (60, 60))
    bottom, top = page.run(f"{CHART}.yRange")
    assert page.run(f"{CHART}.zoom.range.y") == [bottom, top]
    assert page.run(f"{LOSS}.zoom.range") is None
    page.double_click(svg)
    assert page.run(X_RANGE) == [1, 3]


def test_the_keyboard_reads_the_values_and_zooms(page):
    page.run(f"document.querySelector('{FIRST} .lines').focus()")
    page.press("ArrowRight")
    page.press("ArrowRight")
    spoken = page.run(f"document.querySelector('{FIRST} [aria-live]').textContent")
    assert spoken.startswith("epoch 2, accuracy; #")
    assert spoken.count("±") == 8
    page.press("+")
    assert page.run(X_RANGE) == [1.5, 2.5]
    page.press("Escape")
    assert page.run(X_RANGE) == [1, 3]
    name = page.run(f"document.querySelector('{FIRST} .lines').ariaLabel")
    assert name.startswith("accuracy by epoch: 8 lines.")


def test_outliers_and_the_first_epoch_do_not_decide_the_range(page_of):
    loss = [90.0, 0.5, 0.45, 0.44, 0.43, 0.42, 1e6, 0.41, 0.40, 0.39]
    page = page_of(val_loss=loss, train_loss=loss)
    assert page.run(f"{LOSS}.yRange[1]") < 1
    tools = "[...document.querySelectorAll('#curves .tool')].map((one) => one.textContent)"
    assert "4 values outside: show all" in page.run(tools)
    page.click("#all-values")
    assert page.run(f"{LOSS}.yRange[1]") > 1e6


def test_a_logarithmic_accuracy_is_an_error(page_of):
    page = page_of(val_accuracy=[0.9, 0.99, 0.999], train_accuracy=[0.9, 0.99, 1.0])
    page.click("#log")
    assert page.run(f"document.querySelector('{FIRST} .title').textContent") == "error"
    spots = page.run(f"({CURVES})[0].getAttribute('d').split(/[ML ]/).filter(Boolean).map(Number)")
    down = np.diff(spots[1::2])
    assert down[0] == pytest.approx(down[1], rel=0.01)  # a tenth of the error, twice
    lowest = page.run(f"{CHART}.lines[0].points[2].y")
    assert lowest == pytest.approx(0.0005)  # no error at all: half of the smallest other one


def test_smoothing_is_an_average_without_bias_and_keeps_the_raw_line(page_of):
    values = [0.5, 0.9, 0.7, 0.8]
    page = page_of(val_accuracy=values)
    page.run("$('smoothing').value = 0.5; $('smoothing').dispatchEvent(new Event('input'))")
    smooth = page.run(f"{CHART}.lines.find(({{ isSide }}) => !isSide).points.map(({{ y }}) => y)")
    weights = [0.5 ** np.arange(n, -1, -1) for n in range(4)]
    assert smooth == pytest.approx([np.average(values[: len(w)], weights=w) for w in weights])
    assert page.run(f"document.querySelectorAll('{FIRST} .raw').length") == 2


def test_x_is_epochs_steps_or_time(page_of):
    page = page_of(val_accuracy=[0.5, 0.6, 0.7], seconds=[2.0, 4.0, 4.0])
    stops = {}
    for name in ("epoch", "step", "time"):
        page.run(f"$('x-axis').value = '{name}'; $('x-axis').dispatchEvent(new Event('change'))")
        stops[name] = page.run(f"{CHART}.stops")
    assert stops == {"epoch": [1, 2, 3], "step": [10, 20, 30], "time": [2, 6, 10]}


def test_a_dot_marks_the_best_epoch(page_of):
    page = page_of(val_accuracy=[0.5, 0.9, 0.7])
    dots = page.run(f"{CHART}.lines.find(({{ isSide }}) => !isSide).dots")
    assert dots == [{"x": 3, "y": 0.7}]  # as summary.json says


def test_more_runs_than_colours_differ_by_their_patterns(tmp_path, report_of):
    for number in range(10):
        make_run(tmp_path / str(number), optimizer__lr=(number + 1) / 100)
    page = report_of()
    page.click("#show-all")
    chips = page.run("""[...document.querySelectorAll('#legend .chip line')].map((line) =>
        line.getAttribute("class") + line.getAttribute("stroke-dasharray"))""")
    lines = page.run(f"""{CURVES}.map((line) =>
        line.classList[1] + line.getAttribute("stroke-dasharray"))""")
    assert len(set(chips)) == 10
    assert chips == lines


def test_the_tip_names_the_nearest_line_among_many(tmp_path, report_of):
    for number in range(15):
        run = make_run(tmp_path / str(number), optimizer__lr=(number + 1) / 100)
        write_metrics(run, val_accuracy=[0.9 - number / 50] * 3, train_accuracy=[0.95] * 3)
    page = report_of()
    page.click("#show-all")
    lowest = page.run(f"Math.max(...{CHART}.lines.map(({{ points }}) => {CHART}.y(points[1].y)))")
    svg = f"{FIRST} .lines > svg"
    height = page.run(f"document.querySelector('{svg}').clientHeight")
    page.point_at(svg, dx=10, dy=lowest - height / 2)
    assert "#14" in page.run("document.querySelector('#tip .nearest').innerText")
    assert page.run("document.querySelectorAll('#tip div').length") == 11  # and how many more
    assert "(training)" not in page.run("$('tip').innerText")
