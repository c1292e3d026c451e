"""Which arrays of NumPy's files are what; pickles and damaged files are refused."""

import io
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as random_arrays

from scratchnet.data.own.array_files import read_arrays, read_npy, samples_to_predict
from scratchnet.data.own.collection import TEST, TRAIN, VAL
from scratchnet.errors import DataError

X, Y = np.arange(12).reshape(6, 2), np.arange(6) % 2


@pytest.mark.parametrize(
    ("names", "splits"),
    [
        ("x_train y_train x_test y_test", [TRAIN, TEST]),
        ("X_train Y_train X_val Y_val", [TRAIN, VAL]),
        ("xtrain ytrain xtest ytest", [TRAIN, TEST]),
        ("train_images train_labels val_images val_labels", [TRAIN, VAL]),
        ("images_train labels_train images_valid labels_valid", [TRAIN, VAL]),
        ("X y", [TRAIN]),
        ("data target", [TRAIN]),
        ("images labels X_test y_test", [TRAIN, TEST]),
    ],
)
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_common_names(tmp_path, names, splits, kind):
    arrays = {name: (Y if i % 2 else X) + i for i, name in enumerate(names.split())}
    if kind == "folder":
        for name, array in arrays.items():
            np.save(tmp_path / f"{name}.npy", array)
        found = read_arrays(tmp_path)
    else:
        np.savez_compressed(tmp_path / "a.npz", **arrays)
        found = read_arrays(tmp_path / "a.npz")
    parts, samples, labels = found.pairs()
    assert parts == splits
    for i, pair in enumerate(zip(samples, labels, strict=True)):
        np.testing.assert_array_equal(pair[0], X + 2 * i)
        np.testing.assert_array_equal(pair[1], Y + 2 * i + 1)


def test_names_of_classes_and_arrays_that_are_not_used(tmp_path):
    np.savez(tmp_path / "a.npz", X=X, y=Y, target_names=np.array(["a", "ü"]), notes=np.zeros(3))
    found = read_arrays(tmp_path / "a.npz")
    assert (found.class_names, found.unused) == (["a", "ü"], ["notes"])


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({}, r"holds no array of samples \(nothing\); name the arrays x_train"),
        ({"a": X, "y": Y}, r"holds no array of samples \(a, y\)"),
        ({"X": X, "images": X, "y": Y}, "X and images could both be the samples"),
        ({"X": X.astype(complex), "y": Y}, "X holds values of type complex128"),
        ({"X": np.array([{}, 1], object), "y": Y}, "holds Python objects .a pickle., which can"),
        ({"x_train": X, "y_train": Y, "x_test": X}, None),
        ({"x_test": X, "y_test": Y}, None),
        ({"X": X, "y": Y[:5]}, None),
    ],
)
def test_what_is_missing_or_of_another_kind_is_said(tmp_path, arrays, reason):
    path = tmp_path / "a.npz"
    np.savez(path, **arrays)
    if reason is None:
        with pytest.raises(ValueError, match=r"without labels|training samples|a label for each"):
            read_arrays(path).pairs()
        return
    with pytest.raises(DataError, match=reason):
        read_arrays(path)


def test_samples_to_predict_need_no_labels(tmp_path):
    np.save(tmp_path / "a.npy", X)
    np.savez(tmp_path / "one.npz", images=X)
    np.savez(tmp_path / "two.npz", x_train=X + 1, y_train=Y, x_test=X)
    for name in ("a.npy", "one.npz", "two.npz"):
        np.testing.assert_array_equal(samples_to_predict(tmp_path / name), X)


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", pickle.dumps([1]), npy(X)[:-5], b"PK\3\4x"])
def test_damaged_files_and_pickles_are_one_line(tmp_path, content):
    for name, read in (("a.npy", read_npy), ("a.npz", read_arrays)):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(DataError) as refused:
            read(path)
        assert str(refused.value).startswith(f"{path}: ")
        assert str(refused.value).isprintable()


def test_a_header_that_claims_more_than_the_memory_is_refused(tmp_path):
    content = npy(np.zeros((2, 3), np.int64))
    claim = content.replace(b"(2, 3), ", b"(2, 999999999999), ")[: len(content)]
    (tmp_path / "a.npy").write_bytes(claim)
    with pytest.raises(DataError, match=r"a\.npy: cannot be read"):
        read_npy(tmp_path / "a.npy")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_array_comes_back_or_is_refused_in_one_line(tmp_path_factory, data):
    dtype = data.draw(st.sampled_from(["u1", "<i8", ">f4", "f2", "?", "U3", "S2", "c8", "M8[s]"]))
    shape = data.draw(st.lists(st.integers(0, 4), max_size=4).map(tuple))
    array = data.draw(random_arrays(dtype, shape))
    content = npy(array)
    cut = data.draw(st.sampled_from([len(content), len(content) // 2, len(content) - 1]))
    path = tmp_path_factory.mktemp("npy") / "a.npy"
    path.write_bytes(content[:cut])
    if cut < len(content) or array.dtype.kind in "cM":
        with pytest.raises(DataError) as refused:
            read_npy(path)
        assert str(refused.value).isprintable()
    else:
        np.testing.assert_array_equal(read_npy(path), array)
