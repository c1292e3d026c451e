"""However a run ends: run.json says how, and an interrupted run says how to resume it."""

import logging
import shlex
import signal
import sys
from datetime import datetime
from pathlib import Path

import pytest

from scratchnet.errors import RunError, UserError
from scratchnet.experiment.ending import recorded, status_of
from scratchnet.runs import RunFolder, Status
from scratchnet.runs.log import logging_to
from scratchnet.system import files
from scratchnet.system.interrupts import Interrupted
from scratchnet.training.trainer import Diverged

RUN_PY = Path(__file__).resolve().parents[2] / "run.py"


@pytest.fixture
def run(tmp_path):
    return RunFolder.create(tmp_path / "a run; $HOME 'x'", {"seed": 0}, [], {})


def end_with(run: RunFolder, error: BaseException) -> None:
    """Let a block end with this error, which must reach the caller unchanged."""
    with pytest.raises(type(error)) as raised, logging_to(run.log), recorded(run, lambda: 1.5):
        raise error
    assert raised.value is error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (KeyboardInterrupt(), Status.interrupted),
        (Interrupted(signal.SIGTERM), Status.interrupted),
        (Diverged("loss nan"), Status.diverged),
        (UserError("a wrong setting"), Status.failed),
        (RunError("No space left on device"), Status.failed),
        (MemoryError(), Status.failed),
        (ZeroDivisionError("a bug"), Status.failed),
        (SystemExit(1), Status.failed),
    ],
    ids=repr,
)
def test_every_error_has_a_status_and_a_reason_in_one_line(run, error, status):
    assert status_of(error) is status
    end_with(run, error)
    info = RunFolder.open(run.path).info
    assert info["status"] == status.value
    assert info["reason"] == (str(error) or type(error).__name__)
    assert datetime.fromisoformat(info["end"]) >= datetime.fromisoformat(info["start"])


def test_a_block_without_an_error_completes_the_run(run, capsys):
    with recorded(run, lambda: 1.5):
        assert run.info["status"] == "running"
    assert (run.info["status"], run.info["reason"]) == ("completed", None)
    assert capsys.readouterr() == ("", "")


def test_an_interrupted_run_prints_the_command_that_resumes_it(run, capsys, monkeypatch):
    elsewhere = run.path.parent / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    end_with(run, KeyboardInterrupt())
    output = capsys.readouterr()
    heading, _, command = output.err.partition(": ")
    assert (output.out, heading) == ("", "to resume")
    python, program, typed = shlex.split(command)  # as a shell reads it
    assert (python, Path(program).resolve()) == (sys.orig_argv[0], RUN_PY)
    assert Path(typed.removeprefix("resume=")).samefile(run.path)


@pytest.mark.parametrize(
    "error", [Diverged("loss nan"), UserError("a wrong setting"), RunError("a full disk")]
)
def test_an_error_of_the_user_needs_no_traceback(run, error, capsys):
    end_with(run, error)
    (line,) = run.log.read_text().splitlines()
    assert line.endswith(f"INFO {run.info['status']}: {error}")
    assert "to resume" not in capsys.readouterr().err


def test_a_bug_leaves_its_traceback_in_the_log(run):
    end_with(run, ZeroDivisionError("a bug"))
    text = run.log.read_text()
    assert "INFO failed: a bug\n    Traceback" in text
    assert text.endswith("    ZeroDivisionError: a bug\n")


def test_a_reason_cannot_forge_lines_or_steer_the_terminal(run):
    end_with(run, ValueError("a\nb\x1b[2J\u202e"))
    reason = run.info["reason"]
    assert reason.isprintable()
    assert reason.startswith("a b")


def test_on_a_full_disk_the_first_error_is_the_one_that_is_reported(run, monkeypatch, capsys):
    def full(operation, path):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files, "hook", full)
        end_with(run, RunError("the first error"))
    assert capsys.readouterr().err == ""  # the caller reports the first error in one line
    assert run.info["status"] == "running"
    run.finish(Status.failed)  # nothing is damaged or left locked


def test_a_status_that_cannot_be_written_is_a_warning(run, monkeypatch, caplog):
    def fail(*_):
        raise RunError("run.json: cannot be written")

    monkeypatch.setattr(RunFolder, "finish", fail)
    with pytest.raises(ValueError, match="the first error"), recorded(run, lambda: 1.5):
        raise ValueError("the first error")
    (warning,) = (record for record in caplog.records if record.levelno == logging.WARNING)
    assert warning.getMessage() == (
        "the status failed could not be written: run.json: cannot be written"
    )
