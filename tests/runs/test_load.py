"""Run folders become rows; damaged and other folders are skipped with a reason."""

import errno
import json
import math
import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException
from run_folders import CONFIG, make_run

from scratchnet.errors import RunError
from scratchnet.runs import RunFolder, load_runs
from scratchnet.runs.load import read_run, read_runs
from scratchnet.runs.yaml_loader import Loader


def test_a_row_holds_folder_settings_and_results(tmp_path):
    path = make_run(tmp_path / "run", 0.9, epochs=4)
    (row,) = load_runs(path)
    assert row["run"] == str(path)
    assert row["status"] == "completed"
    assert row["optimizer.lr"] == 0.001
    assert row["model.hidden_dims"] == "[256,128]"
    assert row["test_accuracy"] == 0.9
    assert (row["best_epoch"], row["epochs"]) == (4, 4)
    assert row["final_val_accuracy"] < 0.9
    assert row["seconds"] == 2.0


def test_the_engine_is_the_one_that_was_taken(tmp_path):
    run = make_run(tmp_path / "run", trainer__engine="auto")
    assert read_run(run).settings["trainer.engine"] == "numpy"  # run.json once did not say
    info = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps(info | {"engine": "compiled"}))
    assert read_run(run).settings["trainer.engine"] == "compiled"


@pytest.fixture
def dark(monkeypatch):
    """A function that takes all permissions from a folder, as `chmod 000` does for all but root."""

    def dark(folder):
        def refuses(call, of_the_folder):
            def refusing(path, *arguments, **options):
                place = Path(os.fspath(path)).absolute()
                if folder in place.parents or (of_the_folder and folder == place):
                    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
                return call(path, *arguments, **options)

            return refusing

        monkeypatch.setattr(os, "stat", refuses(os.stat, of_the_folder=False))
        for name in ("listdir", "scandir"):
            monkeypatch.setattr(os, name, refuses(getattr(os, name), of_the_folder=True))

    return dark


def test_a_folder_that_may_not_be_read_does_not_hide_the_others(tmp_path, dark):
    runs = [make_run(tmp_path / name) for name in ("a", "b")]
    dark(runs[0])
    found, skipped = read_runs(tmp_path)
    assert [run.path for run in found] == [runs[1]]
    assert [one.path for one in skipped] == [runs[0]]
    assert "cannot be read: Permission denied" in skipped[0].reason
    with pytest.raises(RunError, match=r"a/run\.json: cannot be read: Permission denied"):
        RunFolder.open(runs[0])


def test_the_best_epoch_of_a_run_without_a_summary(tmp_path):
    path = make_run(tmp_path / "run", status="running", trainer__early_stopping__metric="val_loss")
    lines = (path / "metrics.csv").read_text().splitlines()
    header = lines[0].split(",")
    fields = lines[2].split(",")
    fields[header.index("val_loss")] = "0.001"
    lines[2] = ",".join(fields)
    lines[3] = lines[3].replace(lines[3].split(",")[header.index("val_loss")], "nan")
    (path / "metrics.csv").write_text("\n".join(lines) + "\n")
    (row,) = load_runs(path)
    assert (row["best_epoch"], row["val_loss"]) == (2, 0.001)
    assert "test_accuracy" not in row


def test_a_run_from_before_balanced_accuracy_is_read_and_written_on(tmp_path):
    path = make_run(tmp_path / "run", status="running")
    lines = (path / "metrics.csv").read_text().splitlines()
    assert lines[0].endswith(",val_balanced_accuracy")
    older = "".join(line.rpartition(",")[0] + "\n" for line in lines)
    (path / "metrics.csv").write_text(older)
    (row,) = load_runs(path)
    assert row["best_epoch"] == 3
    assert math.isnan(row["val_balanced_accuracy"])
    RunFolder.open(path).truncate_metrics(2)
    assert (path / "metrics.csv").read_text().splitlines() == [
        lines[0],
        *(line.rpartition(",")[0] + ",nan" for line in lines[1:3]),
    ]


def test_runs_are_found_in_order_and_once_each(tmp_path, monkeypatch):
    for number in (0, 2, 10):
        make_run(tmp_path / "outputs" / "day" / "sweep" / str(number))
    make_run(tmp_path / "outputs" / "day" / "alone")
    make_run(tmp_path / "outputs" / ".trash" / "gone")
    monkeypatch.chdir(tmp_path)
    paths = ["outputs/day/s*/1*", "outputs", tmp_path / "outputs" / "day" / "alone"]
    runs, skipped = read_runs(paths)
    assert [run.path.as_posix() for run in runs] == [
        f"outputs/day/{name}" for name in ("sweep/10", "alone", "sweep/0", "sweep/2")
    ]
    assert skipped == []


def test_other_folders_are_skipped_with_a_reason(tmp_path):
    make_run(tmp_path / "good")
    (tmp_path / "foreign" / "a" / "b").mkdir(parents=True)
    (make_run(tmp_path / "torn") / "metrics.csv").write_text("epoch,step\n1,")
    (make_run(tmp_path / "headless") / "run.json").unlink()
    (make_run(tmp_path / "status") / "run.json").write_text(json.dumps({"status": "gone"}))
    (make_run(tmp_path / "yaml") / "config.yaml").write_text("a: !!python/object:os.system b")
    (tmp_path / "job").mkdir()
    (tmp_path / "job" / "job.json").write_text('{"status": "failed", "reason": "no data"}')
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "file").touch()
    paths = [tmp_path, tmp_path / "file", tmp_path / "nowhere", "a**b*", "nul\0*"]
    runs, skipped = read_runs(paths)
    assert [run.path.name for run in runs] == ["good"]
    reasons = {one.path.name: one.reason for one in skipped}
    assert reasons.pop("foreign") == "holds no run folder"
    assert reasons.pop("job") == "the run of this job never started: no data"
    assert reasons.pop("headless") == "is a damaged run folder (it has no run.json)"
    assert reasons.pop("file") == "is not a folder"
    assert reasons.pop("nowhere") == "does not exist"
    assert "its first line must be" in reasons.pop("torn")
    assert "status must be one of" in reasons.pop("status")
    assert "an anchor, an alias or a tag" in reasons.pop("yaml")
    assert set(reasons) == {"a**b*", "nul\0*"}


def test_the_rows_make_a_data_frame(tmp_path):
    pandas = pytest.importorskip("pandas")
    for number in range(3):
        make_run(tmp_path / str(number), seed=number)
    frame = pandas.DataFrame(load_runs(tmp_path))
    assert frame["seed"].tolist() == [0, 1, 2]


SCALARS = """1e-3 1.0e-08 1. .5 1_000 0x1f 0o17 017 12:30:45 1:30.5 2020-01-01 yes No on off
true ~ null Null .inf -.inf 1e5 +1 -1.5E+3 '1e-3' "a" 1e 1.2.3 e5 _1 1_ .e5"""


@pytest.mark.parametrize("text", SCALARS.split())
def test_scalars_are_read_as_omegaconf_does(text):
    document = f"a: {text}\nb: [{text}]\n"
    expected = OmegaConf.to_container(OmegaConf.create(document))
    assert yaml.load(document, Loader=Loader) == expected


@settings(max_examples=50, deadline=None)
@given(st.text("0123456789.eE+-_:xnaif", min_size=1, max_size=8))
def test_any_number_is_read_as_omegaconf_does(text):
    document = f"a: {text}\n"
    try:
        expected = OmegaConf.to_container(OmegaConf.create(document))
    except (yaml.YAMLError, OmegaConfBaseException, ValueError):
        return
    assert repr(yaml.load(document, Loader=Loader)) == repr(expected)


def test_a_whole_config_is_read_as_omegaconf_does():
    document = OmegaConf.to_yaml(OmegaConf.create(CONFIG))
    assert yaml.load(document, Loader=Loader) == CONFIG
