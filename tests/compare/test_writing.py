"""Tables as text: what they hold, and that no text from a run folder can do harm."""

import csv
import io
import json
from pathlib import Path

import pytest

from scratchnet.compare import writing
from scratchnet.compare.table import columns


def test_csv_has_all_digits_and_no_formula(groups):
    rows = list(csv.DictReader(io.StringIO(writing.to_csv(columns(groups)))))
    hostile, mlp, failed = rows
    assert hostile["model.name"].startswith("'=cmd|")
    assert "\x1b" not in hostile["model.name"]
    assert float(mlp["test_accuracy"]) == 0.90625
    assert float(mlp["test_accuracy_std"]) == pytest.approx(0.03125 * 2**0.5)
    assert failed["test_accuracy"] == ""
    assert hostile["test_accuracy_std"] == ""  # a single run has none, rather than 0


def test_json_is_read_back(groups, hostile):
    strange, mlp, failed = json.loads(writing.to_json(columns(groups)))
    assert strange["model.name"] == hostile
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
    writing.print_table(columns(groups))
    output = capsys.readouterr().out
    assert "\x1b" not in output
    assert "90.62 ± 4.42 %" in output
    assert "…" not in output
