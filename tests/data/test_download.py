"""Downloads from a local server: mirrors, limits, verification, and errors that say what to do."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scratchnet.data import CIFAR10, MNIST, FashionMNIST
from scratchnet.data import download as download_module
from scratchnet.data.damaged import DamagedFile
from scratchnet.data.download import DownloadError, download, missing_data, stored
from scratchnet.errors import DataError

CONTENT = bytes(range(256)) * 1000


def verify(path):
    if path.read_bytes() != CONTENT:
        raise DamagedFile(path, "wrong checksum")


def test_the_file_is_downloaded_into_a_new_folder(server, tmp_path):
    server.files["file"] = CONTENT
    target = tmp_path / "new" / "folder" / "file"
    download([f"{server.address}file"], target, verify, at_most=len(CONTENT))
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]


def test_the_next_mirror_is_tried(server, nowhere, tmp_path):
    server.files |= {"wrong": b"something else", "cut": CONTENT, "good": CONTENT}
    server.cut.add("cut")
    names = ["absent", "wrong", "cut", "good", "never"]
    urls = [f"{nowhere}file", *[f"{server.address}{name}" for name in names]]
    download(urls, tmp_path / "file", verify, at_most=len(CONTENT))
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert server.requests == ["absent", "wrong", "cut", "good"]


def test_the_error_says_what_went_wrong_at_each_mirror(server, nowhere, tmp_path):
    server.files |= {"wrong": b"something else", "cut": CONTENT}
    server.cut.add("cut")
    urls = [f"{nowhere}x", *[f"{server.address}{name}" for name in ("absent", "wrong", "cut")]]
    with pytest.raises(DownloadError) as error:
        download(urls, tmp_path / "file", verify, at_most=len(CONTENT))
    message = str(error.value)
    assert message.startswith("file could not be downloaded (127.0.0.1:")
    for problem in ("ConnectionError", "HTTP status 404", "wrong checksum", "ChunkedEncodingError"):
        assert problem in message
    assert "\n" not in message
    assert list(tmp_path.iterdir()) == []


def test_a_failed_download_leaves_no_new_folders(nowhere, tmp_path):
    (tmp_path / "old").mkdir()
    for folder in ("old/mnist", "new/mnist", "old"):
        with pytest.raises(DownloadError):
            download([f"{nowhere}x"], tmp_path / folder / "file", verify, at_most=1)
    assert list(tmp_path.rglob("*")) == [tmp_path / "old"]


def test_a_download_that_never_ends_is_cut_off(server, tmp_path, monkeypatch):
    server.files |= {"endless": CONTENT + bytes(10_000_000), "good": CONTENT}
    written = []
    write = download_module._Limited.write
    monkeypatch.setattr(
        download_module._Limited,
        "write",
        lambda self, content: (write(self, content), written.append(len(content))),
    )
    urls = [f"{server.address}{name}" for name in ("endless", "good")]
    download(urls, tmp_path / "file", verify, at_most=len(CONTENT))
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert sum(written) <= 2 * len(CONTENT)
    with pytest.raises(DownloadError, match="is larger than expected"):
        download(urls[:1], tmp_path / "other", verify, at_most=len(CONTENT))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_downloads_are_encrypted_if_the_server_can():
    """Amazon's static websites do not offer https; the checksum decides in any case."""
    mirrors = [*MNIST.mirrors, *FashionMNIST.mirrors, *CIFAR10.mirrors]
    plain = [url for url in mirrors if not url.startswith("https://")]
    assert [urlsplit(url).netloc.split(".")[1] for url in plain] == ["s3-website"]


def test_a_folder_that_cannot_be_created_is_named(server, tmp_path):
    (tmp_path / "taken").touch()
    server.files["file"] = CONTENT
    with pytest.raises(DownloadError, match="taken"):
        download(
            [f"{server.address}file"], tmp_path / "taken" / "file", verify, at_most=len(CONTENT)
        )


def test_an_interrupted_write_leaves_the_old_file(tmp_path):
    target = tmp_path / "file"
    target.write_text("old")

    def interrupted():
        with stored(target) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_missing_data_says_what_to_download_from_where_to_where(tmp_path):
    reason = DownloadError("a.gz could not be downloaded (example.org: ConnectionError)")
    error = missing_data("mnist", ["a.gz", "b.gz"], ["https://example.org/"], tmp_path, reason)
    assert isinstance(error, DataError)
    for part in ("a.gz, b.gz", "https://example.org/", str(tmp_path), "SCRATCHNET_DATA", "mnist/"):
        assert part in str(error)
    assert "\n" not in str(error)


def test_a_folder_that_cannot_be_written_is_not_the_fault_of_a_mirror(
    tmp_path, server, monkeypatch
):
    def refuse(self, *_, **__):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(DataError) as error:
        download([server.address + "a"], tmp_path / "new" / "a", print, at_most=9)
    assert str(error.value) == (
        f"{tmp_path / 'new'}: cannot be written: Permission denied; set dataset.root or "
        "SCRATCHNET_DATA to another folder"
    )
    assert server.requests == []
