"""What README shows is true: its program runs, the files it names are there."""

import re
import subprocess
import sys
from pathlib import Path

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


def test_each_idea_is_in_the_file_that_is_named():
    section = README.partition("## Where is")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][2:]
    paths = [path for row in rows for path in re.findall(r"`([^`]+)`", row)]
    assert len(paths) >= 20
    assert [path for path in paths if not (ROOT / "scratchnet" / path).exists()] == []
