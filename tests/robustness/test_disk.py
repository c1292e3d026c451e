"""A full disk, a folder that is read-only or gone: one line, and what was kept still holds."""

import errno
import os
import shutil
import subprocess

import pytest
from small_runs import train, without_plots

from scratchnet import files, resume
from scratchnet.command_line import one_line
from scratchnet.errors import RunError
from scratchnet.runs import RunFolder
from scratchnet.runs.checkpoints import Checkpoints


class FullAt:
    """A hook that lets the n-th of these operations fail, and all that follow it."""

    def __init__(self, n: int | None, code: int = errno.ENOSPC):
        self.n, self.code, self.count = n, code, 0

    def __call__(self, operation: str, path) -> None:
        if operation not in ("write", "fsync", "rename", "link", "make"):
            return
        if self.n is not None and self.count >= self.n:
            raise OSError(self.code, os.strerror(self.code))
        self.count += 1


@pytest.fixture(autouse=True)
def no_plots(conf, monkeypatch):
    without_plots(monkeypatch)


def fill_up_and_resume(monkeypatch, folder, n, whole) -> None:
    """The run ends in one line at the n-th operation; with room again it ends as ever."""
    with monkeypatch.context() as patch:
        patch.setattr(files, "hook", FullAt(n))
        with pytest.raises(RunError) as error:
            train(folder)
    assert "No space left on device" in one_line(error.value)
    assert not list(folder.rglob(".*.part"))
    if not (folder / "run.json").exists():
        train(folder)
    else:
        resume.run(folder, [])
    for name in ("last.npz", "best.npz"):
        found, expected = folder / "checkpoints" / name, whole / "checkpoints" / name
        assert found.read_bytes() == expected.read_bytes()


def operations(monkeypatch, folder) -> int:
    """How many operations a whole run has in which a disk can be full, but for the log's."""
    hook = FullAt(None)
    with monkeypatch.context() as patch:
        patch.setattr(files, "hook", hook)
        train(folder)
    return hook.count


def test_a_full_disk_at_some_operations(tmp_path, monkeypatch):
    total = operations(monkeypatch, tmp_path / "whole")
    for n in range(1, total - 8, total // 8):
        fill_up_and_resume(monkeypatch, tmp_path / str(n), n, tmp_path / "whole")


@pytest.mark.exhaustive
def test_a_full_disk_at_every_operation(tmp_path, monkeypatch):
    total = operations(monkeypatch, tmp_path / "whole")
    for n in range(total - 8):  # the last ones are the summary and the status
        fill_up_and_resume(monkeypatch, tmp_path / str(n), n, tmp_path / "whole")


def test_a_read_only_folder_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "hook", FullAt(0, errno.EROFS))
    with pytest.raises(RunError, match=r"cannot be .*: Read-only file system$"):
        train(tmp_path / "run")


def test_a_folder_that_is_deleted_during_the_run_is_one_line(tmp_path, monkeypatch):
    append = RunFolder.append_metrics

    def delete(run, metrics):
        if metrics.epoch == 2:
            shutil.rmtree(run.path)
        append(run, metrics)

    monkeypatch.setattr(RunFolder, "append_metrics", delete)
    with pytest.raises(RunError, match=r"metrics\.csv: cannot be written: its folder is gone"):
        train(tmp_path / "run")


@pytest.mark.exhaustive
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount")
def test_a_small_disk_that_is_really_full(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(disk)], check=True)
    try:
        with pytest.raises(RunError, match="No space left on device"):
            train(disk / "run", "trainer.epochs=50", "model.hidden_dims=[32]")
        found = Checkpoints(disk / "run" / "checkpoints").latest()
        assert found is None or found[1]["epoch"] >= 1
        assert not list(disk.rglob(".*.part"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)
