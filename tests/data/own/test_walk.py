"""All files below a folder are found, links included, loops not."""

import os

from scratchnet.data.own.walk import File, bare_folders, walk


def write(folder, *paths):
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(path.encode())


def paths(folder):
    return [file.path for file in walk(folder)]


def test_files_are_found_in_order_with_size_and_time(tmp_path):
    write(tmp_path, "b/2.png", "b/deep/er/1.png", "a/x", "top")
    os.utime(tmp_path / "top", ns=(1, 12345))
    assert paths(tmp_path) == ["a/x", "b/2.png", "b/deep/er/1.png", "top"]
    before = walk(tmp_path)[-1]
    assert before[:2] == ("top", 3)
    assert before.times == 12345 + (tmp_path / "top").stat().st_ctime_ns
    (tmp_path / "top").chmod(0o600)  # a file that could not be read may be readable now
    assert walk(tmp_path)[-1].times > before.times


def test_what_systems_leave_behind_is_ignored(tmp_path):
    write(
        tmp_path,
        *("a/1.png", "a/.DS_Store", "__MACOSX/a/._1.png", "a/Thumbs.db", "a/desktop.ini"),
        *(".ipynb_checkpoints/1.png", "a/._1.png"),
    )
    assert paths(tmp_path) == ["a/1.png"]


def test_links_are_followed_but_loops_are_not(tmp_path):
    write(tmp_path, "data/a/1.png", "elsewhere/2.png", "elsewhere/more/3.png")
    data = tmp_path / "data"
    (data / "b").symlink_to(tmp_path / "elsewhere")
    (data / "a" / "link.png").symlink_to(tmp_path / "elsewhere" / "2.png")
    (data / "a" / "up").symlink_to(data)
    (data / "a" / "self").symlink_to("self")
    (data / "a" / "gone.png").symlink_to("nowhere.png")
    assert paths(data) == [
        "a/1.png",
        "a/gone.png",
        "a/link.png",
        "a/self",
        "b/2.png",
        "b/more/3.png",
    ]
    sizes = {file.path: file.size for file in walk(data)}
    assert (sizes["a/gone.png"], sizes["a/self"], sizes["a/link.png"]) == (-1, -1, 15)


def test_a_suffix_tells_what_may_be_an_image():
    names = ["a.PNG", "b.jpeg", "no_suffix", "folder.d/no_suffix", "c.txt", "d.tar.gz", "e.heic"]
    assert [File(name, 1, 0).may_be_image for name in names] == [1, 1, 1, 1, 0, 0, 1]


def test_folders_without_any_file_are_found_two_levels_down(tmp_path):
    for folder in ("a/deep/deeper", "b/full", "b/bare", "c/d", ".hidden", "b/full/not told"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / "b" / "full" / "1.png").touch()
    assert bare_folders(tmp_path, walk(tmp_path)) == ["a", "b/bare", "c"]


def test_a_link_is_no_folder_without_files(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.png").touch()
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "itself").symlink_to(tmp_path / "itself")
    assert bare_folders(tmp_path, walk(tmp_path)) == []
