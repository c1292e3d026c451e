"""A file that the user names is replaced only if we have written it."""

import pytest

from scratchnet.compare import html
from scratchnet.errors import UserError
from scratchnet.reports.figure import figure
from scratchnet.system import output


def _draw(path):
    with figure(path, 1, 1):
        pass


def _report(path):
    html.write(path, {})


@pytest.mark.parametrize("write", [_draw, _report])
def test_what_we_have_written_may_be_replaced(tmp_path, write):
    path = tmp_path / "file"
    output.check(path)
    write(path)
    output.check(path)


@pytest.mark.parametrize("content", [b"", b"notes", b"\x89PNG\r\n\x1a\n", b"<!doctype html>"])
def test_anything_else_is_not_replaced(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UserError, match="exists, and scratchnet has not written it"):
        output.check(path)


def test_folders_and_devices_are_refused(tmp_path):
    with pytest.raises(UserError, match="is a folder; name a file in it"):
        output.check(tmp_path)
    device = tmp_path / "device"
    device.symlink_to("/dev/null")
    with pytest.raises(UserError, match="exists, and"):
        output.check(device)


@pytest.mark.parametrize("name", ["a.jpg", "a", "a.png.txt"])
def test_an_image_is_not_written_under_another_name(tmp_path, name):
    output.check_png(tmp_path / "a.PNG")
    with pytest.raises(UserError, match=r"choose a name that ends in \.png"):
        output.check_png(tmp_path / name)


def test_two_options_must_not_name_the_same_file(tmp_path):
    output.check_differ({"--csv": tmp_path / "a", "--seen": tmp_path / "b", "--other": None})
    with pytest.raises(UserError, match="--csv and --seen name the same file"):
        output.check_differ({"--csv": tmp_path / "a", "--seen": tmp_path / "b" / ".." / "a"})
