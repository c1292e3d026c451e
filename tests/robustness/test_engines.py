"""Runs where Numba is missing, broken, or gives up on the way."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_runs import train, without_plots

from scratchnet.__main__ import main
from scratchnet.compute import threads
from scratchnet.errors import UserError
from scratchnet.experiment import resume
from scratchnet.kernels import adam, compiler, engine
from scratchnet.kernels.engine import Engine
from scratchnet.runs import RunFolder
from scratchnet.system import extras

RUN = Path(__file__).resolve().parents[2] / "run.py"
ENVIRONMENT = os.environ | {"PYTHONPATH": str(RUN.parent)}
START = f"""
import runpy, sys
sys.argv[0] = {str(RUN)!r}
runpy.run_path(sys.argv[0], run_name="__main__")
"""
WITHOUT_NUMBA = f"""
import sys
sys.modules["numba"] = None
{START}"""
COMPILING = f"""
from pathlib import Path
from scratchnet.kernels import cache
cache.folder = lambda: Path("kernels")
{START}"""


@pytest.fixture(autouse=True)
def _nothing_stays(monkeypatch, conf):
    without_plots(monkeypatch)
    yield
    threads.use(1)
    engine.use(Engine.numpy)


@pytest.fixture
def every_run_is_long(monkeypatch):
    monkeypatch.setattr(engine, "LONG", 0)


@pytest.fixture
def no_numba(monkeypatch):
    monkeypatch.setattr(extras, "is_installed", lambda module: module != "numba")


@pytest.fixture
def broken_numba(monkeypatch):
    monkeypatch.setattr(extras, "is_installed", lambda module: True)
    monkeypatch.setattr(compiler, "_found_problem", lambda: "Numba needs NumPy 2.3 or less")


def log_of(run):
    return (run / "run.log").read_text()


def test_a_plain_install_is_mentioned_in_the_log_alone(
    tmp_path, every_run_is_long, no_numba, capsys
):
    run = train(tmp_path / "run")
    assert log_of(run).count("INFO NumPy computes, as Numba cannot: it is not installed") == 1
    out, err = capsys.readouterr()
    assert "engine: numpy" in out
    assert "Numba" not in out + err
    assert RunFolder.open(run).info["engine"] == "numpy"


def test_a_broken_numba_is_one_warning_in_the_log_and_on_the_terminal(
    tmp_path, every_run_is_long, broken_numba, capsys
):
    run = train(tmp_path / "run")
    message = "NumPy computes, as Numba cannot: Numba needs NumPy 2.3 or less"
    assert log_of(run).count(f"WARNING {message}") == 1
    assert capsys.readouterr().err.count(f"warning: {message}") == 1


def test_a_short_run_does_not_look_for_numba(tmp_path, broken_numba):
    assert "Numba" not in log_of(train(tmp_path / "run"))


@pytest.mark.parametrize("state", ["no_numba", "broken_numba"])
def test_compiled_without_numba_leaves_nothing_on_disk(tmp_path, request, state):
    request.getfixturevalue(state)
    with pytest.raises(UserError, match=r"^trainer.engine=compiled: .*fast"):
        train(tmp_path / "run", "trainer.engine=compiled")
    assert list(tmp_path.iterdir()) == []


def run_without_numba(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT_NUMBA, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )


def test_compiled_without_numba_is_one_line_and_exit_code_2(tmp_path):
    done = run_without_numba(tmp_path, "trainer.engine=compiled", "hydra.run.dir=run")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert 'pip install -e ".[fast]"' in done.stderr
    assert not (tmp_path / "run").exists()


def as_compiled(run):
    """The run, as if compiled kernels had trained it."""
    info = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps(info | {"engine": "compiled"}))
    return run


def content_of(folder):
    """All files, with their times."""
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("state", ["no_numba", "broken_numba"])
def test_a_compiled_run_is_not_resumed_without_numba(tmp_path, request, state):
    run = as_compiled(train(tmp_path / "run"))
    before = content_of(run)
    request.getfixturevalue(state)
    with pytest.raises(UserError, match=r"was started with trainer.engine=compiled.*fast"):
        resume.run(run, ["trainer.epochs=4"])
    assert content_of(run) == before


@pytest.mark.parametrize("state", ["no_numba", "broken_numba"])
def test_a_compiled_run_is_evaluated_by_numpy_without_numba(tmp_path, request, capsys, state):
    run = as_compiled(train(tmp_path / "run"))
    request.getfixturevalue(state)
    capsys.readouterr()
    assert main(["evaluate", str(run)]) == 0
    out, err = capsys.readouterr()
    assert f"{100 * RunFolder.open(run).summary['test_accuracy']:.2f} %" in out
    assert err == ""


def test_a_resumed_run_keeps_its_engine(tmp_path, every_run_is_long, monkeypatch):
    pytest.importorskip("numba")
    run = train(tmp_path / "run")
    assert RunFolder.open(run).info["engine"] == "compiled"
    monkeypatch.setattr(engine, "LONG", math.inf)
    resume.run(run, ["trainer.epochs=4"])
    assert engine.in_use() is Engine.compiled
    assert log_of(run).count("engine: compiled") == 2


def test_a_run_goes_on_where_a_kernel_cannot_be_compiled(tmp_path, monkeypatch, capsys):
    pytest.importorskip("numba")
    monkeypatch.setattr(adam.adamw, "_compiled", {})
    compiled = compiler.compiled

    def fail(definition, *arguments):
        if definition is adam.adamw.definition:
            raise MemoryError("none left for machine code")
        return compiled(definition, *arguments)

    monkeypatch.setattr(compiler, "compiled", fail)
    run = train(tmp_path / "run", "trainer.engine=compiled")
    assert RunFolder.open(run).info["status"] == "completed"
    assert RunFolder.open(run).info["engine"] == "numpy"  # which resume keeps
    warning = "from here on NumPy computes: adamw cannot be compiled: none left for machine code"
    assert log_of(run).count(f"WARNING {warning}") == 1
    assert capsys.readouterr().err.count(f"warning: {warning}") == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize(("seconds", "signals"), [(0, 1), (1, 2)], ids=["once", "twice"])
def test_ctrl_c_while_compiling_leaves_nothing_broken(tmp_path, seconds, signals):
    """At first before the training has begun, then in its first step."""
    pytest.importorskip("numba")
    program = [
        sys.executable,
        "-c",
        COMPILING,
        "trainer.engine=compiled",
        "trainer.epochs=1",
        "hydra.run.dir=run",
    ]
    (tmp_path / "kernels").mkdir()
    process = subprocess.Popen(
        program,
        cwd=tmp_path,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr.readline().startswith("compiling kernels")
    time.sleep(seconds)
    for _ in range(signals):
        process.send_signal(signal.SIGINT)
        time.sleep(0.01)
    _, errors = process.communicate()
    assert process.returncode in (130, -signal.SIGINT)  # 130 to a shell
    assert "Traceback" not in errors
    program[-1] = "hydra.run.dir=again"
    again = subprocess.run(program, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert "warning" not in again.stderr
