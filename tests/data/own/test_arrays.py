"""dataset=arrays: from NumPy's files to splits."""

import numpy as np
import pytest

from scratchnet.data.loader import Loader
from scratchnet.data.own.arrays import Arrays
from scratchnet.data.own.samples import Channels, Form
from scratchnet.data.splits import Validation
from scratchnet.errors import DataError, SettingError

RNG = np.random.default_rng(0)
LABELS = np.arange(60) % 3


def load(path, arrays=None, **settings):
    if arrays is not None:
        np.savez(path, **arrays)
    return Arrays(path=str(path), **settings).load(0)


def everything(splits):
    """All samples with the names of their classes, train, val and test in turn."""
    parts = (splits.train, splits.val, splits.test)
    pixels = np.concatenate([part.take(np.arange(len(part))) for part in parts])
    labels = np.concatenate([part.labels for part in parts])
    return pixels, [splits.classes[label] for label in labels]


def test_medmnist_keeps_its_splits(tmp_path):
    images = RNG.integers(0, 256, (60, 5, 4, 3), dtype=np.uint8)
    arrays = {}
    for i, name in enumerate(("train", "val", "test")):
        arrays[f"{name}_images"] = images[20 * i : 20 * i + 20]
        arrays[f"{name}_labels"] = LABELS[20 * i : 20 * i + 20].reshape(-1, 1)
    splits = load(tmp_path / "pathmnist.npz", arrays)
    assert (splits.shape, splits.classes, splits.protocol) == ((5, 4, 3), ["0", "1", "2"], "given")
    pixels, classes = everything(splits)
    np.testing.assert_array_equal(pixels, images)
    assert classes == [str(label) for label in LABELS]
    assert splits.findings.notes[1:] == ["images of 5 x 4 pixels, in colour"]


def test_images_in_other_layouts_and_ranges_are_the_same_images(tmp_path):
    images = RNG.integers(0, 256, (60, 6, 5, 3), dtype=np.uint8)
    expected = load(tmp_path / "a.npz", {"X": images, "y": LABELS})
    for number, changed in enumerate(
        [
            np.moveaxis(images, 3, 1),
            images / 255,
            (images / 255).astype(np.float32),
            images.astype(np.int64),
            images.astype(">u2") * 257,
        ]
    ):
        splits = load(tmp_path / f"{number}.npz", {"X": changed, "y": np.eye(3)[LABELS]})
        assert splits.fingerprint == expected.fingerprint
        np.testing.assert_array_equal(splits.mean, expected.mean)
        assert splits.white == (255, 1, 1, 255, 65_535)[number]
    assert "white is taken to be 65535" in splits.findings.notes[-1]


@pytest.mark.parametrize("shape", [(6, 5), (64,)])
@pytest.mark.parametrize(
    ("train", "other", "message"),
    [
        ("bytes", "unit", "the {0} split holds 0 to 1, the train split 0 to 255: bring them to"),
        ("unit", "bytes", "the train split holds 0 to 1, the {0} split 0 to 255: bring them to"),
        ("unit", "floats", "the train split holds 0 to 1, the {0} split 0 to 255: bring them to"),
        ("words", "bytes", "the {0} split holds 0 to 255, the train split 0 to 65535: bring them"),
    ],
)
@pytest.mark.parametrize("split", ["val", "test"])
def test_splits_in_different_ranges_are_refused(tmp_path, shape, train, other, message, split):
    images = RNG.integers(0, 256, (60, *shape), dtype=np.uint8)
    images.reshape(60, -1)[:, :2] = [0, 255]
    words = images.astype(np.uint16) * 257
    ranges = {"bytes": images, "unit": images / 255, "floats": images * 1.0, "words": words}
    arrays = {"x_train": ranges[train], "y_train": LABELS}
    arrays |= {f"x_{split}": ranges[other], f"y_{split}": LABELS}
    with pytest.raises(DataError, match=rf"a\.npz: {message.format(split)}"):
        load(tmp_path / "a.npz", arrays)


def test_splits_that_differ_by_chance_are_of_one_range(tmp_path):
    dim = RNG.integers(0, 90, (60, 6, 5))
    bright = RNG.integers(0, 60_000, (60, 6, 5))
    arrays = {"x_train": bright, "y_train": LABELS, "x_test": dim, "y_test": LABELS}
    assert load(tmp_path / "a.npz", arrays).train.pixels.max() > 200
    arrays["x_test"] = np.zeros((60, 6, 5), np.uint8)
    assert load(tmp_path / "b.npz", arrays).test.take(np.arange(60)).max() == 0


def test_vectors_are_normalised_feature_by_feature(tmp_path):
    vectors = RNG.normal([1e3, 0, -5], [10, 1e-3, 0], (60, 3))
    splits = load(tmp_path / "a.npz", {"X": vectors, "y": LABELS})
    assert splits.are_vectors
    assert splits.findings.notes[-1].startswith("vectors of 3 numbers")
    loader = Loader(splits.train, 60, mean=splits.mean, std=splits.std, seed=0)
    ((x, _),) = loader.batches(epoch=0)
    np.testing.assert_allclose(x.mean(axis=0).ravel(), 0, atol=1e-3)
    np.testing.assert_allclose(x.std(axis=0).ravel(), [1, 1, 0], rtol=1e-3, atol=1e-6)


def test_rows_of_bytes_are_images_and_rows_of_floats_vectors_unless_told(tmp_path):
    rows = RNG.integers(0, 256, (60, 64), dtype=np.uint8)
    path = tmp_path / "a.npz"
    assert load(path, {"X": rows, "y": LABELS}).shape == (8, 8, 1)
    assert load(path, form=Form.vectors).shape == (1, 1, 64)
    assert load(path, {"X": rows.astype(float), "y": LABELS}).shape == (1, 1, 64)
    assert load(path, form=Form.images).shape == (8, 8, 1)


def test_a_folder_of_arrays_and_names_of_classes(tmp_path):
    np.save(tmp_path / "images.npy", RNG.integers(0, 256, (60, 4, 4), dtype=np.uint8))
    np.save(tmp_path / "labels.npy", LABELS)
    np.save(tmp_path / "class_names.npy", np.array(["a", "b", "c"]))
    assert load(tmp_path).classes == ["a", "b", "c"]
    assert load(tmp_path, classes=["x", "y", "z"]).classes == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"X": np.zeros((4, 3, 5, 3)), "y": [0, 1, 0, 1]}, "say dataset.channels=first or"),
        ({"X": np.zeros((4, 5)), "y": [0, 1, 0]}, "there must be a label for each sample"),
        ({"X": np.zeros((4, 5, 5)), "y": np.ones((4, 3))}, "sample 0 has 3 labels"),
        ({"X": [[1.0, np.nan]] * 4, "y": [0, 1, 0, 1]}, r"holds nan at \[0, 1\]"),
        ({"X": np.zeros((4, 1, 1)), "y": [0, 1, 0, 1]}, "images of 1x1 pixels"),
        (
            {
                **{"x_train": np.zeros((4, 5, 5)), "y_train": [0, 1, 0, 1]},
                **{"x_test": np.zeros((4, 6, 5)), "y_test": [0, 1, 0, 1]},
            },
            "samples of different shapes",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_file_and_the_reason(tmp_path, arrays, reason):
    with pytest.raises(DataError, match=rf"a\.npz: .*{reason}"):
        load(tmp_path / "a.npz", arrays)


def test_ambiguous_channels_can_be_told(tmp_path):
    arrays = {"X": RNG.integers(0, 256, (60, 3, 5, 3), dtype=np.uint8), "y": LABELS}
    assert load(tmp_path / "a.npz", arrays, channels=Channels.first).shape == (5, 3, 3)
    assert load(tmp_path / "a.npz", arrays, channels=Channels.last).shape == (3, 5, 3)


def test_another_file_is_refused_before_it_is_read(tmp_path):
    (tmp_path / "a.csv").write_text("")
    with pytest.raises(SettingError, match=r"a\.csv: must be an \.npz file, or a folder"):
        Arrays(path=str(tmp_path / "a.csv")).check_source()


def test_the_same_image_in_two_splits_or_with_two_labels_is_told_and_recorded(tmp_path):
    train, test = RNG.integers(0, 256, (2, 60, 6, 5), dtype=np.uint8)
    test[7] = train[3]
    test[8], test[9] = train[10], test[11]  # labels 1, and 0 and 2
    labels = {"y_train": LABELS, "y_test": np.roll(LABELS, 1)}
    labels["y_test"][[7, 8]] = LABELS[[3, 10]]
    arrays = {"x_train": train, "x_test": test, **labels}
    findings = load(tmp_path / "a.npz", arrays, validation=Validation.none).findings
    assert findings.warnings == [
        "images with the same pixels: 4 in more than one split and 2 with more than one label "
        "(see data.json)"
    ]
    assert findings.record["same_pixels_with_two_labels"] == [
        [
            {"file": "test[9]", "class": "2", "split": "test"},
            {"file": "test[11]", "class": "1", "split": "test"},
        ]
    ]
    two_splits = findings.record["same_pixels_in_two_splits"]
    assert sorted([one["file"] for one in group] for group in two_splits) == [
        ["train[10]", "test[8]"],
        ["train[3]", "test[7]"],
    ]


def test_vectors_may_be_the_same(tmp_path):
    splits = load(tmp_path / "a.npz", {"X": np.ones((60, 3)), "y": LABELS})
    assert splits.findings.warnings == []
