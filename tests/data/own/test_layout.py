"""Classes and splits are told by the folders that files are in."""

from pathlib import Path

import pytest

from scratchnet.data.own.collection import TEST, TRAIN, VAL
from scratchnet.data.own.layout import arrange, kinds, natural
from scratchnet.data.own.walk import File
from scratchnet.errors import DataError, SettingError

ROOT = Path("pets")


def files(*paths):
    return sorted(File(path, 100, 0) for path in paths)


def layout(*paths, classes=None):
    """For each file its class and split."""
    made = arrange(ROOT, files(*paths), classes)
    rows = zip(made.files, made.labels, made.parts, strict=True)
    return {file.path: (made.classes[label], part) for file, label, part in rows}


def test_class_folders_without_splits():
    assert layout("cat/1.png", "dog/2.JPG", "dog/old/3", "dog/notes.txt") == {
        "cat/1.png": ("cat", TRAIN),
        "dog/2.JPG": ("dog", TRAIN),
        "dog/old/3": ("dog", TRAIN),
        "dog/notes.txt": ("dog", TRAIN),
    }


@pytest.mark.parametrize("train", ["train", "Train", "TRAINING"])
@pytest.mark.parametrize("val", ["val", "Valid", "validation", "DEV"])
@pytest.mark.parametrize("test", ["test", "Testing"])
def test_split_folders_in_any_capitals(train, val, test):
    paths = [f"{split}/{name}/1.png" for split in (train, val, test) for name in ("cat", "dog")]
    found = layout(*paths)
    parts = [TRAIN, TRAIN, VAL, VAL, TEST, TEST]
    assert found == dict(zip(paths, zip(["cat", "dog"] * 3, parts, strict=True), strict=True))


def test_a_class_may_be_called_train():
    for path in ("train/1.png", "train/steam/1.png"):
        found = layout(path, "bus/1.png", "plane/1.png")
        assert found[path] == ("train", TRAIN)
        assert len(found) == 3


def test_what_lies_outside_of_classes_is_left_out_and_said():
    made = arrange(
        ROOT,
        files(
            *("train/cat/1.png", "train/dog/1.png", "test/cat/1.png", "train/stray.png"),
            *("models/a/1.png", "docs/a.txt", "top.png", "LICENSE", "labels.csv"),
        ),
        None,
    )
    assert [file.path for file in made.files] == [
        "test/cat/1.png",
        "train/cat/1.png",
        "train/dog/1.png",
    ]
    assert sorted(made.left_out) == [
        "1 image in models, of no class",
        "1 image in the folder itself, of no class",
        "1 image in train/, of no class",
        "docs, which holds no images",
    ]


def test_images_need_no_suffix_but_then_nothing_beside_them_has_one():
    made = arrange(
        ROOT,
        files("train/1/a", "train/1/b", "train/2/c", "train/labels.csv", "tool/run.py", "tool/LOG"),
        None,
    )
    assert [file.path for file in made.files] == ["train/1/a", "train/1/b", "train/2/c"]
    assert made.left_out == ["tool, which holds no images"]


def test_test_images_without_classes_are_no_class():
    made = arrange(ROOT, files("train/cat/1.png", "train/dog/1.png", "test/1.png"), None)
    assert (made.classes, made.parts) == (["cat", "dog"], [TRAIN, TRAIN])
    assert made.left_out == ["1 image in test, of no class"]


def test_classes_are_in_natural_order():
    names = ["10", "2", "1", "a10", "a9", "B", "ä"]
    made = arrange(ROOT, files(*(f"{name}/x.png" for name in names)), None)
    assert made.classes == ["1", "2", "10", "a9", "a10", "B", "ä"]
    assert sorted(["x2y10", "x2y9", "x", "X1"], key=natural) == ["x", "X1", "x2y9", "x2y10"]


def test_any_name_will_do():
    names = ["a=b", "[x, y]", "with space", "日本", "{}", "'quoted'", "-m"]
    found = layout(*(f"{name}/1.png" for name in names))
    assert {name for name, _ in found.values()} == set(names)


def test_a_name_is_the_same_in_composed_and_decomposed_letters():
    composed, decomposed = "caf\u00e9", "cafe\u0301"
    found = layout(f"train/{composed}/1.png", "train/bar/1.png", f"test/{decomposed}/1.png")
    assert found[f"test/{decomposed}/1.png"] == (composed, TEST)


def test_a_name_in_another_encoding_can_be_written_down():
    made = arrange(ROOT, files("caf\udce9/1.png", "bar/1.png"), None)
    assert made.classes[1].encode() == "caf\ufffd".encode()


def test_chosen_classes_keep_their_order_and_others_are_left_out():
    paths = ("cat/1.png", "dog/1.png", "cow/1.png", "cow/2.png")
    made = arrange(ROOT, files(*paths), ["dog", "cat"])
    assert made.classes == ["dog", "cat"]
    assert [(file.path, label) for file, label in zip(made.files, made.labels, strict=True)] == [
        ("cat/1.png", 1),
        ("dog/1.png", 0),
    ]
    assert made.left_out == ["2 files of class cow"]


def test_other_classes_than_the_chosen_ones_are_counted_together():
    paths = ("cat/1.png", "dog/1.png", "cow/1.png", "cow/2.png", "hen/1.png")
    split = files(*[f"{part}/{path}" for part in ("train", "test") for path in paths])
    assert arrange(ROOT, split, ["dog", "cat"]).left_out == ["6 files of 2 other classes"]


def test_folders_without_files_are_said_to_be_left_out():
    made = arrange(ROOT, files("1/1.png", "2/1.png"), None, ["1/more", "9"])
    assert made.left_out == ["9, which holds no images"]
    split = files("train/1/1.png", "train/2/1.png", "test/1/1.png")
    made = arrange(ROOT, split, None, ["test/2", "train/10", "train/9"])
    assert made.left_out == ["test/2, train/9, train/10, which hold no images"]


def test_a_folder_of_nothing_but_empty_class_folders_is_told():
    with pytest.raises(DataError, match="pets: its folders cat, dog hold no images; expected"):
        arrange(ROOT, [], None, ["cat", "dog"])


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        (["cat", "dgo"], r"classes=\[cat,dgo\]: there is no folder dgo; did you mean dog\?"),
        (["cat", "zebu"], r"there is no folder zebu; there are cat, cow, dog"),
        (["cat", "cat"], "has cat twice"),
        (["cat"], "must name at least two"),
        ([], "must name at least two"),
    ],
)
def test_impossible_choices_are_refused(classes, message):
    with pytest.raises(SettingError, match=message):
        arrange(ROOT, files("cat/1.png", "dog/1.png", "cow/1.png"), classes)


@pytest.mark.parametrize(
    ("paths", "message"),
    [
        ([], "is empty; expected PATH/CLASS/image.png"),
        (["a/readme.txt", "b.csv", "c.csv"], r"holds no images: .csv \(2\), .txt \(1\)"),
        (["1.png", "2.png"], "holds 2 files but no class folders .* the folder above"),
        (["cat/1.png"], "holds one class folder, cat, but needs at least two"),
        (["pets/cat/1.png", "pets/dog/1.png"], r"did you mean dataset.path=pets/pets\?"),
        (["train/cat/1.png", "test/cat/1.png"], "holds one class folder, cat"),
        (["train/1.png", "test/1.png"], "holds test/, train/, but no class folders in it"),
        (["test/cat/1.png", "val/dog/1.png"], "holds test/, val/, but no train/ beside it"),
        (
            ["train/a/1.png", "train/b/1.png", "val/a/1.png", "valid/a/1.png"],
            "val and valid are both the val split",
        ),
        (
            ["train/cat/1.png", "train/dog/1.png", "test/Dog/1.png"],
            r"the test split has a class folder Dog, the train split has not; did you mean dog\?",
        ),
    ],
)
def test_other_layouts_are_refused_with_what_was_found(paths, message):
    with pytest.raises(DataError, match=rf"^dataset.path=pets: .*{message}"):
        arrange(ROOT, files(*paths), None)


def test_kinds_are_counted_most_frequent_first():
    assert kinds(files("a.TXT", "b.txt", "c", "d.csv", "e.txt")) == (
        ".txt (3), without suffix (1), .csv (1)"
    )
