"""Texts from a stranger's run folder are shown as plain text everywhere."""

import csv
import io
import json
import re

import pytest
from run_folders import make_run

from scratchnet.__main__ import main
from scratchnet.runs.load import load_runs

PAYLOADS = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "=HYPERLINK('http://x')",
    "  =1+1",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--<script>",
    "\x1b[2J\x1b[31mred",
    "\x1b]0;title\x07",
    "a\rb",
    "a\nforged line",
    "\u202eevil\u2066",
    "[bold red]x[/] [link=http://x]y[/link]",
    "[a](javascript:b) `x` **y** | z",
    "&lt;b&gt;",
    "'; DROP TABLE runs; --",
    "$(reboot) `reboot`",
    "{{7*7}} %s %n {0}",
    "\"'\\",
]
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069]")


def test_there_are_twenty_payloads():
    assert len(set(PAYLOADS)) >= 20


@pytest.fixture(params=PAYLOADS, ids=repr)
def hostile(request, tmp_path):
    """Two runs with this text in settings, in run.json and, as far as possible, in folder names."""
    text = request.param
    folder = text.replace("/", "").replace("\0", "")[:50]
    for number, name in enumerate((f"{folder}1", f"{folder}2")):
        run = make_run(
            tmp_path / "runs" / name, 0.9 - number / 10, remark=text, optimizer__name=text
        )
        if number == 0:
            (run / "overrides.txt").write_text(f"note={text}\n")
            info = json.loads((run / "run.json").read_text())
            (run / "run.json").write_text(json.dumps(info | {"note": text, text: text}))
    make_run(tmp_path / "runs" / "tame", 0.7, remark="tame")
    return text


def shown(capsys, *arguments: str) -> str:
    assert main([*arguments]) == 0
    output = capsys.readouterr()
    assert not CONTROLS.search(output.out)
    assert not CONTROLS.search(output.err)
    return output.out


def cells_of_markdown(line: str) -> int:
    return len(re.findall(r"(?<!\\)\|", line))


def test_a_payload_stays_text(hostile, tmp_path, capsys):
    runs = str(tmp_path / "runs")
    assert {row["remark"] for row in load_runs(runs)} == {hostile, "tame"}
    for command in (["list", runs], ["compare", runs]):
        assert "forged line" not in shown(capsys, *command).splitlines()

    for row in csv.reader(io.StringIO(shown(capsys, "compare", runs, "--csv"))):
        assert not any(cell.lstrip().startswith(("=", "@", "+", "-")) for cell in row)
    texts = json.loads(shown(capsys, "compare", runs, "--json"))
    assert hostile in [row["remark"] for row in texts]
    table = shown(capsys, "compare", runs, "--markdown").splitlines()
    assert len({cells_of_markdown(line) for line in table}) == 1
    assert not re.search(r"(?<!\\)<", "".join(table))

    shown(capsys, "compare", runs, "--html", str(tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<script") == page.count("</script>") == 2
    assert "<img" not in page
