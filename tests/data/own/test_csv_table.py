"""dataset=csv: from a table to splits."""

import numpy as np
import pytest
from own_numbers import write_csv

from scratchnet.data.own.csv_table import CSV
from scratchnet.data.own.samples import Form
from scratchnet.errors import DataError, SettingError

RNG = np.random.default_rng(0)
LABELS = [["cat", "dog", "elk"][i % 3] for i in range(30)]
VALUES = RNG.normal(size=(30, 4)).round(3)
NAMES = ["a", "b", "c", "d"]


def load(path, **settings):
    return CSV(path=str(path), **settings).load(0)


def table(path, label="species", ids=None):
    header = [*([ids[0]] if ids else []), *NAMES, label]
    rows = [[*([ids[1][i]] if ids else []), *VALUES[i], LABELS[i]] for i in range(len(LABELS))]
    return write_csv(path, header, rows)


def rows_of(splits):
    """All samples, in the order of their first number."""
    found = np.concatenate([part.take(np.arange(len(part))) for part in parts(splits)])
    return found[np.argsort(found[:, 0, 0, 0])]


def parts(splits):
    return splits.train, splits.val, splits.test


@pytest.mark.parametrize("label", ["label", "Class", "target", "species", "y"])
def test_the_label_column_is_found_by_its_name(tmp_path, label):
    splits = load(table(tmp_path / "t.csv", label))
    assert splits.classes == ["cat", "dog", "elk"]
    expected = VALUES[np.argsort(VALUES[:, 0])].astype(np.float32)
    np.testing.assert_array_equal(rows_of(splits).reshape(-1, 4), expected)
    assert splits.features == NAMES
    assert f"labels: column {label}" in splits.findings.notes
    for part in parts(splits):  # each row with its own label
        found = {
            tuple(row): splits.classes[y]
            for row, y in zip(
                part.take(np.arange(len(part))).reshape(-1, 4).tolist(), part.labels, strict=True
            )
        }
        whole = {tuple(r): y for r, y in zip(VALUES.astype("f4").tolist(), LABELS, strict=True)}
        assert found.items() <= whole.items()


def test_the_label_column_by_name_or_position(tmp_path):
    path = table(tmp_path / "t.csv", "kind")
    for label in ("kind", 4, -1, "-1"):
        assert load(path, label=label).classes == ["cat", "dog", "elk"]
    with pytest.raises(SettingError, match=r"dataset.label=null: which .*\? its columns are a, b"):
        load(path)
    with pytest.raises(SettingError, match=r"dataset.label=kin: must be one of .*mean kind"):
        load(path, label="kin")
    bare = write_csv(tmp_path / "u.csv", None, [[*VALUES[i], LABELS[i]] for i in range(30)])
    assert load(bare, label=-1).shape == (1, 1, 4)
    with pytest.raises(SettingError, match="has no header and 5 columns"):
        load(bare)


@pytest.mark.parametrize(
    ("ids", "left_out"),
    [
        (("id", list(range(30))), True),
        (("PassengerId", [f"p{i}" for i in range(30)]), True),
        (("", list(range(30))), True),
        (("image_id", [f"{i}.png" for i in range(30)]), True),
        (("id", [i // 2 for i in range(30)]), False),  # not all are different
        (("acid", list(range(30))), False),
        (("id", [i + 0.5 for i in range(30)]), False),  # measured, not counted
    ],
)
def test_ids_are_left_out_and_said(tmp_path, ids, left_out):
    splits = load(table(tmp_path / "t.csv", ids=ids))
    assert splits.shape[2] == (4 if left_out else 5)
    notes = [note for note in splits.findings.notes if note.startswith("left out as an id")]
    assert len(notes) == left_out


def test_columns_can_be_left_out(tmp_path):
    path = table(tmp_path / "t.csv", ids=("note", ["text"] * 30))
    with pytest.raises(DataError, match="line 2, column note: 'text' is no number"):
        load(path)
    assert load(path, leave_out=["note", "b"]).features == ["a", "c", "d"]


def test_kaggles_digits_are_images(tmp_path):
    pixels = RNG.integers(0, 256, (30, 16))
    rows = [[i % 3, *row] for i, row in enumerate(pixels)]
    header = ["label", *(f"pixel{i}" for i in range(16))]
    splits = load(write_csv(tmp_path / "train.csv.gz", header, rows))
    assert (splits.shape, splits.classes) == ((4, 4, 1), ["0", "1", "2"])
    assert splits.train.pixels.dtype == np.uint8
    assert splits.pixel_max == pixels.max()
    assert load(tmp_path / "train.csv.gz", form=Form.vectors).shape == (1, 1, 16)


@pytest.mark.parametrize(("count", "shape"), [(64, (8, 8, 1)), (192, (8, 8, 3)), (65, (1, 1, 65))])
def test_as_many_pixels_as_a_square_has_are_images(tmp_path, count, shape):
    rows = [[*RNG.integers(0, 256, count), label] for label in LABELS]
    header = [*(f"f{i}" for i in range(count)), "y"]
    assert load(write_csv(tmp_path / "t.csv", header, rows)).shape == shape


def test_a_folder_is_refused_before_it_is_read(tmp_path):
    with pytest.raises(SettingError, match="is a folder, must be a CSV file"):
        CSV(path=str(tmp_path)).check_source()


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([["cat"], ["dog"], ["cat"]], "has no columns of numbers"),
        ([[1, "cat"], [2, ""], [3, "cat"]], "column y: label 1 .* is empty"),
        ([[1, 0.5], [2, 0.7], [3, 0.5]], None),
        ([[i, i / 7] for i in range(99)], "column y: holds 99 different numbers in 99 samples: cl"),
        ([[i, i] for i in range(9)], "all 9 labels differ"),
        ([[i, 5] for i in range(9)], "all labels are 5"),
    ],
)
def test_labels_that_name_no_classes_are_refused(tmp_path, rows, reason):
    header = ["a", "y"][-len(rows[0]) :]
    path = write_csv(tmp_path / "t.csv", header, rows)
    if reason is None:
        assert CSV(path=str(path))._read().classes == ["0.5", "0.7"]
        return
    with pytest.raises(DataError, match=rf"t\.csv: .*{reason}"):
        load(path)


def test_a_column_of_text_may_be_left_out(tmp_path):
    path = write_csv(tmp_path / "t.csv", ["a", "note", "y"], [[1, "text", "cat"]])
    with pytest.raises(DataError, match=r"or leave the column out: dataset\.leave_out=\[note\]$"):
        load(path)
