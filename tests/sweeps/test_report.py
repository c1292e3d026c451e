"""What a sweep says of the results of its jobs."""

import pytest
from run_folders import make_run

from scratchnet.sweeps import report
from scratchnet.sweeps.record import Job, SweepFolder


@pytest.fixture
def sweep(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return SweepFolder(tmp_path / "s")


def job(sweep, number, accuracy=0.9, status="completed", **changes):
    """A job and its run folder; its validation accuracy is that of the last epoch."""
    make_run(sweep.path / str(number), accuracy, status=status, **changes)
    typed = [f"seed={number}"]
    return Job(number, typed, typed, {}, status=status)


def test_each_job_that_ends_is_printed_with_its_validation_result(sweep, capsys):
    report.print_end(job(sweep, 0), 1, 3, sweep)
    report.print_end(job(sweep, 1, status="failed"), 2, 3, sweep)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "[1/3] job 0 completed: val_accuracy 82.95 % (seed=0)"
    assert lines[1] == "[2/3] job 1 failed (seed=1)"


def test_the_best_of_several_is_named_by_validation(sweep, capsys):
    jobs = [job(sweep, 0, 0.7), job(sweep, 1, 0.9), job(sweep, 2, 0.99, status="failed")]
    report.print_best(jobs, sweep)
    assert capsys.readouterr().out == "best val_accuracy 82.95 %: job 1 (seed=1)\n"


def test_by_loss_the_lowest_is_the_best(sweep, capsys):
    by_loss = {"trainer__early_stopping__metric": "val_loss"}
    jobs = [job(sweep, 0, 0.7, **by_loss), job(sweep, 1, 0.9, **by_loss)]
    report.print_best(jobs, sweep)
    assert capsys.readouterr().out.startswith("best val_loss 0.")
    report.print_best(jobs[:1], sweep)  # one result is not the best of anything
    report.print_best([jobs[0], job(sweep, 2)], sweep)  # and unlike ones do not compare
    assert capsys.readouterr().out == ""
