"""The report of a run: its numbers are those of NumPy, and it harms neither run nor reader."""

import csv
import json
import math
import shutil
import time

import numpy as np
import pytest
from insight.conftest import HOSTILE
from sklearn.metrics import confusion_matrix
from small_runs import train, without_plots

from scratchnet.__main__ import main
from scratchnet.cli.commands.report import subject_of
from scratchnet.data import Digits
from scratchnet.insight import report
from scratchnet.insight.payload import payload
from scratchnet.runs.folder import RunFolder
from scratchnet.training.trainer import Diverged


@pytest.fixture(scope="module")
def values(folder):
    return payload(folder, subject_of(folder))


@pytest.fixture
def copy(folder, tmp_path) -> RunFolder:
    """The run, to be damaged."""
    return RunFolder(shutil.copytree(folder.path, tmp_path / "copy"))


@pytest.fixture(scope="module")
def table(folder):
    with (folder.path / "predictions.csv").open(newline="") as file:
        return [*csv.DictReader(file)]


def test_accuracies_have_the_interval_of_wilson(folder, values):
    val, test = values["head"]["figures"]
    assert (val["share"], val["images"]) == (folder.summary["val_accuracy"], 900)
    assert (test["share"], test["images"]) == (folder.summary["test_accuracy"], 360)
    assert test["point"] == 1 / 360
    z, p, n = 1.959963984540054, test["share"], 360
    for end in test["interval"]:  # the ends solve (p - x)^2 = z^2 x (1 - x) / n
        assert (p - end) ** 2 == pytest.approx(z * z * end * (1 - end) / n)


def test_the_command_repeats_the_run(folder, values):
    assert values["head"]["command"].startswith("python run.py trainer.insight=true ")
    assert values["head"]["resume"] is None
    assert values["head"]["note"] == HOSTILE


def test_every_point_of_metrics_csv_is_there(folder, values):
    columns = values["curves"]["columns"]
    with (folder.path / "metrics.csv").open(newline="") as file:
        rows = [*csv.DictReader(file)]
    for name in set(columns) - {"elapsed"}:
        expected = [float(row[name]) for row in rows]
        assert columns[name] == pytest.approx(expected, rel=1e-5)
    seconds = np.cumsum([float(row["seconds"]) for row in rows])
    assert columns["elapsed"] == pytest.approx(seconds, rel=1e-5)
    assert values["curves"]["best"] == folder.summary["best_epoch"]


def test_mistakes_are_those_of_predictions_csv(values, table):
    test = values["test"]
    labels, said = ([row[name] for row in table] for name in ("label", "prediction"))
    np.testing.assert_array_equal(test["mistakes"]["counts"], confusion_matrix(labels, said))
    assert test["wrong"] == sum(a != b for a, b in zip(labels, said, strict=True))
    assert test["images"] == len(table) == 360
    for entry in test["gallery"]["entries"]:
        row = table[int(entry["image"])]
        assert str(entry["label"]) == row["label"]
        assert entry["probability"] == float(row["prediction_probability"])


def test_data_and_network_are_counted(folder, values):
    splits = Digits(validation_size=900).load(seed=0)
    for name, part in (("train", splits.train), ("val", splits.val), ("test", splits.test)):
        assert values["data"]["counts"][name] == np.bincount(part.labels).tolist()
    network = values["network"]
    assert network["parameters"] == 64 * 16 + 16 + 16 * 10 + 10 == folder.summary["parameters"]
    assert network["flops"] == 2 * (64 * 16 + 16 * 10)
    assert [row["memory"] for row in network["rows"]] == [0, 64, 64, 40]
    assert network["memory"] == sum(row["memory"] for row in network["rows"])


def test_the_command_writes_what_the_run_wrote(copy, capsys):
    def data_of(path):
        text = path.read_text().partition('id="data">')[2].partition("</script>")[0]
        found = json.loads(text)
        return {name: value for name, value in found.items() if name not in ("made", "head")}

    path = copy.path / "report.html"
    before = data_of(path)
    path.unlink()
    assert main(["report", str(copy.path)]) == 0
    assert capsys.readouterr().out == f"{path}\n"
    after = data_of(path)
    for name in ("curves", "test", "network", "filters", "layers", "data", "choices"):
        assert after[name] == before[name], name


def test_a_run_at_work_has_a_report_without_test_images(copy):
    for name in ("summary.json", "predictions.csv"):
        (copy.path / name).unlink()
    info = json.loads((copy.path / "run.json").read_text())
    (copy.path / "run.json").write_text(json.dumps(info | {"status": "running"}))
    with RunFolder.locked(copy.path):
        values = payload(copy, subject_of(copy))
        assert values["head"]["status"] == "running"
    assert values["test"] is None
    assert values["head"]["figures"][0]["name"] == "val_accuracy"
    values = payload(copy, subject_of(copy))  # its process is gone
    assert values["head"]["status"] == "interrupted"
    assert values["head"]["resume"].startswith("python run.py resume=")


def test_predictions_of_other_images_are_refused(copy, capsys):
    path = copy.path / "predictions.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:-1]) + "\n")
    assert main(["report", str(copy.path)]) == 2
    assert f"{path}: is about other images than the test split" in capsys.readouterr().err


def test_data_that_have_changed_give_a_report_without_images(copy, capsys):
    info = json.loads((copy.path / "run.json").read_text())
    info["data"]["fingerprint"] = "other"
    (copy.path / "run.json").write_text(json.dumps(info))
    values = payload(copy, subject_of(copy))
    assert "not what the run was trained on" in values["missing"]
    assert values["test"]["gallery"]["sheet"] is None
    assert values["test"]["wrong"] > 0


def test_a_report_that_fails_does_not_fail_the_run(conf, tmp_path, monkeypatch, caplog):
    def fail(*_):
        raise OSError("no space")

    without_plots(monkeypatch)
    monkeypatch.setattr(report, "payload", fail)
    folder = RunFolder(train(tmp_path / "run", "trainer.insight=true"))
    assert folder.info["status"] == "completed"
    assert "report.html could not be written: no space" in caplog.text
    assert not (folder.path / "report.html").exists()


def test_a_run_that_diverged_says_why(conf, tmp_path, monkeypatch):
    without_plots(monkeypatch)
    with pytest.raises(Diverged):
        train(tmp_path / "run", "trainer.insight=true", "optimizer=sgd", "optimizer.lr=1e30")
    page = (tmp_path / "run" / "report.html").read_text()
    assert '"status":"diverged","reason":"training diverged in epoch 1' in page


def test_insight_false_collects_and_writes_nothing(conf, tmp_path, monkeypatch):
    without_plots(monkeypatch)
    path = train(tmp_path / "run", "trainer.insight=false")
    assert {"report.html", "layers.jsonl"}.isdisjoint(one.name for one in path.iterdir())
    assert (path / "predictions.csv").exists()


def test_it_is_small_and_quick(copy):
    subject = subject_of(copy)
    start = time.process_time()
    report.write(copy, subject)
    assert time.process_time() - start < 2
    assert (copy.path / "report.html").stat().st_size < 300_000
    assert math.isfinite(payload(copy, subject)["test"]["calibration"]["error"])
