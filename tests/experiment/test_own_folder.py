"""A whole run on a folder of images: what it records, resumes, evaluates and predicts."""

import json
import shutil

import numpy as np
import pytest
from PIL import Image
from small_runs import SMALL_OWN, train, without_plots

from scratchnet.__main__ import main
from scratchnet.cli.commands.evaluate import evaluate_run
from scratchnet.cli.commands.image import Reader
from scratchnet.data.own.folder import Folder
from scratchnet.errors import RunError, SettingError
from scratchnet.experiment import resume
from scratchnet.runs import RunFolder
from scratchnet.runs.inputs import Inputs
from scratchnet.training import checkpoint

SETTINGS = (
    *("dataset.size=[8,8]", "dataset.augment=true", "schedule=constant"),
    *("optimizer.lr=0.01", "trainer.batch_size=16"),
)
CLASSES = ["2 [x=y]", "10 dark", "ä light"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with a cache of its own."""
    place = tmp_path_factory.mktemp("own")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCRATCHNET_DATA", str(place / "cache"))
        without_plots(patch)
        yield place


@pytest.fixture(scope="module")
def shades(place):
    """Noisy images, 12 x 10 pixels, of three shades."""
    rng = np.random.default_rng(0)
    for shade, name in zip((125, 60, 190), CLASSES, strict=True):
        (place / "shades" / name).mkdir(parents=True)
        for i in range(30):
            pixels = rng.integers(shade - 40, shade + 40, (12, 10, 3)).astype(np.uint8)
            Image.fromarray(pixels).save(place / "shades" / name / f"{i}.png")
    return place / "shades"


@pytest.fixture(scope="module")
def run(shades, place, conf):
    """A run on these images."""
    return train_on(shades, place / "run", *SETTINGS)


def train_on(folder, target, *overrides):
    train(target, "dataset=folder", f"dataset.path='{folder}'", *overrides, small=SMALL_OWN)
    return RunFolder.open(target)


def test_it_learns_and_records_the_data(run, shades):
    log = run.log.read_text(encoding="utf-8")
    assert "3 classes: 2 [x=y], 10 dark, ä light" in log
    assert "8 x 8 pixels in colour" in log
    assert run.summary["test_accuracy"] == 1
    inputs = run.info["inputs"]
    assert (inputs["classes"], inputs["shape"]) == (CLASSES, [8, 8, 3])
    assert (inputs["fit"], inputs["background"]) == ("crop", "white")
    splits = Folder(path=str(shades), size=[8, 8]).load(0)
    assert inputs["mean"] == [float(value) for value in splits.mean]
    assert run.info["data"]["fingerprint"] == splits.fingerprint
    assert run.info["data"]["images"] == {"train": 66, "val": 6, "test": 18}
    found = json.loads((run.path / "data.json").read_text(encoding="utf-8"))
    assert found["classes"]["ä light"] == {"train": 22, "val": 2, "test": 6}
    _, meta = checkpoint.load(run.best_checkpoint)
    assert meta["classes"] == CLASSES


def test_a_resumed_run_ends_with_the_same_bits(run, shades, tmp_path):
    short = train_on(shades, tmp_path / "short", *SETTINGS, "trainer.epochs=1")
    resume.run(short.path, ["trainer.epochs=3"])
    for name in ("last.npz", "best.npz"):
        first, second = (one.checkpoints / name for one in (short, run))
        assert first.read_bytes() == second.read_bytes()


def test_evaluate_finds_the_same_numbers(run):
    numbers = evaluate_run(run, "best").numbers
    assert {name: run.summary[name] for name in numbers} == numbers


def test_data_that_have_grown_are_evaluated_as_the_network_knows_them(
    shades, place, tmp_path, conf, caplog
):
    own = tmp_path / "own"
    shutil.copytree(shades, own)
    run = train_on(own, tmp_path / "run", *SETTINGS, "dataset.size=null")
    (own / "1 new").mkdir()
    for i in range(300):  # most images are of another size now, and grey
        Image.new("L", (9, 9), i % 256).save(own / ["1 new", CLASSES[1]][i % 2] / f"new{i}.png")
    numbers = evaluate_run(run, "best").numbers
    assert "the data is not what the run was trained on" in caplog.text
    assert [*numbers["test_class_accuracies"]] == CLASSES
    shutil.rmtree(own / "1 new")
    for file in own.rglob("new*.png"):
        file.unlink()
    assert evaluate_run(run, "best").numbers["test_loss"] == run.summary["test_loss"]


def test_a_file_is_predicted_from_the_pixels_it_was_trained_on(run, shades):
    splits = Folder(path=str(shades), size=[8, 8]).load(0)
    known = {image.tobytes() for image in splits.test.take(np.arange(len(splits.test)))}
    inputs = Inputs.from_plain(run.info["inputs"])
    files = sorted(shades.rglob("*.png"))
    assert sum(Reader(inputs).read(file).pixels.tobytes() in known for file in files) == len(
        splits.test
    )


def test_predict_needs_only_the_run_folder(run, shades, monkeypatch, capsys):
    monkeypatch.setattr(Folder, "load", None)
    for name in CLASSES:
        assert main(["predict", str(run.path), str(shades / name / "0.png")]) == 0
        assert capsys.readouterr().out.startswith(name)


def test_other_data_are_refused_by_resume(run, shades, tmp_path):
    again, moved = tmp_path / "run", tmp_path / "moved"
    shutil.copytree(run.path, again)
    config = again / "config.yaml"
    config.write_text(config.read_text().replace(str(shades), str(moved)))
    with pytest.raises(SettingError, match=r"dataset.path=.*does not exist"):
        resume.run(again, ["trainer.epochs=4"])
    shutil.copytree(shades, moved)
    Image.new("RGB", (10, 12)).save(moved / CLASSES[0] / "0.png")
    with pytest.raises(RunError, match="different data than dataset=folder has now"):
        resume.run(again, ["trainer.epochs=4"])
    shutil.copy(shades / CLASSES[0] / "0.png", moved / CLASSES[0] / "0.png")
    resume.run(again, ["trainer.epochs=4"])


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["model=lenet", "dataset.size=[2,2]"], "model=lenet does not fit dataset=folder"),
        (
            ["dataset.augment=true", "dataset.augmentation.crop=12"],
            r"dataset.augmentation.crop=12: must be <= 9 \(pixels\) for the 12 x 10 images",
        ),
        (["trainer.freezing.layers=[9.Conv2d]"], "trainer.freezing.layers=9.Conv2d: no layer"),
        (["schedule.warmup_epochs=3"], "schedule.warmup_epochs=3: must be < trainer.epochs=3"),
    ],
)
def test_settings_that_do_not_fit_the_images_leave_nothing_behind(
    shades, tmp_path, conf, overrides, message
):
    with pytest.raises(SettingError, match=message):
        train(
            tmp_path / "run",
            *("dataset=folder", f"dataset.path='{shades}'", *overrides),
            small=("trainer.epochs=3",),
        )
    assert not (tmp_path / "run").exists()
