"""The report for everyone: names for screen readers, contrast, a way for the keyboard; and the same
verdicts as on the terminal."""

import itertools
import re

import pytest
from compare.pages import FIRST
from run_folders import make_run

from scratchnet.compare import ranking
from scratchnet.compare.groups import group
from scratchnet.runs.load import read_runs

NAMELESS = """[...document.querySelectorAll(
    "button, input, select, summary, [tabindex='0'], section, th, svg[role]")].filter((node) => {
    if (node.closest("[hidden]") || node.getAttribute("aria-hidden")) return false;
    const labels = [...(node.labels ?? [])].map((label) => label.textContent);
    const by = document.getElementById(node.getAttribute("aria-labelledby"));
    const list = node.tagName === "UL" ? "a list names itself" : "";
    const names = [node.ariaLabel, by?.textContent, ...labels, node.textContent, list];
    return !names.some((text) => text?.trim());
}).map((node) => node.outerHTML)"""
TEXTS = (("ink", "card"), ("soft", "card"), ("soft", "page"), ("accent", "card"), ("bad", "card"))
TEXTS += (("good", "card"), ("warn", "warn-back"), ("ink", "hover"), ("soft", "hover"))


def luminance(colour: str) -> float:
    """The relative luminance of `#rgb`, `#rrggbb` or `rgb(r,g,b)` (WCAG 2.2)."""
    if colour.startswith("#"):
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        parts = [int(digits[i : i + 2], 16) for i in (0, 2, 4)]
    else:
        parts = list(map(int, re.findall(r"\d+", colour)))
    shares = [part / 255 for part in parts]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_everything_can_be_seen(page, report, dark, media):
    page.open(report, dark=dark)
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    page.send("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})
    value = "getComputedStyle(document.documentElement).getPropertyValue('--{}').trim()"
    names = {*itertools.chain(*TEXTS), *(f"c{i}" for i in range(8))}
    colours = {name: page.run(value.format(name)) for name in names}
    for text, back in TEXTS:
        assert contrast(colours[text], colours[back]) >= 4.5, (text, back)
    for i in range(8):  # lines and dots
        assert contrast(colours[f"c{i}"], colours["card"]) >= 3, i
    steps = [page.run(f"[ramp({i / 20}), inkOn({i / 20})]") for i in range(21)]
    assert all(contrast(back, ink) >= 4.5 for back, ink in steps)
    ramp = [luminance(back) for back, _ in steps]
    assert ramp == sorted(ramp, reverse=media == "print" or not dark)


def test_everything_has_a_name(page):
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.run(NAMELESS) == []


@pytest.mark.parametrize("chart", [f"{FIRST} .lines", "#scatter", "#parallel"])
def test_the_keyboard_walks_through_each_chart(page, chart):
    page.run(f"document.querySelector('{chart}').focus()")
    page.press("ArrowRight")
    spoken = f"document.querySelector('{chart} + [aria-live]').textContent"
    first = page.run(spoken)
    page.press("ArrowRight")
    assert "" != first != page.run(spoken) != ""
    assert page.run("$('tip').hidden") is False
    page.run("document.activeElement.blur()")
    assert page.run("$('tip').hidden") is True


def test_enter_shows_the_curve_of_a_row(page):
    before = page.run("state.shown.size")
    page.run("$('parallel').focus()")
    page.press("ArrowRight")
    page.press("Enter")
    assert page.run("state.shown.size") == before - 1  # the best row was shown already


def test_the_verdicts_are_those_of_the_terminal(tmp_path, report_of):
    """Noise is judged twice, in Python and on the page, as the page filters and regroups."""
    for number, lr in enumerate((0.1, 0.2, 0.3, 0.4, 0.5)):
        for seed in range(3 if number < 3 else 1):
            accuracy = 0.97 - 0.004 * number**2 + 0.002 * ((seed * 7 + number) % 3)
            make_run(tmp_path / f"{number}-{seed}", accuracy, optimizer__lr=lr, seed=seed)
    make_run(tmp_path / "bad", 0.99, status="diverged", optimizer__lr=9.0)
    page = report_of()
    groups = group(read_runs(tmp_path)[0])
    for name in ("val_accuracy", "test_accuracy", "test_loss"):
        ours = ranking.standings(groups, name)
        assert len(set(ours)) > 2
        page.run(f"state.result = data.results.indexOf('{name}')")
        theirs = page.run("""(() => {
            const found = standings(groupRows, state.result);
            return Object.fromEntries(groupRows.map((row) => [row.settings[settingNamed("lr")],
                [found.get(row.key) ?? "", intervalOf(row, state.result)]]));
        })()""")
        for one, mark in zip(groups, ours, strict=True):
            found, interval = theirs[f"{one.settings['optimizer.lr']:g}"]
            assert found == mark
            expected = one.result(name) and one.result(name).interval
            assert interval == (expected and pytest.approx(list(expected)))
