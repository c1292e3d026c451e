"""`predict` sees an image as training did."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scratchnet.__main__ import main
from scratchnet.cli.commands.predict import predict
from scratchnet.experiment.measure import evaluation_loader
from scratchnet.experiment.restore import read_config
from scratchnet.experiment.trained import Trained
from scratchnet.nn.loss import softmax
from scratchnet.training import checkpoint


@pytest.fixture(scope="module")
def splits(run):
    config = read_config(run)
    return config.dataset.load(config.seed)


def test_probabilities_are_those_of_the_evaluation(run, splits):
    config = read_config(run)
    network = config.model.build(splits.shape, 10, config.seed)
    network.restore(checkpoint.load(run.best_checkpoint)[0])
    x, _ = next(evaluation_loader(config, splits, splits.test).batches(0))
    expected = softmax(network.forward(x))
    found = predict(Trained.of(run, "best"), splits.test.pixels)
    np.testing.assert_allclose(found[: len(x)], expected, rtol=1e-4, atol=1e-6)


def test_images_of_the_test_set_are_recognised_from_files(run, splits, tmp_path, capsys):
    hits = 0
    for i in range(20):
        path = tmp_path / f"{i}.png"
        pixels = np.round(splits.test.pixels[i, :, :, 0] * (255 / 16)).astype(np.uint8)
        Image.fromarray(pixels).resize((96, 96), Image.Resampling.BICUBIC).save(path)
        assert main(["predict", str(run.path), str(path)]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 10
        hits += lines[0].split()[0] == splits.classes[splits.test.labels[i]]
    assert hits >= 18


def test_the_dataset_is_not_needed(run, tmp_path, monkeypatch):
    monkeypatch.setattr("scratchnet.data.Digits.load", None)
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    assert main(["predict", str(run.path), str(tmp_path / "a.png"), "--checkpoint", "last"]) == 0


@pytest.mark.parametrize("content", [b"", b"text"])
def test_a_file_that_is_no_image_is_one_line_and_exit_2(run, tmp_path, capsys, content):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    assert main(["predict", str(run.path), str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_run_that_does_not_tell_what_it_sees(run, tmp_path, capsys):
    copy = shutil.copytree(run.path, tmp_path / "copy")
    (copy / "run.json").write_text(json.dumps(run.info | {"inputs": {"shape": [8, 8, 1]}}))
    assert main(["predict", str(copy), "a.png"]) == 2
    assert "`inputs` must hold shape" in capsys.readouterr().err


def test_another_size_than_the_network_has(run, tmp_path, capsys):
    copy = shutil.copytree(run.path, tmp_path / "copy")
    inputs = run.info["inputs"] | {"shape": [9, 9, 1]}
    (copy / "run.json").write_text(json.dumps(run.info | {"inputs": inputs}))
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    assert main(["predict", str(copy), str(tmp_path / "a.png")]) == 2
    assert "does not fit this network" in capsys.readouterr().err


def saved(folder, pixels, name):
    """A digit of the dataset as a grey image, black to white."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    Image.fromarray(np.round(pixels[..., 0] * (255 / 16)).astype(np.uint8)).save(path)
    return path


def test_many_files_and_folders_in_one_start(run, splits, tmp_path, capsys):
    """Folders in natural order; one bad file does not stop the others."""
    chosen = splits.test.pixels[:4]
    first = saved(tmp_path, chosen[0], "first.png")
    for pixels, name in zip(chosen[1:], ("9.png", "10.png", "11.png"), strict=True):
        saved(tmp_path / "more", pixels, name)
    (tmp_path / "more" / "2.png").write_text("no image")
    (tmp_path / "more" / "notes.txt").write_text("left out")
    (tmp_path / "more" / ".hidden.png").write_text("ignored")
    answers = tmp_path / "answers.csv"
    command = ["predict", str(run.path), str(first), str(tmp_path / "more")]
    assert main([*command, "--csv", str(answers), "--top", "2", "--as-is"]) == 1
    out, err = capsys.readouterr()
    names = ["first.png", "9.png", "10.png", "11.png"]
    assert [Path(line.split()[0]).name for line in out.splitlines()[1:]] == names
    assert all(line.count("%") == 2 for line in out.splitlines()[1:])
    assert "1 other file is left out" in err
    assert "2.png: is not an image" in err
    assert err.splitlines()[-1] == "1 of 5 files could not be read, see above"
    with answers.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [Path(row["file"]).name for row in rows] == names
    expected = predict(Trained.of(run, "best"), chosen)
    for row, shares in zip(rows, expected, strict=True):
        assert row["class"] == splits.classes[shares.argmax()]
        found = [float(row[f"probability_{name}"]) for name in splits.classes]
        np.testing.assert_allclose(found, shares, rtol=1e-4, atol=1e-6)
    assert main([*command, "--csv", str(answers)]) == 1  # our own file may be replaced


def test_no_other_file_is_overwritten(run, tmp_path, capsys):
    image = tmp_path / "a.png"
    Image.new("L", (8, 8)).save(image)
    before = image.read_bytes()
    for option in ("--csv", "--seen"):
        assert main(["predict", str(run.path), str(image), option, str(image)]) == 2
        assert "scratchnet has not written it" in capsys.readouterr().err
    assert image.read_bytes() == before


def test_dark_digits_are_read_and_the_image_seen_is_shown(run, splits, tmp_path, capsys):
    hits, as_is = 0, 0
    for i, pixels in enumerate(splits.test.pixels[:10]):
        label = splits.classes[splits.test.labels[i]]
        large = np.pad(16 - pixels, [(3, 20), (9, 4), (0, 0)], constant_values=16)
        path = saved(tmp_path, large.repeat(6, axis=0).repeat(6, axis=1), f"{i}.png")
        seen = tmp_path / "seen.png"
        assert main(["predict", str(run.path), str(path), "--seen", str(seen)]) == 0
        out, err = capsys.readouterr()
        assert "prepared: inverted; cropped, scaled and centred (" in err
        assert err.count("\n") == 1
        hits += out.split()[0] == label
        assert main(["predict", str(run.path), str(path), "--as-is"]) == 0
        out, err = capsys.readouterr()
        assert "has a lighter border than any training image: do not trust the answer; try " in err
        assert "--invert, or --prepare digits (instead of --as-is)" in err
        as_is += out.split()[0] == label
    assert hits >= 9
    assert as_is <= 5
    with Image.open(seen) as sheet:
        shown = np.asarray(sheet)[4:-4, 4:-4][7::14, 7::14]
    difference = np.abs(shown / 255 - pixels[..., 0] / 16)
    assert difference.mean() < 0.1


def test_a_blank_image_is_not_to_be_trusted(run, tmp_path, capsys):
    Image.new("L", (50, 50), 90).save(tmp_path / "a.png")
    assert main(["predict", str(run.path), str(tmp_path / "a.png")]) == 0
    assert "a.png: is blank or nearly so: do not trust the answer" in capsys.readouterr().err


def test_a_folder_without_images(run, tmp_path, capsys):
    assert main(["predict", str(run.path), str(tmp_path)]) == 2
    assert "holds no images" in capsys.readouterr().err


def classes_of(run, splits, pixels) -> list[str]:
    return [splits.classes[i] for i in predict(Trained.of(run, "best"), pixels).argmax(axis=1)]


@pytest.mark.parametrize("name", ["a.npy", "a.npz", "b.npy"])
def test_arrays_of_images(run, splits, tmp_path, capsys, name):
    """Nothing is changed silently: dark things on light are only warned of."""
    pixels = splits.test.pixels[:6]
    path = tmp_path / name
    if name == "a.npz":
        np.savez(path, x_test=pixels)
    else:
        np.save(path, pixels if name == "a.npy" else 16 - pixels)
    answers = tmp_path / "answers.csv"
    command = ["predict", str(run.path), str(path), "--csv", str(answers)]
    assert main([*command, *(["--invert"] if name == "b.npy" else [])]) == 0
    with answers.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert [row["class"] for row in rows] == classes_of(run, splits, pixels)
    if name == "b.npy":
        capsys.readouterr()
        assert main(command) == 0
        assert "has a lighter border than any training image" in capsys.readouterr().err


def test_a_table_in_kaggles_form_is_answered_in_kaggles_form(run, splits, tmp_path, capsys):
    pixels = splits.test.pixels[:150]
    path, answers = tmp_path / "test.csv", tmp_path / "out.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"pixel{i}" for i in range(64)])
        writer.writerows(pixels.reshape(150, -1).tolist())
    for _ in range(2):  # our own file may be replaced
        assert main(["predict", str(run.path), str(path), "--csv", str(answers)]) == 0
        out, err = capsys.readouterr()
        assert out == f"{answers}: 150 predictions\n"  # and no long table
        assert err == f"{answers}: written as ImageId,Label, as Kaggle wants it\n"
    with answers.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["ImageId", "Label"]
    assert [row["ImageId"] for row in rows] == [str(i) for i in range(1, 151)]
    assert [row["Label"] for row in rows] == classes_of(run, splits, pixels)


def test_a_table_of_another_width(run, tmp_path, capsys):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    assert main(["predict", str(run.path), str(tmp_path / "a.csv")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("names", "message"),
    [(["z.png", "z.png"], "--csv and --seen name the same file"), (["z", "z.jpg"], "ends in .png")],
)
def test_results_that_would_be_lost_are_refused(run, tmp_path, capsys, names, message):
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    table, sheet = (str(tmp_path / name) for name in names)
    command = ["predict", str(run.path), str(tmp_path / "a.png"), "--csv", table, "--seen", sheet]
    assert main(command) == 2
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_equal_doubts_are_one_line_with_a_remedy(run, splits, tmp_path, capsys):
    np.save(tmp_path / "a.npy", 16 - splits.test.pixels[:25])
    command = ["predict", str(run.path), str(tmp_path / "a.npy")]
    assert main(command) == 0
    assert capsys.readouterr().err == (
        "25 images, 1, 2, 3 and 22 more: each has a lighter border than any training image: "
        "do not trust the answers; try --invert\n"
    )
    assert main([*command, "--invert"]) == 0
    assert "border" not in capsys.readouterr().err
