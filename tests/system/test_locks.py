"""One process at a time holds a lock, which is nothing but a regular file."""

import os
import subprocess
import sys

import pytest

from scratchnet.errors import RunError
from scratchnet.system import locks


def test_a_lock_is_held_once_and_released(tmp_path):
    path = tmp_path / ".lock"
    assert not locks.is_locked(path)
    with locks.locked(path):
        assert locks.is_locked(path)
        with (
            pytest.raises(RunError, match="another process is using this folder"),
            locks.locked(path),
        ):
            pass
    assert not locks.is_locked(path)


def test_a_process_that_was_killed_holds_no_lock(tmp_path):
    path = tmp_path / ".lock"
    program = (
        "import os, pathlib, sys; from scratchnet.system import locks\n"
        "with locks.locked(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert path.exists()
    assert not locks.is_locked(path)


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_what_is_no_file_is_neither_followed_nor_waited_for(tmp_path, kind):
    path = tmp_path / ".lock"
    if kind == "link":
        path.symlink_to(tmp_path / "mine")
    else:
        os.mkfifo(path)
    with pytest.raises(RunError, match=r"is a link$|is not a file$"), locks.locked(path):
        pass
    assert locks.is_locked(path)  # nobody can tell
    assert not (tmp_path / "mine").exists()
