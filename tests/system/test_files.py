"""Files are complete or absent, whichever operation fails."""

import errno
import os

import pytest

from scratchnet.errors import RunError
from scratchnet.system import files


class FailAt:
    """A hook that records operations and makes the n-th (0, 1, ...) fail, as on a full disk."""

    def __init__(self, n: int | None = None, error: BaseException | None = None):
        self.operations = []
        self.n = n
        self.error = error or OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def __call__(self, operation, path):
        self.operations.append(operation)
        if len(self.operations) - 1 == self.n:
            raise self.error


def test_atomic_write_syncs_the_file_before_the_rename_and_the_folder_after(tmp_path, monkeypatch):
    hook = FailAt()
    monkeypatch.setattr(files, "hook", hook)
    files.write_atomic(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert hook.operations == ["open", "write", "fsync", "rename", "open", "fsync"]


@pytest.mark.parametrize("n", range(6))
@pytest.mark.parametrize("error", [None, KeyboardInterrupt()])
def test_after_any_failure_only_the_old_or_the_new_file_exists(tmp_path, monkeypatch, n, error):
    path = tmp_path / "a"
    path.write_bytes(b"old")
    monkeypatch.setattr(files, "hook", FailAt(n, error))
    with pytest.raises(KeyboardInterrupt if error else RunError):
        files.write_atomic(path, b"new")
    assert path.read_bytes() == (b"old" if n <= 3 else b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_large_files_are_written_in_blocks(tmp_path, monkeypatch):
    content = os.urandom(3 * files.BLOCK + 5)
    hook = FailAt()
    monkeypatch.setattr(files, "hook", hook)
    files.write_atomic(tmp_path / "a", content)
    assert hook.operations.count("write") == 4
    assert (tmp_path / "a").read_bytes() == content


def test_a_temporary_file_left_by_a_killed_process_is_overwritten(tmp_path):
    (tmp_path / ".a.part").write_bytes(b"much longer than the new content")
    files.write_atomic(tmp_path / "a", b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"new"


def test_files_have_the_usual_permissions(tmp_path):
    (tmp_path / "usual").write_text("")
    files.write_atomic(tmp_path / "a", b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_lines_are_appended(tmp_path):
    files.append_line(tmp_path / "log", "one")
    files.append_line(tmp_path / "log", "two ä")
    assert (tmp_path / "log").read_text(encoding="utf-8") == "one\ntwo ä\n"


@pytest.mark.parametrize("write", [files.write_atomic, lambda path, _: files.append_line(path, "")])
def test_errors_name_the_file_in_one_line(tmp_path, monkeypatch, write):
    with pytest.raises(RunError, match=r"gone/a: cannot be written: its folder does not exist$"):
        write(tmp_path / "gone" / "a", b"x")
    with pytest.raises(RunError, match="cannot be written: embedded null byte"):
        write(tmp_path / "a\0b", b"x")
    monkeypatch.setattr(files, "hook", FailAt(0))
    with pytest.raises(RunError, match=r"/a: cannot be written: No space left on device$"):
        write(tmp_path / "a", b"x")


def test_folders_that_exist_are_kept(tmp_path):
    files.make_folder(tmp_path / "a" / "b")
    files.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()


def test_what_is_in_the_way_of_a_folder_is_named(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for path in (tmp_path / "file", tmp_path / "file" / "a" / "b"):
        with pytest.raises(RunError, match="/file: is not a folder; remove it, or choose another"):
            files.make_folder(path)
    for path in (tmp_path / "link", tmp_path / "link" / "a"):
        with pytest.raises(RunError, match="/link: is a link to nowhere; remove it, or choose"):
            files.make_folder(path)


def test_only_regular_files_of_limited_size_are_read(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert files.read(path, 5) == b"12345"
    with pytest.raises(RunError, match="larger than the limit of 4 bytes"):
        files.read(path, 4)
    with pytest.raises(RunError, match="no such file"):
        files.read(tmp_path / "b", 5)
    os.mkfifo(tmp_path / "fifo")  # opening it would wait forever
    for odd in (tmp_path / "fifo", tmp_path):
        with pytest.raises(RunError, match="is not a file"):
            files.read(odd, 5)


def test_two_named_writers_do_not_interfere(tmp_path):
    path = tmp_path / "a"
    with files.replacing(path, writer=".1") as first, files.replacing(path, writer=".2") as second:
        first.write_bytes(b"1")
        second.write_bytes(b"2")
    assert path.read_bytes() == b"1"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_a_file_that_cannot_be_removed_is_one_line(tmp_path, monkeypatch):
    files.remove(tmp_path / "absent")

    def refuse(self, missing_ok):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    monkeypatch.setattr(type(tmp_path), "unlink", refuse)
    with pytest.raises(RunError, match="kept: cannot be removed: Permission denied"):
        files.remove(tmp_path / "kept")


def test_a_link_in_place_of_a_file_leads_to_no_write_elsewhere(tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    folder = tmp_path / "a stranger's"
    folder.mkdir()
    for name in ("a", ".a.part", "log", "errors", ".best.part", "last", "best"):
        (folder / name).symlink_to(precious)
    files.write_atomic(folder / "a", b"new")
    (folder / ".a.part").symlink_to(precious)
    files.write_atomic(folder / "a", b"newer")
    with pytest.raises(RunError, match=r"log: is a link$"):
        files.append_line(folder / "log", "rm -rf")
    with files.open_new(folder / "errors") as file:
        file.write(b"new")
    files.write_atomic(folder / "last", b"last")
    files.duplicate(folder / "last", folder / "best")
    assert precious.read_text() == "mine"
    assert (folder / "a").read_bytes() == b"newer"
    assert (folder / "best").read_bytes() == b"last"


def test_a_link_to_the_source_does_not_pass_for_its_copy(tmp_path):
    (tmp_path / "last").write_bytes(b"1")
    (tmp_path / "best").symlink_to("last")
    files.duplicate(tmp_path / "last", tmp_path / "best")
    files.write_atomic(tmp_path / "last", b"2")
    assert (tmp_path / "best").read_bytes() == b"1"


def test_a_link_in_place_of_an_inner_folder_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "plots").symlink_to("elsewhere")
    with pytest.raises(RunError, match="plots: is a link; a folder is needed here"):
        files.make_inner_folder(tmp_path / "plots")
    files.make_inner_folder(tmp_path / "checkpoints")
    assert (tmp_path / "checkpoints").is_dir()


def test_no_pipe_is_waited_for(tmp_path):
    for name in ("log", "errors", ".a.part"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(RunError, match=r"log: is not a file$"):
        files.append_line(tmp_path / "log", "one")
    files.open_new(tmp_path / "errors").close()
    files.write_atomic(tmp_path / "a", b"new")
    assert (tmp_path / "errors").is_file()
    assert (tmp_path / "a").read_bytes() == b"new"
