"""Whatever a crash or damage leaves, the last complete epoch is found, with its best one."""

import os
import random
import shutil
from pathlib import Path

import numpy as np
import pytest

from scratchnet.errors import RunError
from scratchnet.runs.checkpoint_folder import CheckpointFolder
from scratchnet.system import files
from scratchnet.training import checkpoint

BEST = [1, 1, 3, 3, 5]  # the best epoch so far, after each epoch
OPERATIONS = 14  # of the fifth save


def save(checkpoints: CheckpointFolder, epoch: int) -> None:
    best = BEST[epoch - 1]
    state = {"parameters": np.full(50, epoch, np.float32)}
    checkpoints.save(state, {"epoch": epoch, "best": {"epoch": best}}, best == epoch)


@pytest.fixture
def folder(tmp_path):
    """A folder after four epochs; the third is the best."""
    checkpoints = CheckpointFolder(tmp_path)
    for epoch in (1, 2, 3, 4):
        save(checkpoints, epoch)
    return tmp_path


def epochs(folder) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): checkpoint.load(path)[1]["epoch"]
        for path in folder.rglob("*.npz")
    }


def test_last_and_best_and_the_previous_pair(folder):
    assert epochs(folder) == {
        "last.npz": 4,
        "best.npz": 3,
        "previous/last.npz": 3,
        "previous/best.npz": 3,
    }
    state, meta = CheckpointFolder(folder).latest()
    assert meta["epoch"] == 4
    np.testing.assert_array_equal(state["parameters"], np.full(50, 4))


def test_there_is_none_before_the_first_epoch(tmp_path):
    assert CheckpointFolder(tmp_path).latest() is None


def test_the_state_is_written_once(folder, monkeypatch):
    writes = []
    monkeypatch.setattr(
        files, "hook", lambda operation, path: operation == "write" and writes.append(path.name)
    )
    save(CheckpointFolder(folder), 5)
    assert writes == [".last.npz.part"]
    assert (folder / "best.npz").samefile(folder / "last.npz")


def damage(path, rng) -> None:
    """Flip one bit or cut off the end; in place, so that every name of the file sees it."""
    content = bytearray(path.read_bytes())
    if rng.random() < 0.5:
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    else:
        del content[rng.randrange(len(content)) :]
    path.write_bytes(content)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("last", [4, 5])
def test_a_damaged_last_one_falls_back_to_the_previous_with_a_warning(folder, caplog, seed, last):
    if last == 5:  # the last epoch is the best: one file with two names
        save(CheckpointFolder(folder), 5)
    damage(folder / "last.npz", random.Random(seed))
    _, meta = CheckpointFolder(folder).latest()
    assert meta["epoch"] == last - 1
    assert "last.npz: the checkpoint is damaged" in caplog.text
    assert "resuming from the previous epoch" in caplog.text
    assert epochs(folder)["last.npz"] == last - 1
    assert epochs(folder)["best.npz"] == 3
    save(CheckpointFolder(folder), last)  # and saving works as before
    assert CheckpointFolder(folder).latest()[1]["epoch"] == last


def test_a_lost_best_one_is_not_replaced_by_another(folder):
    damage(folder / "best.npz", random.Random(0))  # the previous best is the same file
    with pytest.raises(
        RunError, match=r"best\.npz: the checkpoint is damaged.*there is no earlier one"
    ):
        CheckpointFolder(folder).latest()


def test_a_best_one_from_the_future_is_not_believed(folder):
    state, meta = checkpoint.load(folder / "last.npz")
    checkpoint.save(folder / "best.npz", state, meta | {"epoch": 9})
    assert CheckpointFolder(folder).latest()[1]["epoch"] == 3
    assert epochs(folder)["best.npz"] == 3


@pytest.mark.parametrize("n", range(OPERATIONS))
def test_death_at_every_operation_of_a_save(folder, tmp_path_factory, monkeypatch, n):
    """The folder is copied just before the n-th operation, as a crash would leave it."""
    copy, count = tmp_path_factory.mktemp("copy") / "copy", iter(range(100))

    def snapshot(operation, path):
        if next(count) == n:
            copy_with_links(folder, copy)

    with monkeypatch.context() as patch:
        patch.setattr(files, "hook", snapshot)
        save(CheckpointFolder(folder), 5)
    assert next(count) == OPERATIONS
    epoch = CheckpointFolder(copy).latest()[1]["epoch"]
    assert epoch in (4, 5)
    assert checkpoint.load(copy / "best.npz")[1]["epoch"] == BEST[epoch - 1]
    for after in range(epoch + 1, 6):
        save(CheckpointFolder(copy), after)
    assert epochs(copy) == epochs(folder)


def copy_with_links(source, target) -> None:
    """Copy a folder, hard links included."""
    made = {}

    def link_or_copy(one, other):
        first = made.setdefault(Path(one).stat().st_ino, other)
        shutil.copy(one, other) if first == other else os.link(first, other)

    shutil.copytree(source, target, copy_function=link_or_copy)


@pytest.mark.parametrize("n", range(OPERATIONS))
def test_a_full_disk_at_every_operation_of_a_save(folder, monkeypatch, n):
    count = iter(range(100))

    def full(operation, path):
        if next(count) == n:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(files, "hook", full)
        with pytest.raises(RunError, match=r"cannot be written: No space left on device$"):
            save(CheckpointFolder(folder), 5)
    assert not list(folder.rglob("*.part"))
    epoch = CheckpointFolder(folder).latest()[1]["epoch"]
    assert epoch in (4, 5)
    assert epochs(folder)["best.npz"] == BEST[epoch - 1]


def test_files_are_copied_where_links_are_not_allowed(folder, monkeypatch):
    def no_link(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_link)
    save(CheckpointFolder(folder), 5)
    assert epochs(folder)["best.npz"] == epochs(folder)["last.npz"] == 5
    assert not (folder / "best.npz").samefile(folder / "last.npz")


def test_one_that_may_not_be_read_is_named_and_not_replaced(folder, monkeypatch):
    def refuse(path, *_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.open", refuse)
    with pytest.raises(RunError) as error:
        CheckpointFolder(folder).latest()
    assert str(error.value).endswith("last.npz: cannot be read: Permission denied")
