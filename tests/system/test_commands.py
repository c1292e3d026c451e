"""A printed command does what it says from the folder in which it was printed."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from scratchnet.system import commands

RUN_PY = Path(__file__).resolve().parents[2] / "run.py"


@pytest.mark.parametrize("typed", ["../checkout/run.py", "/usr/bin/pytest"])
def test_run_py_is_found_from_another_folder(tmp_path, monkeypatch, typed):
    (tmp_path / "checkout").symlink_to(RUN_PY.parent)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(sys, "argv", [typed])
    python, program, word = shlex.split(commands.run_py("resume=a b;$HOME"))
    assert (python, word) == (sys.orig_argv[0], "resume=a b;$HOME")
    assert program == (typed if typed.endswith("run.py") else str(RUN_PY))
    assert Path(program).samefile(RUN_PY)


def test_run_py_in_the_current_folder_is_named_as_such(monkeypatch):
    monkeypatch.chdir(RUN_PY.parent)
    monkeypatch.setattr(sys, "argv", ["run.py"])
    assert commands.run_py("seed=1").endswith(" run.py seed=1")


def test_an_experiment_is_copied_to_where_it_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "RUN_PY", tmp_path / "check out" / "run.py")
    folder = tmp_path / "check out" / "conf" / "experiment"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "best.yaml").write_text("seed: 1")
    subprocess.run(commands.copy_to_experiments("best.yaml"), shell=True, check=True)
    assert (folder / "best.yaml").read_text() == "seed: 1"


def test_a_command_is_one_line_whatever_a_folder_is_called():
    assert commands.scratchnet("compare", "a\n\x1b[2Jb").isprintable()
