"""One job: whether it is done, how it is resumed, and how its end is recorded.

The process is a stand-in for run.py that starts in no time.
"""

import contextlib
import json
import signal
import textwrap
import time
from pathlib import Path

import pytest
from run_folders import config, make_run

from scratchnet.errors import UserError
from scratchnet.runs import RunFolder
from scratchnet.sweeps.job import EARLIER, Runner, State, quoted, state
from scratchnet.sweeps.record import WAITING, Outcome

RUN_PY = Path(__file__).resolve().parents[2] / "run.py"
CONFIG = config(trainer={"threads": "auto"})


@pytest.fixture
def runner(tmp_path):
    """A runner whose jobs are the script that it is given."""

    def make(script: str, thread_limit: int | None = None) -> Runner:
        run_py = tmp_path / "run.py"
        run_py.write_text("import sys, os, time\n" + textwrap.dedent(script))
        return Runner(run_py, tmp_path, thread_limit, is_shown=False)

    return make


def never() -> None:
    """A sweep that is not stopped."""


def run(runner: Runner, folder, stop=never) -> Outcome:
    outcome = runner.run(folder, ["seed=1"], CONFIG, stop)
    assert outcome.status == WAITING or Outcome.read(folder) == outcome
    return outcome


@pytest.mark.parametrize(
    ("script", "status", "reason"),
    [
        ("pass", "completed", None),
        ("sys.exit('no data\\nno \\x1b[31mnetwork')", "failed", "no  [31mnetwork"),
        ("print('too steep', file=sys.stderr); sys.exit(3)", "diverged", "too steep"),
        ("os.kill(os.getpid(), 9)", "failed", "killed by SIGKILL"),
        ("1 / 0", "failed", "ZeroDivisionError: division by zero"),
        ("sys.exit(7)", "failed", "exit code 7"),
        ("sys.exit(143)", "interrupted", None),
    ],
)
def test_each_end_has_a_status_and_a_reason(tmp_path, runner, script, status, reason):
    outcome = run(runner(script), tmp_path / "0")
    assert (outcome.status, outcome.reason) == (status, reason)
    assert 0 < outcome.seconds < 10
    has_errors = (tmp_path / "0" / "errors.txt").exists()
    assert has_errors == (reason not in (None, "killed by SIGKILL", "exit code 7"))


def test_the_job_is_the_command_that_a_user_would_type(tmp_path, runner):
    run(runner("sys.exit(' '.join(sys.argv[1:]))"), tmp_path / "it's a=b")
    expected = f"hydra.run.dir={quoted(str(tmp_path))[:-1]}/it\\'s a=b' seed=1"
    assert Outcome.read(tmp_path / "it's a=b").reason == expected


@pytest.mark.parametrize(("limit", "seen"), [(None, "None"), (3, "3")])
def test_a_job_has_its_share_of_the_cores(tmp_path, runner, monkeypatch, limit, seen):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    script = "sys.exit(str(os.environ.get('OPENBLAS_NUM_THREADS')))"
    assert run(runner(script, limit), tmp_path / "0").reason == seen


def test_a_number_of_threads_that_is_set_is_left_alone(tmp_path, runner, monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    job = runner("sys.exit(str(os.environ.get('OPENBLAS_NUM_THREADS')))", 3)
    outcome = job.run(tmp_path / "0", [], config(trainer={"threads": 8}), never)
    assert outcome.reason == "None"


def test_a_killed_run_is_marked(tmp_path, runner):
    folder = make_run(tmp_path / "0", status="running", trainer={"threads": "auto"})
    assert run(runner("os.kill(os.getpid(), 9)"), folder).reason == "killed by SIGKILL"
    assert RunFolder.open(folder).info["status"] == "failed"
    assert RunFolder.open(folder).info["reason"] == "killed by SIGKILL"


@pytest.mark.parametrize(
    ("status", "seed", "found"),
    [
        ("completed", 0, State.done),
        ("completed", 1, State.new),
        ("running", 0, State.unfinished),
        ("interrupted", 0, State.unfinished),
        ("failed", 0, State.unfinished),
        ("diverged", 0, State.diverged),
        ("diverged", 1, State.new),
        ("pruned", 0, State.new),
        ("interrupted", 1, State.new),
    ],
)
def test_a_job_is_done_when_it_has_completed_with_the_same_config(tmp_path, status, seed, found):
    assert state(make_run(tmp_path / "0", status=status), config(seed=seed)) is found


def test_what_is_done_is_not_done_again(tmp_path, runner):
    folder = make_run(tmp_path / "0", trainer={"threads": "auto"})
    assert runner("1 / 0").run(folder, [], CONFIG, never) == Outcome("completed")


def test_an_unfinished_run_is_resumed(tmp_path, runner):
    folder = make_run(tmp_path / "0", status="interrupted", trainer={"threads": "auto"})
    assert run(runner("sys.exit(sys.argv[1] if len(sys.argv) == 2 else 9)"), folder).reason == (
        f"resume={folder}"
    )


def test_a_run_that_cannot_be_resumed_is_kept_and_started_again(tmp_path, runner):
    folder = make_run(tmp_path / "0", status="interrupted", trainer={"threads": "auto"})
    script = f"sys.exit({UserError.exit_code} if sys.argv[1].startswith('resume') else 0)"
    assert run(runner(script), folder).status == "completed"
    (kept,) = (tmp_path / EARLIER).iterdir()
    assert (kept / "metrics.csv").exists()
    assert not (folder / "metrics.csv").exists()


def test_a_run_with_another_config_is_kept(tmp_path, runner):
    folder = make_run(tmp_path / "0", seed=7, trainer={"threads": "auto"})
    assert run(runner("pass"), folder).status == "completed"
    (kept,) = (tmp_path / EARLIER).iterdir()
    assert RunFolder.open(kept).config["seed"] == 7


def test_a_run_that_another_process_writes_to_is_waited_for(tmp_path, runner):
    """Such as the job of a sweep that was killed, which is still finishing its step."""
    folder = make_run(tmp_path / "0", status="interrupted", trainer={"threads": "auto"})
    with contextlib.ExitStack() as orphan:
        orphan.enter_context(RunFolder.locked(folder))
        looks = iter([None, None, None])

        def stop() -> None:
            if next(looks, "over") == "over":
                orphan.close()

        assert run(runner("pass"), folder, stop).status == "completed"
    with RunFolder.locked(folder):  # until the sweep is to stop
        assert run(runner("1 / 0"), folder, iter([None, None, Outcome("x")]).__next__) == Outcome(
            WAITING
        )


def test_a_signal_that_comes_after_all_is_done_changes_nothing(tmp_path, runner):
    script = """
        import json, pathlib
        run = pathlib.Path(sys.argv[1].removeprefix("hydra.run.dir='").removesuffix("'"))
        (run / "run.json").write_text(json.dumps({"status": "completed"}))
        sys.exit(143)
    """
    outcome = run(runner(script), tmp_path / "0")
    assert (outcome.status, outcome.reason, outcome.exit_code) == ("completed", None, 143)


def test_a_job_asked_to_stop_ends_and_one_that_has_not_begun_leaves_nothing(
    tmp_path, runner, monkeypatch
):
    waiting = runner("""
        sys.path.insert(0, os.environ["CHECKOUT"])
        from scratchnet.sweeps import process
        process.end_with_parent()
        open("begun", "w").close()
        time.sleep(60)
    """)
    monkeypatch.setenv("CHECKOUT", str(RUN_PY.parent))
    begun = tmp_path / "begun"
    stop = lambda: Outcome("interrupted") if begun.exists() else None  # noqa: E731
    start = time.perf_counter()
    outcome = run(waiting, tmp_path / "0", stop)
    assert time.perf_counter() - start < 30
    assert outcome.exit_code == -signal.SIGTERM  # the script has no handler; run.py does
    (tmp_path / "1").mkdir()  # as a launcher does
    assert run(waiting, tmp_path / "1", stop) == Outcome(WAITING)
    assert not (tmp_path / "1").exists()


@pytest.mark.parametrize("text", ["[]", "{}", '{"status": "fine"}', '{"status": 1, "x": 2}', "{"])
def test_a_damaged_outcome_is_refused(tmp_path, text):
    (tmp_path / "job.json").write_text(text)
    with pytest.raises(UserError, match=r"job\.json: is not .*; delete this file"):
        Outcome.read(tmp_path)


def test_an_outcome_reads_back(tmp_path):
    outcome = Outcome("failed", "killed by SIGKILL", -9, 1.5)
    outcome.write(tmp_path)
    assert Outcome.read(tmp_path) == outcome
    assert json.loads((tmp_path / "job.json").read_text())["exit_code"] == -9
