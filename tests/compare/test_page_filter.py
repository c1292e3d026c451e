"""The filter of the report, and the address that keeps what it shows."""

import pytest
from compare.pages import cells, choose, heading
from run_folders import make_run


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("test_accuracy > 90 %", 1),
        ("test_accuracy>0.9", 1),
        ("lr < 0.05   dropout = 0.5", 1),
        ("lr=0.1|9", 3),
        ("status=completed lr!=0.1", 2),
        ("status=diverged", 1),
        ("seed=1", 4),
        ("#8", 1),
        ("seconds<1min", 5),
        ("seconds>1 s", 5),
    ],
)
def test_conditions(page, typed, rows):
    page.type("#filter", typed)
    assert page.run("rows().length") == rows
    assert page.run("$('remark').hidden") is True


@pytest.mark.parametrize(
    ("typed", "remark"),
    [
        ("optimzer.lr<1", "no setting or result optimzer.lr; did you mean optimizer.lr?"),
        ("foo=1", "no setting or result foo"),
        ("optimizer=adamw", "all rows have optimizer.name=adamw"),
        ("constructor=1", "no setting or result constructor"),
    ],
)
def test_what_is_odd_about_a_filter_is_said(page, typed, remark):
    page.type("#filter", typed)
    assert page.run("$('remark').textContent") == remark


def test_a_drag_along_an_axis_filters(page):
    page.run("setFilter('status=completed')")
    index = page.run("parallel.axes.indexOf(settingNamed('lr'))") + 1
    strip = f"#parallel .brush:nth-of-type({2 * index - 1})"
    page.drag(strip, (0, 20), (0, 150))
    typed = page.run("state.words")
    assert typed.startswith("status=completed lr>=0.0")
    assert set(cells(page, heading(page, "lr"))) == {"0.01"}
    page.double_click(f"#parallel .brush:nth-of-type({2 * index - 1})")
    assert page.run("state.words") == "status=completed"


def test_the_address_restores_the_view(page, report):
    page.type("#filter", "status=completed")
    page.click("#runs thead th:nth-child(6) button")
    page.click("#runs tbody tr:nth-child(1) input")
    page.run(choose("result", "test_loss"))
    page.click("#log")
    view = """({
        order: sorted(rows()).map(({ key }) => key), filter: $("filter").value,
        shown: [...state.shown.keys()], result: resultName(),
        log: curves.log, checked: $("log").checked,
    })"""
    before = page.run(view)
    assert len(before["shown"]) == 3
    page.run("new Promise((done) => setTimeout(done, SOON + 50))")
    address = page.run("location.href")
    page.open(report)
    assert page.run(view) != before
    page.go(address)
    assert page.run(view) == before


def test_names_notes_and_tags_are_shown_and_found(tmp_path, report_of):
    make_run(tmp_path / "0", name="the <b>first", tags=["slow", "wide net"], note="try again")
    make_run(tmp_path / "1", optimizer__lr=0.1)
    page = report_of()
    assert "#0 the <b>first lr=0.001" in page.run("$('legend').innerText")
    for typed in ("tag=slow", "name!=x first", "again"):
        page.run(f"setFilter({typed!r})")
        assert page.run("rows().map(({ id }) => id)") == ["#0"]
    page.run("setFilter('tags!=slow')")
    assert page.run("rows().map(({ id }) => id)") == ["#1"]
