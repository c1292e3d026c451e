"""A full disk, a read-only or deleted folder: one line, and what was saved stays intact."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small_runs import finish, train, without_plots

from scratchnet.cli.errors import one_line
from scratchnet.errors import RunError
from scratchnet.runs import RunFolder
from scratchnet.runs.checkpoint_folder import CheckpointFolder
from scratchnet.system import files

RUN = Path(__file__).resolve().parents[2] / "run.py"


class FullAt:
    """A hook that makes the n-th file operation (0, 1, ...) fail, alone or with all after it."""

    def __init__(self, n: int | None, code: int = errno.ENOSPC, *, for_ever: bool = True):
        self.n, self.code, self.for_ever = n, code, for_ever
        self.operations: list[tuple[str, str]] = []

    def __call__(self, operation: str, path: Path) -> None:
        number = len(self.operations)
        self.operations.append((operation, path.name))
        if self.n is not None and (number == self.n or (number > self.n and self.for_ever)):
            raise OSError(self.code, os.strerror(self.code))


@pytest.fixture(autouse=True)
def no_plots(conf, monkeypatch):
    without_plots(monkeypatch)


@pytest.fixture
def whole(tmp_path) -> Path:
    """A run that nothing disturbed."""
    return train(tmp_path / "whole")


def train_with(monkeypatch, folder, hook) -> RunError | None:
    """Train with this hook; returns the error that ended the run, if any."""
    with monkeypatch.context() as patch:
        patch.setattr(files, "hook", hook)
        try:
            train(folder)
        except RunError as error:
            return error
    return None


def check_what_is_left(folder) -> None:
    """Check that no partial files remain and that the rest of the run can be read."""
    assert not list(folder.rglob(".*.part"))
    if (folder / "run.json").exists():
        run = RunFolder.open(folder)
        found = CheckpointFolder(run.checkpoints).latest()
        assert len(run.metrics) >= (found[1]["epoch"] if found else 0)


def fill_up(monkeypatch, capsys, folder, n, whole, for_ever) -> None:
    """Train on a disk that is full from the n-th operation on, or only at that one."""
    capsys.readouterr()
    hook = FullAt(n, for_ever=for_ever)
    error = train_with(monkeypatch, folder, hook)
    warnings = capsys.readouterr().err
    only_the_log = hook.operations[n][1] == "run.log"  # which only gives a warning
    assert warnings.count("\n") == only_the_log
    assert ("warning: the log ends here" in warnings) == only_the_log
    if for_ever or not only_the_log:
        assert "No space left on device" in one_line(error)
    else:
        assert error is None
    check_what_is_left(folder)
    finish(folder, whole)


def count_operations(monkeypatch, folder) -> int:
    hook = FullAt(None)
    assert train_with(monkeypatch, folder, hook) is None
    return len(hook.operations)


def test_a_full_disk_at_some_operations(tmp_path, monkeypatch, capsys, whole):
    total = count_operations(monkeypatch, tmp_path / "counted")
    last_writes = [total - 12, total - 5, total - 1]  # the summary, the status, its folder
    for number, n in enumerate([*range(0, total - 12, total // 6), *last_writes]):
        for_ever = number % 2 == 0 or n == total - 1
        fill_up(monkeypatch, capsys, tmp_path / str(n), n, whole, for_ever)


@pytest.mark.exhaustive
@pytest.mark.parametrize("for_ever", [True, False])
def test_a_full_disk_at_every_operation(tmp_path, monkeypatch, capsys, whole, for_ever):
    for n in range(count_operations(monkeypatch, tmp_path / "counted")):
        fill_up(monkeypatch, capsys, tmp_path / str(n), n, whole, for_ever)


@pytest.mark.parametrize("code", [errno.EROFS, errno.EDQUOT, errno.EIO, errno.EACCES])
@pytest.mark.parametrize("n", [0, 60])
def test_any_other_disk_error_is_one_line(tmp_path, monkeypatch, capsys, code, n):
    error = train_with(monkeypatch, tmp_path / "run", FullAt(n, code))
    assert one_line(error).endswith(
        f"cannot be {'created' if n == 0 else 'written'}: {os.strerror(code)}"
    )
    assert capsys.readouterr().err == ""
    check_what_is_left(tmp_path / "run")


def test_a_folder_that_is_deleted_during_the_run_is_one_line(tmp_path, monkeypatch, capsys):
    append = RunFolder.append_metrics

    def delete(run, metrics):
        if metrics.epoch == 2:
            shutil.rmtree(run.path)
        append(run, metrics)

    monkeypatch.setattr(RunFolder, "append_metrics", delete)
    with pytest.raises(
        RunError, match=r"metrics\.csv: cannot be written: its folder does not exist"
    ):
        train(tmp_path / "run")
    assert capsys.readouterr().err == ""
    assert not (tmp_path / "run").exists()


class Disk:
    """A file system in memory, mounted for a test."""

    def __init__(self, path: Path):
        self.path = path
        path.mkdir()

    def mount(self, options: str) -> bool:
        command = ["mount", "-t", "tmpfs", "-o", options, "none", str(self.path)]
        return subprocess.run(command, capture_output=True).returncode == 0


@pytest.fixture
def small_disk(tmp_path):
    disk = Disk(tmp_path / "disk")
    if shutil.which("mount") is None or not disk.mount("size=64k"):
        pytest.skip("file systems cannot be mounted here")
    yield disk
    subprocess.run(["umount", str(disk.path)], check=True)


def test_a_disk_that_is_really_full(small_disk, tmp_path, capsys):
    long = ("trainer.epochs=50", "model.hidden_dims=[32]", "schedule=constant")
    folder = small_disk.path / "run"
    with pytest.raises(RunError, match="No space left on device"):
        train(folder, *long)
    assert capsys.readouterr().err == ""
    check_what_is_left(folder)
    assert small_disk.mount("remount,size=4m")
    finish(folder, train(tmp_path / "whole", *long))


def test_a_disk_that_is_really_read_only(small_disk, capsys):
    assert small_disk.mount("remount,size=4m")
    folder = train(small_disk.path / "run")
    before = sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert small_disk.mount("remount,ro")
    for arguments in (["hydra.run.dir=other"], ["resume=run", "trainer.epochs=4"]):
        done = subprocess.run(
            [sys.executable, str(RUN), *arguments],
            cwd=small_disk.path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1
        assert "Read-only file system" in done.stderr
    assert before == sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert json.loads((folder / "run.json").read_text())["status"] == "completed"
