"""dataset=folder, on real files: layouts, formats, bad files, duplicates, and the cache."""

import logging
import os
import shutil
import signal
from concurrent.futures import ThreadPoolExecutor, wait

import numpy as np
import pytest
from PIL import Image

from scratchnet.data.fit import Fit
from scratchnet.data.own import image_cache, prepared
from scratchnet.data.own.folder import Color, Folder, OnBad
from scratchnet.data.splits import Validation
from scratchnet.errors import DataError, SettingError
from scratchnet.system import locks
from scratchnet.system.interrupts import Interrupted


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SCRATCHNET_DATA", str(tmp_path / "cache"))
    return tmp_path / "cache" / "own"


@pytest.fixture
def pets(tmp_path):
    """Ten images each of cats and dogs, 6 x 5 pixels, filled with random colours."""
    rng = np.random.default_rng(0)
    for name in ("cat", "dog"):
        for i in range(10):
            write(tmp_path / "pets" / name / f"{i}.png", rng.integers(0, 256, (6, 5, 3)))
    return tmp_path / "pets"


def write(path, values):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(values, np.uint8)).save(path)


def load(folder, seed=0, **settings):
    return Folder(path=str(folder), **settings).load(seed)


def by_file(splits):
    """All images of a data set by file, with class and split, as data.json would count them."""
    parts = (("train", splits.train), ("val", splits.val), ("test", splits.test))
    return {
        image.tobytes(): (splits.classes[label], name)
        for name, part in parts
        for image, label in zip(part.take(np.arange(len(part))), part.labels, strict=True)
    }


def test_each_image_is_in_one_split_with_its_class(pets):
    splits = load(pets)
    assert splits.classes == ["cat", "dog"]
    assert splits.shape == (6, 5, 3)
    found = by_file(splits)
    assert len(found) == 20
    for file in pets.rglob("*.png"):
        assert found[Image.open(file).tobytes()][0] == file.parent.name
    counts = {"train": 14 / 2, "val": 1, "test": 2}
    assert splits.findings.record["classes"] == {"cat": counts, "dog": counts}


def test_split_folders_are_the_splits(tmp_path):
    rng = np.random.default_rng(0)
    places = [("Train", 4), ("valid", 2), ("TEST", 3)]
    for split, count in places:
        for name in ("10", "9"):
            for i in range(count):
                write(tmp_path / "data" / split / name / f"{i}.bmp", rng.integers(0, 256, (4, 4)))
    splits = load(tmp_path / "data")
    assert splits.classes == ["9", "10"]
    assert [len(part) for part in (splits.train, splits.val, splits.test)] == [8, 4, 6]
    assert splits.protocol == "given"
    names = {"Train": "train", "valid": "val", "TEST": "test"}
    found = by_file(splits)
    for file in (tmp_path / "data").rglob("*.bmp"):
        name, split = file.parent.name, file.parent.parent.name
        assert found[Image.open(file).tobytes()] == (name, names[split])


def test_the_statistics_are_exact_and_of_the_training_images(pets):
    splits = load(pets)
    pixels = splits.train.take(np.arange(len(splits.train))).astype(np.float64)
    np.testing.assert_array_equal(splits.mean, pixels.mean(axis=(0, 1, 2)).astype(np.float32))
    np.testing.assert_allclose(splits.std, pixels.std(axis=(0, 1, 2)), rtol=1e-6)


def test_a_file_is_read_by_its_content_and_others_are_counted(pets):
    image = Image.open(pets / "cat" / "0.png")
    (pets / "cat" / "0.png").rename(pets / "cat" / "0.JPG")
    image.save(pets / "dog" / "as_data.dat", format="bmp")
    for i in range(3):
        (pets / "dog" / f"note{i}.txt").write_text("woof")
    (pets / "cat" / "Makefile").write_text("all:")
    splits = load(pets)
    assert sum(map(len, (splits.train, splits.val, splits.test))) == 21
    assert "4 files are no images: .txt (3), without suffix (1)" in splits.findings.notes


def test_every_kind_of_image_file_gives_the_same_pixels(tmp_path):
    data, grey = tmp_path / "data", np.tile(np.uint8([[0], [255], [255]]), (1, 4))
    image = Image.fromarray(grey)
    write(data / "b" / "x.png", 255 - grey)
    save = (data / "b").with_name("a").joinpath
    save().mkdir()
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA"):
        image.convert(mode).save(save(f"{mode}.png"))
    image.convert("CMYK").save(save("cmyk.tif"))
    Image.fromarray(grey.astype(np.uint16) * 257).save(save("deep.png"))
    clear = np.dstack([np.zeros((3, 4, 3), np.uint8), 255 - grey])
    Image.fromarray(clear).save(save("transparent.webp"), lossless=True)
    image.save(save("moving.gif"), save_all=True, append_images=[Image.new("L", (4, 3), 99)])
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    image.transpose(Image.Transpose.ROTATE_90).save(save("turned.png"), exif=exif)
    image.save(save("broken_exif.png"), exif=b"Exif\0\0garbage")
    splits = load(data)
    assert splits.shape == (3, 4, 1)
    read = np.concatenate([p.take(np.arange(len(p))) for p in (splits.train, splits.test)])
    labels = np.concatenate([splits.train.labels, splits.test.labels])
    assert np.count_nonzero(labels == 0) == 12 - len(splits.val)
    for pixels in read[labels == 0]:
        np.testing.assert_array_equal(pixels[..., 0], grey)


def bad_files(pets):
    """Write four kinds of bad files; returns what is said of each."""
    (pets / "cat" / "empty.png").touch()
    whole = (pets / "dog" / "1.png").read_bytes()
    (pets / "cat" / "short.png").write_bytes(whole[: len(whole) // 2])
    (pets / "dog" / "page.jpg").write_text("<html>404</html>")
    (pets / "dog" / "gone.gif").symlink_to("nowhere.gif")
    return {
        "cat/empty.png": "empty file",
        "cat/short.png": "cannot be read",
        "dog/gone.gif": "no such file",
        "dog/page.jpg": "is not an image",
    }


def test_bad_files_are_an_error_that_lists_them_all(pets, caplog):
    expected = bad_files(pets)
    before = sorted(pets.rglob("*"))
    with pytest.raises(DataError, match=r"4 of 24 images cannot be read .*on_bad=skip"):
        load(pets)
    assert len(caplog.records) == 4
    for record, (file, reason) in zip(caplog.records, expected.items(), strict=True):
        assert record.getMessage().startswith(file)
        assert reason in record.getMessage()
    assert sorted(pets.rglob("*")) == before


def test_few_bad_files_are_named_in_the_error_itself(pets, caplog):
    (pets / "cat" / "x.png").touch()
    with pytest.raises(DataError, match=r"1 of 21 .* \(cat/x.png: is an empty file\)"):
        load(pets)
    assert not caplog.records


def test_bad_files_can_be_skipped_and_are_recorded(pets):
    expected = bad_files(pets)
    splits = load(pets, on_bad=OnBad.skip)
    assert len(by_file(splits)) == 20
    assert splits.findings.warnings == ["skipped, as they cannot be read: 4 (see data.json)"]
    skipped = {one["file"]: one["reason"] for one in splits.findings.record["skipped"]}
    assert skipped.keys() == expected.keys()
    for file, reason in expected.items():
        assert reason in skipped[file]


def test_an_image_that_would_fill_the_memory_is_a_bad_file(pets, monkeypatch):
    monkeypatch.setattr("scratchnet.data.decoding.LARGEST", 100)
    write(pets / "cat" / "bomb.png", np.zeros((11, 10)))
    with pytest.raises(DataError, match=r"cat/bomb.png: .* 10 x 11 pixels"):
        load(pets)


def test_a_class_without_any_readable_image_is_an_error(pets):
    (pets / "cow").mkdir()
    (pets / "cow" / "1.png").touch()
    with pytest.raises(DataError, match="no image to train on that can be read of class cow"):
        load(pets, on_bad=OnBad.skip)


def test_the_same_pixels_in_two_splits_or_classes_are_listed(tmp_path):
    rng = np.random.default_rng(0)
    data = tmp_path / "data"
    for split in ("train", "test", "val"):
        for name in ("a", "b"):
            for i in range(2):
                write(data / split / name / f"{i}.png", rng.integers(0, 256, (4, 4, 3)))
    shutil.copy(data / "train" / "a" / "0.png", data / "test" / "a" / "twin.png")
    shutil.copy(data / "train" / "a" / "1.png", data / "train" / "b" / "twin.png")
    shutil.copy(data / "train" / "b" / "0.png", data / "train" / "b" / "harmless.png")
    findings = load(data).findings
    assert findings.warnings == [
        "images with the same pixels: 2 in more than one split and 2 with more than one label "
        "(see data.json)"
    ]
    assert findings.record["same_pixels_in_two_splits"] == [
        [
            {"file": "test/a/twin.png", "class": "a", "split": "test"},
            {"file": "train/a/0.png", "class": "a", "split": "train"},
        ]
    ]
    (labels,) = findings.record["same_pixels_with_two_labels"]
    assert [one["file"] for one in labels] == ["train/a/1.png", "train/b/twin.png"]
    assert load(data, validation=Validation.none).val is None


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([(6, 5)] * 20, (6, 5)),
        ([(6, 5)] * 11 + [(7, 7)] * 9, (6, 5)),
        ([(6, 5)] * 10 + [(7, 7)] * 10, (32, 32)),
        ([(160, 129)] * 20, (32, 32)),
    ],
)
def test_the_size_is_that_of_most_images(tmp_path, sizes, expected):
    for i, (height, width) in enumerate(sizes):
        write(tmp_path / "data" / "ab"[i % 2] / f"{i}.png", np.full((height, width), i))
    splits = load(tmp_path / "data")
    assert splits.shape == (*expected, 1)
    assert any(f"{expected[0]} x {expected[1]} pixels in grey" in n for n in splits.findings.notes)


def test_size_and_colour_can_be_set(pets):
    splits = load(pets, size=[3, 4], color=Color.grey)
    assert splits.shape == (3, 4, 1)


def test_images_are_in_colour_if_one_of_them_is(pets, tmp_path):
    for name in ("cat", "dog"):
        for i in range(10):
            write(tmp_path / "grey" / name / f"{i}.png", np.full((4, 4, 3), 10 * i))
    assert load(tmp_path / "grey").shape == (4, 4, 1)
    write(tmp_path / "grey" / "cat" / "5.png", np.full((4, 4, 3), (1, 2, 3)))
    assert load(tmp_path / "grey").shape == (4, 4, 3)
    assert load(tmp_path / "grey", color=Color.rgb).shape == (4, 4, 3)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": [32]}, r"size=\[32\]: must be height and width"),
        ({"size": [0, 32]}, "size=.*must be >= 1"),
        ({"size": [32, 5000]}, "size=.*<= 1024"),
        ({"background": "blau"}, "background=blau: must be a colour"),
        ({"test_share": 1.0}, "test_share=1.0: must be > 0 and < 1"),
    ],
)
def test_impossible_settings_are_refused(settings, message):
    with pytest.raises(SettingError, match=message):
        Folder(path="pets", **settings)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("pets.zip", "unpack archives"), ("a.CSV", "dataset=csv reads"), ("a.npz", "dataset=arrays")],
)
def test_a_file_in_place_of_a_folder_is_told(tmp_path, name, hint):
    (tmp_path / name).touch()
    with pytest.raises(SettingError, match=f"is a file, must be a folder; {hint}"):
        Folder(path=str(tmp_path / name)).check_source()


def test_an_empty_class_folder_is_told_and_recorded(pets):
    (pets / "unicorn").mkdir()
    (pets / "unicorn" / ".DS_Store").touch()
    findings = load(pets).findings
    assert "left out: unicorn, which holds no images" in findings.notes
    assert findings.record["left_out"] == ["unicorn, which holds no images"]
    (pets / "stray.png").touch()
    assert (
        "left out: 1 image in the folder itself, of no class; unicorn, which holds no images"
        in (load(pets).findings.notes)
    )


@pytest.fixture
def decoded(monkeypatch):
    """The paths that are decoded, in order."""
    paths = []
    original = prepared._decode

    def decode(root, file, wanted):
        paths.append(file.path)
        return original(root, file, wanted)

    monkeypatch.setattr(prepared, "_decode", decode)
    return paths


def test_the_second_start_decodes_nothing_and_gives_the_same(pets, decoded):
    first = load(pets)
    assert len(decoded) == 20
    second = load(pets)
    assert len(decoded) == 20
    assert by_file(first) == by_file(second)
    assert first.fingerprint == second.fingerprint
    assert first.findings == second.findings
    np.testing.assert_array_equal(first.std, second.std)


def test_a_changed_file_or_setting_is_noticed(pets, decoded, cache):
    first = load(pets)
    write(pets / "cat" / "3.png", np.zeros((6, 5, 3)))
    second = load(pets)
    assert len(decoded) == 40
    assert first.fingerprint != second.fingerprint
    (only,) = cache.iterdir()
    assert len(list(only.glob("*-*"))) == 2  # the old ones are removed
    os.utime(pets / "cat" / "3.png", ns=(1, 1))
    assert load(pets).fingerprint == second.fingerprint
    assert len(decoded) == 60
    load(pets, size=[6, 5], fit=Fit.pad)
    assert len(decoded) == 80
    load(pets)
    load(pets, test_share=0.5, on_bad=OnBad.skip, classes=["dog", "cat"], seed=3)
    assert len(decoded) == 80


@pytest.mark.parametrize("damage", ["truncated pixels", "no pixels", "flipped bit", "empty index"])
def test_a_damaged_cache_is_made_anew(pets, cache, decoded, damage):
    before = by_file(load(pets))
    (pixels,), (index,) = cache.glob("*/pixels-*"), cache.glob("*/index-*")
    if damage == "truncated pixels":
        pixels.write_bytes(pixels.read_bytes()[:-1])
    elif damage == "no pixels":
        pixels.unlink()
    else:
        content = bytearray(index.read_bytes())
        content[len(content) // 2] ^= 1
        index.write_bytes(content if damage == "flipped bit" else b"")
    assert by_file(load(pets)) == before
    assert len(decoded) == 40


def test_a_cache_that_cannot_be_written_is_no_obstacle(pets, cache, caplog):
    cache.parent.write_text("a file where the folder should be")
    splits = load(pets)
    assert len(by_file(splits)) == 20
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "cannot be kept for the next start" in record.getMessage()


def test_a_full_disk_leaves_nothing_half_written(pets, cache, monkeypatch, caplog):
    def full(file, block):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(image_cache, "_append", full)
    assert len(by_file(load(pets))) == 20
    assert "No space left" in caplog.text
    (only,) = cache.iterdir()
    assert [path.name for path in only.iterdir()] == [".lock"]


def test_processes_that_start_together_decode_once(pets, cache, decoded):
    first = load(pets)
    (folder,) = cache.iterdir()
    for file in folder.glob("*-*"):
        file.unlink()
    with ThreadPoolExecutor(2) as pool:
        with locks.locked(folder / ".lock"):  # as if another process were decoding
            waiting = [pool.submit(load, pets, seed) for seed in (0, 1)]
            assert not wait(waiting, timeout=0.3).done
            assert len(decoded) == 20
        assert {one.result().fingerprint for one in waiting} == {first.fingerprint}
    assert len(decoded) == 40


def test_a_stop_while_images_are_read_leaves_nothing_half_written(pets, cache, monkeypatch):
    def stop(*_):
        raise Interrupted(signal.SIGINT)

    with monkeypatch.context() as patch:
        patch.setattr("scratchnet.system.interrupts.check", stop)
        with pytest.raises(Interrupted):
            load(pets)
    (only,) = cache.iterdir()
    assert [path.name for path in only.iterdir()] == [".lock"]
    assert len(by_file(load(pets))) == 20


@pytest.mark.parametrize("block", [1, 7, 20])
def test_blocks_of_any_size_give_the_same(pets, monkeypatch, block):
    whole = load(pets)
    shutil.rmtree(image_cache.data_root())
    monkeypatch.setattr(prepared, "_BLOCK_SIZE", block * 6 * 5 * 3)
    again = load(pets)
    assert by_file(again) == by_file(whole)
    assert (again.fingerprint, again.findings) == (whole.fingerprint, whole.findings)
    np.testing.assert_array_equal(again.mean, whole.mean)


def test_images_stay_on_disk(pets):
    base = load(pets).train.pixels
    assert not base.flags.writeable
    while not isinstance(base, np.memmap):
        base = base.base
    assert base.filename.parent.parent.name == "own"
