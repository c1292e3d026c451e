"""Tables as text: what stands in them, and that no text from a folder can do harm."""

import csv
import io
import json
from pathlib import Path

import pytest
from run_folders import make_run

from scratchnet.compare import html, writing
from scratchnet.compare.groups import group
from scratchnet.compare.payload import View, payload, thinned
from scratchnet.compare.table import columns, sort
from scratchnet.errors import UserError
from scratchnet.reports.terminal import console_for
from scratchnet.runs.load import read_runs

HOSTILE = "=cmd|' /C calc'!A0 </script><img src=x onerror=alert(1)> \x1b[2J [a](javascript:b) `x` &"
VIEW = View(columns=None, sort="test_accuracy", reverse=False)


@pytest.fixture
def groups(tmp_path):
    for seed, accuracy in enumerate((0.875, 0.9375)):
        make_run(tmp_path / str(seed), accuracy, seed=seed)
    make_run(tmp_path / "2", 0.95, model__name=HOSTILE)
    make_run(tmp_path / "3", 0.10, status="failed", model__name="linear")
    return sort(group(read_runs(tmp_path)[0]), "test_accuracy")


def test_the_default_columns(groups):
    names = [column.name for column in columns(groups)]
    assert names[:3] == ["model.name", "n", "test_accuracy"]
    assert names[-2:] == ["status", "folder"]


def test_csv_has_all_digits_and_no_formula(groups):
    rows = list(csv.DictReader(io.StringIO(writing.to_csv(columns(groups)))))
    hostile, mlp, failed = rows
    assert hostile["model.name"].startswith("'=cmd|")
    assert "\x1b" not in hostile["model.name"]
    assert float(mlp["test_accuracy"]) == 0.90625
    assert float(mlp["test_accuracy_std"]) == pytest.approx(0.03125 * 2**0.5)
    assert failed["test_accuracy"] == ""


def test_json_is_read_back(groups):
    hostile, mlp, failed = json.loads(writing.to_json(columns(groups)))
    assert hostile["model.name"] == HOSTILE
    assert (mlp["n"], failed["n"]) == (2, 0)
    assert [Path(folder).name for folder in mlp["folder"]] == ["0", "1"]
    assert failed["test_accuracy"] is None


def test_markdown_keeps_its_cells(groups):
    lines = writing.markdown(columns(groups)).splitlines()
    assert len(lines) == 5
    assert "\\<img" in lines[2]
    assert "\\[a\\]" in lines[2]
    assert all(line.replace("\\|", "").count("|") == lines[0].count("|") for line in lines)


def test_the_terminal_shows_every_character_but_no_control(groups, capsys):
    table = writing.terminal(columns(groups))
    console_for(table).print(table)
    output = capsys.readouterr().out
    assert "\x1b" not in output
    assert "90.62 ± 4.42 %" in output
    assert "…" not in output


def test_columns_can_be_chosen(groups):
    assert [c.name for c in columns(groups, ["lr", "label"])] == ["optimizer.lr", "label"]
    with pytest.raises(UserError, match=r"--columns optimzer.lr: .*did you mean optimizer.lr"):
        columns(groups, ["optimzer.lr"])


def test_sorting_puts_the_best_first_and_the_unknown_last(groups):
    def accuracies(reverse):
        some = sort(groups, "test_accuracy", reverse)
        return [one.result("test_accuracy") and one.result("test_accuracy").mean for one in some]

    assert accuracies(False) == [0.95, 0.90625, None]
    assert accuracies(True) == [0.90625, 0.95, None]
    by_name = sort(groups, "model.name")
    assert [one.settings["model.name"] for one in by_name] == [HOSTILE, "linear", "mlp"]


def test_null_is_told_from_what_is_not_there(tmp_path):
    make_run(tmp_path / "0", trainer__clip_norm=None)
    make_run(tmp_path / "1", trainer__clip_norm=1.0, trainer__epochs=5)
    make_run(tmp_path / "2")
    table = columns(sort(group(read_runs(tmp_path)[0]), "clip_norm"))
    heading, _, *rows = [line.split(" | ")[:2] for line in writing.markdown(table).splitlines()]
    assert heading == ["| trainer.epochs", "clip\\_norm"]  # another column is called epochs
    assert rows == [["| 5", "1"], ["| 3", "null"], ["| 3", "-"]]


def test_faster_is_better(tmp_path):
    for seconds in (0.5, 2.0):
        run = make_run(tmp_path / str(seconds), optimizer__lr=seconds)
        metrics = run / "metrics.csv"
        metrics.write_text(metrics.read_text().replace("2514.123", str(1000 / seconds)))
    by_speed = sort(group(read_runs(tmp_path)[0]), "samples_per_second")
    assert [one.settings["optimizer.lr"] for one in by_speed] == [0.5, 2.0]
    (speed,) = columns(by_speed, ["samples_per_second"])
    assert writing.text_of(speed.name, speed.cells[0]) == "2,000"


def test_nothing_in_the_data_can_end_its_script(groups, tmp_path):
    page = html.page(payload(groups, [HOSTILE], [], tmp_path / "report.html", VIEW))
    assert page.count("</script>") == 2
    assert "<img" not in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in page
    assert "innerHTML" not in page


def test_links_are_relative_and_quoted(tmp_path):
    run = make_run(tmp_path / "runs" / "javascript:alert(1) %&'\"")
    (run / "plots").mkdir()
    (run / "plots" / "curves.png").touch()
    some = group(read_runs(run)[0])
    (written,) = payload(some, [], [], tmp_path / "report.html", VIEW)["runs"]
    assert written["link"] == "runs/javascript%3Aalert%281%29%20%25%26%27%22"
    assert written["images"] == [["curves.png", written["link"] + "/plots/curves.png"]]


def test_long_curves_are_thinned_with_both_ends():
    assert thinned(3, 5) == [0, 1, 2]
    assert thinned(101, 5) == [0, 25, 50, 75, 100]
