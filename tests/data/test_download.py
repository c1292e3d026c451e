import pytest

from scratchnet.data.damaged import DamagedFile
from scratchnet.data.download import DownloadError, download, missing_data, written_atomically
from scratchnet.errors import DataError

CONTENT = bytes(range(256)) * 1000


def verify(path):
    if path.read_bytes() != CONTENT:
        raise DamagedFile(path, "wrong checksum")


def test_the_file_is_fetched_into_a_new_folder(server, tmp_path):
    server.files["file"] = CONTENT
    target = tmp_path / "new" / "folder" / "file"
    download([f"{server.address}file"], target, verify)
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]


def test_the_next_mirror_is_asked(server, nowhere, tmp_path):
    server.files |= {"wrong": b"something else", "cut": CONTENT, "good": CONTENT}
    server.cut.add("cut")
    names = ["absent", "wrong", "cut", "good", "never"]
    urls = [f"{nowhere}file", *[f"{server.address}{name}" for name in names]]
    download(urls, tmp_path / "file", verify)
    assert (tmp_path / "file").read_bytes() == CONTENT
    assert server.requests == ["absent", "wrong", "cut", "good"]


def test_what_went_wrong_is_said_for_each_mirror(server, nowhere, tmp_path):
    server.files |= {"wrong": b"something else", "cut": CONTENT}
    server.cut.add("cut")
    urls = [f"{nowhere}x", *[f"{server.address}{name}" for name in ("absent", "wrong", "cut")]]
    with pytest.raises(DownloadError) as error:
        download(urls, tmp_path / "file", verify)
    message = str(error.value)
    assert message.startswith("file could not be downloaded (127.0.0.1:")
    for problem in ("ConnectionError", "HTTP status 404", "wrong checksum", "ChunkedEncodingError"):
        assert problem in message
    assert "\n" not in message
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(server, tmp_path):
    (tmp_path / "taken").touch()
    server.files["file"] = CONTENT
    with pytest.raises(DownloadError, match="taken"):
        download([f"{server.address}file"], tmp_path / "taken" / "file", verify)


def test_an_interrupted_write_leaves_the_old_file(tmp_path):
    target = tmp_path / "file"
    target.write_text("old")

    def interrupted():
        with written_atomically(target) as part:
            part.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_missing_data_says_what_to_get_from_where_and_where_to_put_it(tmp_path):
    reason = DownloadError("a.gz could not be downloaded (example.org: ConnectionError)")
    error = missing_data("mnist", ["a.gz", "b.gz"], ["https://example.org/"], tmp_path, reason)
    assert isinstance(error, DataError)
    for part in ("a.gz, b.gz", "https://example.org/", str(tmp_path), "SCRATCHNET_DATA", "mnist/"):
        assert part in str(error)
    assert "\n" not in str(error)
