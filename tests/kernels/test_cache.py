"""Compiled kernels on disk: found again, never stale, never broken, and not needed."""

import logging
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from scratchnet.kernels import cache, compiler

pytest.importorskip("numba")

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import numpy as np
from pathlib import Path
from scratchnet.kernels import cache, compiler
cache.folder = lambda: Path({folder!r})
run = compiler.compiled(compiler._add_one, np.dtype("f4"), [np.zeros(1, "f4")])
x = np.ones(3, "f4")
run(x)
assert (x == 2).all()
"""


def double(x):
    for i in range(x.size):
        x[i] *= 2.0


def compile_and_check():
    """A new dispatcher, as in a new process."""
    x = np.ones(3, np.float32)
    compiler.compiled(double, x.dtype, [x])(x)
    assert (x == 2).all()


@pytest.fixture
def announced(monkeypatch):
    """How often it was said that something is compiled."""
    calls = []
    monkeypatch.setattr(cache, "announce", lambda: calls.append(1))
    return calls


@pytest.fixture
def kept(tmp_path, monkeypatch, announced):
    """An empty folder for compiled kernels, in place of the real one."""
    monkeypatch.setattr(cache, "folder", lambda: tmp_path)
    return tmp_path


def files(folder):
    return sorted(folder.iterdir())


def test_the_second_time_nothing_is_compiled(kept, announced):
    compile_and_check()
    assert len(announced) == 1
    (path,) = files(kept)
    written = path.stat().st_mtime_ns
    compile_and_check()
    assert len(announced) == 1
    assert path.stat().st_mtime_ns == written


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:-100] + bytes([content[-100] ^ 1]) + content[-99:],
        lambda content: bytes(len(content)),
    ],
    ids=["empty", "truncated", "one bit", "zeros"],
)
def test_a_damaged_file_is_compiled_again(kept, announced, damage):
    compile_and_check()
    (path,) = files(kept)
    path.write_bytes(damage(path.read_bytes()))
    compile_and_check()
    assert len(announced) == 2
    assert files(kept) == [path]
    compile_and_check()  # from the new file
    assert len(announced) == 2


def test_a_folder_in_the_place_of_a_file_is_no_obstacle(kept):
    compile_and_check()
    (path,) = files(kept)
    path.unlink()
    path.mkdir()
    compile_and_check()
    assert files(kept) == [path]


def test_another_cpu_has_files_of_its_own(kept, monkeypatch):
    from numba.core.codegen import CPUCodegen

    compile_and_check()
    here = CPUCodegen.magic_tuple
    monkeypatch.setattr(CPUCodegen, "magic_tuple", lambda self: ("another", *here(self)[1:]))
    compile_and_check()
    assert len(files(kept)) == 2


def test_types_have_files_of_their_own(kept):
    for dtype in (np.float32, np.float64):
        x = np.ones(3, dtype)
        compiler.compiled(double, x.dtype, [x])
    assert len(files(kept)) == 2


def test_on_a_full_disk_it_is_compiled_and_not_kept(kept, monkeypatch, caplog):
    def write_half(path, content):
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_half)
    with caplog.at_level(logging.INFO, "scratchnet"):
        compile_and_check()
    assert "is not kept on disk: [Errno 28] No space left on device" in caplog.text
    assert files(kept) == []


def test_a_folder_that_is_gone_is_no_obstacle(kept):
    kept.rmdir()
    compile_and_check()


def test_without_any_folder_it_is_compiled(monkeypatch, announced):
    monkeypatch.setattr(cache, "folder", lambda: None)
    compile_and_check()
    assert announced


def run_at_once(folder, count):
    program = [sys.executable, "-W", "error", "-c", PROGRAM.format(folder=str(folder))]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return [
        subprocess.Popen(program, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(count)
    ]


def test_processes_that_compile_at_once_write_one_file(tmp_path):
    for process in run_at_once(tmp_path, 3):
        _, errors = process.communicate()
        assert process.returncode == 0, errors
    assert len(files(tmp_path)) == 1
    (process,) = run_at_once(tmp_path, 1)
    assert process.communicate() == (None, "")


def test_a_process_that_is_killed_leaves_nothing_that_counts(tmp_path):
    (process,) = run_at_once(tmp_path, 1)
    deadline = time.monotonic() + 60
    while not files(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.001)
    process.kill()
    process.communicate()
    (process,) = run_at_once(tmp_path, 1)
    _, errors = process.communicate()
    assert process.returncode == 0, errors


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # of Python 3.12, with threads
def test_a_child_process_can_compile_and_run(kept):
    compile_and_check()
    child = os.fork()
    if child == 0:
        try:
            compile_and_check()
            kept.joinpath("done").touch()
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    assert kept.joinpath("done").exists()


class TestFolder:
    @pytest.fixture(autouse=True)
    def places(self, tmp_path, monkeypatch):
        """The folder of the package and the cache of the user."""
        self.package, self.user = tmp_path / "package", tmp_path / "user"
        monkeypatch.setattr(cache, "_places", lambda: iter([self.package, self.user]))
        cache.folder.cache_clear()
        yield
        cache.folder.cache_clear()

    def test_it_is_in_the_package(self):
        assert cache.folder().parent == self.package
        assert not self.user.exists()

    def test_a_read_only_package_leaves_the_users_cache(self, monkeypatch):
        mkdir = Path.mkdir

        def refuse(path, *arguments, **named):
            if self.package in path.parents:
                raise PermissionError(13, "Permission denied")
            mkdir(path, *arguments, **named)

        monkeypatch.setattr(Path, "mkdir", refuse)
        assert cache.folder().parent == self.user

    def test_there_is_none_where_nothing_can_be_written(self):
        for place in (self.package, self.user):
            place.write_text("a file")
        assert cache.folder() is None

    def test_an_edit_of_a_kernel_takes_another_folder(self, tmp_path, monkeypatch):
        kernels = tmp_path / "kernels"
        kernels.mkdir()
        monkeypatch.setattr(cache, "KERNELS", kernels)
        before = cache._digest()
        (kernels / "new.py").write_text("x = 1.0")
        assert cache._digest() != before

    def test_old_folders_are_removed(self):
        for days in range(1, 10):
            old = self.package / f"numba-{days}"
            old.mkdir(parents=True)
            (old / "kernel").write_text("machine code")
            os.utime(old, (time.time() - 86_400 * days,) * 2)
        other = self.package / "activations.cpython-311.pyc"
        other.write_text("")
        now = cache.folder()
        assert files(self.package) == sorted(
            [other, now, *(self.package / f"numba-{days}" for days in (1, 2, 3))]
        )


def test_without_a_home_folder_there_is_no_users_cache(monkeypatch):
    import pooch

    monkeypatch.setattr(pooch, "os_cache", lambda name: Path("~/.cache") / name)
    assert list(cache._places()) == [cache.KERNELS / "__pycache__"]


@pytest.mark.parametrize(
    ("folder", "often"), [(Path("somewhere"), "once"), (None, "in each process")]
)
def test_it_is_said_once_that_something_is_compiled(monkeypatch, capsys, folder, often):
    monkeypatch.setattr(cache, "folder", lambda: folder)
    cache.announce.cache_clear()
    cache.announce()
    cache.announce()
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"compiling kernels, {often}")
    assert err.count("\n") == 1
