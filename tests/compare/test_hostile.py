"""Damaged, odd and malicious folders are shown or skipped, and nothing breaks."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from omegaconf import OmegaConf
from run_folders import CONFIG, make_run

from scratchnet.__main__ import main
from scratchnet.runs.folder import COLUMNS

EVIL = "</script><img src=x onerror=alert(1)>\x1b[2J\x07|`=cmd()\r\n\u202e"
Change = Callable[[Path], object]


def info(**values: object) -> Change:
    return _json("run.json", **values)


def summary(**values: object) -> Change:
    return _json("summary.json", **values)


def _json(name: str, **values: object) -> Change:
    def change(run: Path) -> None:
        known = json.loads((run / name).read_text())
        (run / name).write_text(json.dumps(known | values))

    return change


def settings(**values: object) -> Change:
    return lambda run: (run / "config.yaml").write_text(OmegaConf.to_yaml(CONFIG | values))


def unfinished(**values: str) -> Change:
    """One epoch with these texts in its columns, and no summary."""

    def change(run: Path) -> None:
        (run / "summary.json").unlink()
        row = dict.fromkeys(COLUMNS, "1") | values
        text = f"{','.join(COLUMNS)}\n{','.join(row.values())}\n"
        (run / "metrics.csv").write_text(text)

    return change


def fifo(run: Path) -> None:
    (run / "metrics.csv").unlink()
    os.mkfifo(run / "metrics.csv")


def endless(run: Path) -> None:
    (run / "config.yaml").unlink()
    (run / "config.yaml").symlink_to("/dev/zero")


def images(run: Path) -> None:
    (run / "plots").mkdir()
    (run / "plots" / '<b>%s\x1b".png').touch()
    (run / "plots" / os.fsdecode(b"\xff.png")).touch()


SHOWN: dict[str, Change] = {
    "names of results": summary(**{EVIL: 1, "folder": 2, "n": 3, "__proto__": 4, "seed": 5}),
    "name that is no text": lambda run: (run / "summary.json").write_text('{"\\ud800": 1.0}'),
    "results of other types": summary(test_accuracy=True, seconds=None, epochs=EVIL),
    "results out of range": summary(test_accuracy=1e308, seconds=-1e308, epochs=1.5),
    "infinite": unfinished(val_accuracy="inf", seconds="1e308", samples_per_second="-inf"),
    "not a number": unfinished(val_accuracy="nan", val_loss="nan"),
    "settings of other types": settings(dataset=[1, {"a": EVIL}], model=None, seed={"a": [EVIL]}),
    "names of settings": settings(**{EVIL: EVIL, "__proto__": {"x": 1}, "constructor": 2}),
    "metric": settings(trainer={"early_stopping": {"metric": [1]}}),
    "long text": settings(model={"name": "x" * 30_000}),
    "data": info(data={"fingerprint": [EVIL], "images": EVIL, "protocol": {"a": EVIL}}),
    "no data": info(data=3),
    "too late": info(start="9999-12-31T23:59:59-23:00"),
    "too early": info(start="0001-01-01T00:00:00"),
    "no time": info(start=5),
    "images": images,
    "plots are a file": lambda run: (run / "plots").touch(),
}
SKIPPED: dict[str, Change] = {
    "result too large": summary(test_accuracy=10**400),
    "seed too large": settings(seed=10**400),
    "number too long": unfinished(step="1" * 5000),
    "status": info(status=["completed"]),
    "no text": lambda run: (run / "run.json").write_bytes(b"\xff\xfe"),
    "no epochs": lambda run: (run / "metrics.csv").write_text(""),
    "empty config": lambda run: (run / "config.yaml").write_text(""),
    "a folder": lambda run: (run / "summary.json").unlink() or (run / "summary.json").mkdir(),
    "fifo": fifo,
    "endless": endless,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """All of the runs above beside a good one, in folders that have odd names, too."""
    folder = tmp_path_factory.mktemp("hostile")
    make_run(folder / "good")
    for name, change in (SHOWN | SKIPPED).items():
        change(make_run(folder / name / f"{name}<b>\x1b[2J=|`\n", 0.8, optimizer__lr=0.5))
    make_run(folder / os.fsdecode(b"\xfe"))
    return folder


FORMS = (
    [],
    ["--csv"],
    ["--markdown"],
    ["--json"],
    ["--each"],
    ["-w", "status=completed"],
    ["--sort", "seed", "--columns", "label,n,start,folder,seed,status"],
    ["--sort", "start"],
)


@pytest.mark.parametrize("form", FORMS, ids=" ".join)
def test_each_is_shown_or_listed_and_none_controls_the_terminal(folder, capsys, form):
    assert main(["compare", str(folder), *form]) == 0
    output = capsys.readouterr()
    assert all(c.isprintable() or c == "\n" for c in output.out + output.err)
    skipped = [line for line in output.err.splitlines() if line.startswith("skipped: ")]
    assert len(skipped) == len(SKIPPED)
    for name in SKIPPED:
        assert any(f"/{name}/{name}<b>" in line for line in skipped)


def test_the_number_of_runs_is_right(folder, capsys):
    assert main(["list", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"{len(SHOWN) + 2} runs"


def test_the_report_of_them_works(folder, capsys, tmp_path, browser):
    report = tmp_path / "report.html"
    assert main(["compare", str(folder), "--html", str(report)]) == 0
    browser.open(report)
    browser.click("#show-all")
    for result in range(browser.run("data.results.length")):
        change = "$('result').dispatchEvent(new Event('change'))"
        browser.run(f"$('result').value = {result}; {change}")
    browser.type("#filter", EVIL)
    assert browser.complaints == []
    assert browser.run("document.images.length") == 0


def test_the_report_holds_them_as_data_only(folder, capsys, tmp_path):
    report = tmp_path / "report.html"
    assert main(["compare", str(folder), "--html", str(report)]) == 0
    text = report.read_text()
    assert text.count("</script>") == 2
    assert "<img" not in text
    assert "\x1b" not in text
