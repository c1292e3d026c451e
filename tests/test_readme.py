"""What README shows is true: its program runs, the files it names are there."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_program_trains_a_network(tmp_path):
    program = re.search(r"<!-- test: program -->\n```python\n(.*?)```", README, re.DOTALL)[1]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    accuracy = re.fullmatch(r"test accuracy (\d\d\.\d\d) %\n", done.stdout)
    assert float(accuracy[1]) > 95
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("section", "line", "least"),
    [("Where is", r"\| .*", 20), ("To learn how it works", r"\d+\. .*", 10)],
)
def test_the_files_that_are_named_are_there(section, line, least):
    text = README.partition(f"## {section}")[2].partition("\n## ")[0]
    lines = [one for one in text.splitlines() if re.fullmatch(line, one)]
    paths = [path for one in lines for path in re.findall(r"`([\w/]+(?:\.\w+|/))`", one)]
    assert len(paths) >= least
    roots = (ROOT, ROOT / "scratchnet")  # the heading of the table names the folder
    assert [path for path in paths if not any((root / path).exists() for root in roots)] == []
