"""Starts run.py so that a test can wait until Python itself is ready: a signal before that ends
the interpreter in the middle of its own imports, with a traceback that no program can prevent."""

import subprocess
import sys
from pathlib import Path

RUN = Path(__file__).resolve().parents[1] / "run.py"
_PROGRAM = """
import runpy, sys
print("begun", file=sys.stderr, flush=True)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
COMMAND = [sys.executable, "-c", _PROGRAM, str(RUN)]


def wait_until_begun(process: subprocess.Popen) -> None:
    """Wait for a process that was started with COMMAND and whose stderr is a pipe of text."""
    assert process.stderr.readline() == "begun\n"
