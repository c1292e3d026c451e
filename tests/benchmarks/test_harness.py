"""The harness: whose turn it is, what is made of the speeds, and who is absent."""

import json
import os
from pathlib import Path

import pytest
from benchmarks.harness import Contender, Outcome, compete, environment, ratio

FAKE = """
import json, os, time
class Contender:
    def __init__(self, variant, job):
        self.name, self.job, self.turns = variant, job, 0
    def describe(self):
        print("libraries print at will")
        return {"process": os.getpid()}
    def run_round(self):
        start = time.perf_counter()
        time.sleep(0.002)
        if self.turns == self.job["fails_at"].get(self.name):
            raise RuntimeError("boom\\nand more")
        if self.turns == self.job["dies_at"].get(self.name):
            os.write(2, b"out of memory\\n")
            os._exit(9)
        speed = self.job["speeds"][self.name][self.turns]
        self.turns += 1
        turn = [self.name, start, time.perf_counter()]
        with open(self.job["log"], "a") as file:
            file.write(json.dumps(turn) + "\\n")
        return {"samples_per_second": speed, "loss": 0.5}
"""
SPEEDS = {  # the first round is the warm-up
    "a": [1, 100, 120, 90, 110, 100],
    "b": [1, 50, 40, 45, 50, 1000],
    "c": [1, 200, 200, 200, 200, 200],
}


@pytest.fixture
def job(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("benchmarks.harness.PAUSE", 0)
    (tmp_path / "fake.py").write_text(FAKE)
    (tmp_path / "absent.py").write_text("import framework_that_nobody_has\n")
    log = str(tmp_path / "log")
    return {"speeds": SPEEDS, "log": log, "fails_at": {}, "dies_at": {}}


def fakes(*names):
    return [Contender(name, "fake", name) for name in names]


def test_turns_alternate_and_never_overlap(job):
    outcomes = compete(fakes("a", "b", "c"), job, rounds=4)
    turns = [json.loads(line) for line in Path(job["log"]).read_text().splitlines()]
    order = "".join(name for name, _, _ in turns)
    assert order == "abc" + "abc" + "bca" + "cab" + "abc"  # warm-up, then each round by another
    ends, starts = [end for _, _, end in turns[:-1]], [start for _, start, _ in turns[1:]]
    assert all(end <= start for end, start in zip(ends, starts, strict=True))
    processes = {outcome.description["process"] for outcome in outcomes}
    assert len(processes | {os.getpid()}) == 4


def test_medians_and_ratios_leave_the_warm_up_out(job):
    a, b = compete(fakes("a", "b"), job, rounds=5)
    assert a.speeds == [100, 120, 90, 110, 100]
    assert (a.median, b.median) == (100, 50)
    assert a.spread == pytest.approx(0.3)
    measured = ratio(a, b)  # of each round: 2, 3, 2, 2.2, 0.1
    assert (measured.median, measured.low, measured.high) == (2, 0.1, 3)


def test_who_is_absent_is_named_and_the_others_go_on(job):
    job |= {"fails_at": {"b": 2}, "dies_at": {"c": 0}}
    contenders = [*fakes("a"), Contender("missing", "absent"), *fakes("b", "c")]
    a, missing, failed, dead = compete(contenders, job, rounds=3)
    assert a.speeds == [100, 120, 90]
    assert missing.absent == "not installed (framework_that_nobody_has)"
    assert failed.absent == "failed: RuntimeError: boom"
    assert dead.absent == "ended with exit code 9: out of memory"
    assert missing.rounds == failed.rounds == dead.rounds == []


def test_all_absent(job):
    (outcome,) = compete([Contender("missing", "absent")], job, rounds=2)
    assert outcome.absent


def test_environment_of_a_users_machine(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    monkeypatch.setenv("OPENBLAS_L2_SIZE", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert not {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"} & environment().keys()
    assert environment()["OMP_NUM_THREADS"] == "7"
    assert environment(threads=2)["OMP_NUM_THREADS"] == "2"


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cannot restrict cores here")
def test_threads_restrict_the_cores_of_a_contender(job, tmp_path):
    source = FAKE.replace("os.getpid()", "len(os.sched_getaffinity(0))")
    (tmp_path / "fake.py").write_text(source)
    (outcome,) = compete(fakes("a"), job, rounds=1, threads=1)
    assert outcome.description["process"] == 1


def test_ratio_of_unequal_rounds_is_an_error():
    one, other = (Outcome(Contender(name, "fake"), rounds=[]) for name in "ab")
    one.rounds.append({"samples_per_second": 1.0})
    with pytest.raises(ValueError, match="zip"):
        ratio(one, other)
