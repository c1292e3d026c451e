"""Only what is printed is lost when a stream is closed, full, or left by its reader."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[2] / "run.py"
COMMANDS = {
    "run": [str(RUN), "trainer.epochs=3", "model.hidden_dims=[16]", "hydra.run.dir=here"],
    "sweep": [str(RUN), "-m", "trainer.epochs=1,2", "hydra.sweep.dir=here"],
}

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no /dev/full, and no sh")


def shell(cwd: Path, line: str, *command: str) -> subprocess.CompletedProcess:
    """Run a line of sh, in which "$@" is the command, run by Python."""
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}", "sh", sys.executable, *command],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
    )


def check_is_complete(folder: Path, command: str) -> None:
    runs = [folder / "0", folder / "1"] if command == "sweep" else [folder]
    assert all((run / "summary.json").exists() for run in runs)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('"$@" | head -n 1', "Broken pipe"),
        ('"$@" >/dev/full', "No space left on device"),
    ],
)
def test_training_goes_on_without_output(tmp_path, line, reason, command):
    done = shell(tmp_path, line, *COMMANDS[command])
    assert done.returncode == 0
    assert done.stderr == f"warning: nothing more is printed on stdout: {reason}\n"
    check_is_complete(tmp_path / "here", command)
    if command == "run":
        log = (tmp_path / "here" / "run.log").read_text()
        assert f"nothing more is printed on stdout: {reason}\n" in log


@pytest.mark.parametrize(
    "line", ['"$@" >&-', '"$@" <&- >&- 2>&-', '"$@" 2>&1 | head -n 1', '"$@" >/dev/full 2>&1']
)
def test_training_goes_on_if_both_streams_are_gone(tmp_path, line):
    done = shell(tmp_path, line, *COMMANDS["run"])
    assert (done.returncode, done.stderr) == (0, "")
    check_is_complete(tmp_path / "here", "run")


@pytest.mark.parametrize("launcher", ["basic", "joblib"])
def test_a_sweep_without_output_writes_into_no_file(tmp_path, launcher):
    """joblib hands the number of stderr to its processes, where it has to be open."""
    if launcher == "joblib":
        pytest.importorskip("hydra_plugins.hydra_joblib_launcher")
    done = shell(tmp_path, '"$@" >&- 2>&-', *COMMANDS["sweep"], f"hydra/launcher={launcher}")
    assert done.returncode == 0
    check_is_complete(tmp_path / "here", "sweep")


@pytest.mark.parametrize("command", [[str(RUN), "--help"], ["-m", "scratchnet", "list", "."]])
def test_an_answer_that_cannot_be_printed_is_an_error(tmp_path, command):
    (tmp_path / "run.json").touch()
    done = shell(tmp_path, '"$@" >/dev/full', *command)
    assert done.returncode == 2
    assert done.stderr.endswith("stdout: No space left on device\n")
    assert "Traceback" not in done.stderr


def test_a_mistake_is_told_by_the_exit_code_alone_if_nothing_can_be_printed(tmp_path):
    assert shell(tmp_path, '"$@" >&- 2>&-', str(RUN), "seed=x").returncode == 2


def test_a_stream_that_lacks_a_character_fails_nothing(tmp_path):
    code = "from scratchnet.system import streams; streams.prepare(); print('run in 漢/±')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONIOENCODING": "ascii:strict"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "run in ?/+-\n", "")
