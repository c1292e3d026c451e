"""Samples to predict come in the form of those that a network was trained on."""

import numpy as np
import pytest
from own_numbers import write_csv

from scratchnet.data.own import unlabelled
from scratchnet.data.own.samples import Channels
from scratchnet.errors import DataError

RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (5, 8, 8, 1), dtype=np.uint8)
COLOUR = RNG.integers(0, 256, (5, 8, 8, 3), dtype=np.uint8)


@pytest.mark.parametrize(
    "values",
    [
        GREY,
        GREY[..., 0],
        GREY.reshape(5, 64),
        GREY / 255,
        np.moveaxis(GREY, 3, 1),
        GREY.astype("i8"),
    ],
)
def test_arrays_of_images(tmp_path, values):
    np.save(tmp_path / "a.npy", values)
    found = unlabelled.read(tmp_path / "a.npy", (8, 8, 1), [])
    np.testing.assert_array_equal(found.samples, GREY)
    assert found.names == ["1", "2", "3", "4", "5"]


def test_a_single_image_colours_and_vectors(tmp_path):
    np.save(tmp_path / "a.npy", GREY[0, ..., 0])
    np.testing.assert_array_equal(
        unlabelled.read(tmp_path / "a.npy", (8, 8, 1), []).samples, GREY[:1]
    )
    np.savez(tmp_path / "a.npz", images=np.moveaxis(COLOUR, 3, 1))
    found = unlabelled.read(tmp_path / "a.npz", (8, 8, 3), [])
    np.testing.assert_array_equal(found.samples, COLOUR)
    np.save(tmp_path / "a.npy", np.moveaxis(COLOUR, 3, 1).reshape(5, -1))
    found = unlabelled.read(tmp_path / "a.npy", (8, 8, 3), [], Channels.first)
    np.testing.assert_array_equal(found.samples, COLOUR)
    np.save(tmp_path / "a.npy", np.array([1.5, 2.5]))
    found = unlabelled.read(tmp_path / "a.npy", (1, 1, 2), [])
    np.testing.assert_array_equal(found.samples, np.array([[[[1.5, 2.5]]]], np.float32))


def test_kaggles_test_images_have_no_ids_and_no_labels(tmp_path):
    names = [f"pixel{i}" for i in range(64)]
    path = write_csv(tmp_path / "test.csv", names, GREY.reshape(5, 64))
    found = unlabelled.read(path, (8, 8, 1), names)
    np.testing.assert_array_equal(found.samples, GREY)
    assert (found.are_pixels, found.id_name, found.names[-1]) == (True, None, "5")


def test_columns_are_found_by_name_and_ids_kept(tmp_path):
    rows = [[f"x{i}", i, "other", -i] for i in range(3)]
    path = write_csv(tmp_path / "test.csv", ["Id", "b", "note", "a"], rows)
    found = unlabelled.read(path, (1, 1, 2), ["a", "b"])
    assert found.samples.reshape(3, 2).tolist() == [[0, 0], [-1, 1], [-2, 2]]
    assert (found.names, found.id_name, found.are_pixels) == (["x0", "x1", "x2"], "Id", False)
    with pytest.raises(DataError, match=r"test\.csv: lacks column c of the training data"):
        unlabelled.read(path, (1, 1, 3), ["a", "b", "c"])
    with pytest.raises(DataError, match="has 4 columns, but the network takes 3 numbers"):
        unlabelled.read(path, (1, 1, 3), [])


@pytest.mark.parametrize(
    ("values", "shape"), [(GREY, (7, 8, 1)), (GREY, (8, 8, 3)), (COLOUR, (1, 1, 4)), (3, (1, 1, 4))]
)
def test_samples_of_another_shape_are_refused(tmp_path, values, shape):
    np.save(tmp_path / "a.npy", values)
    with pytest.raises(DataError, match=r"a\.npy: has shape .*: the network takes") as caught:
        unlabelled.read(tmp_path / "a.npy", shape, [])
    counted = {(7, 8, 1): "in 1 channel", (8, 8, 3): "in 3 channels"}
    assert str(caught.value).endswith(counted.get(shape, "4 numbers for each sample, shape (n, 4)"))


def test_a_table_with_labels_is_refused_with_what_to_remove(tmp_path):
    path = write_csv(tmp_path / "train.csv", None, [[7, 0.5, 1.5]])
    with pytest.raises(DataError, match=r"takes 2 numbers; if one holds the labels, remove it"):
        unlabelled.read(path, (1, 1, 2), [])
    with pytest.raises(DataError, match=r"if one holds the labels \(position 0\), remove it"):
        unlabelled.read(path, (1, 1, 2), [], label=0)


def test_only_training_offers_to_leave_a_column_out(tmp_path):
    path = write_csv(tmp_path / "test.csv", ["a", "b"], [[1, "x"]])
    with pytest.raises(DataError, match=r"column b: 'x' is no number; encode text as numbers$"):
        unlabelled.read(path, (1, 1, 2), ["a", "b"])


def test_which_files_hold_samples(tmp_path):
    names = ("a.npy", "a.NPZ", "a.csv", "a.csv.gz", "a.png", "npy")
    assert [unlabelled.is_file_of_samples(tmp_path / name) for name in names] == [
        *[True] * 4,
        *[False] * 2,
    ]
