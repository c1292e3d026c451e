"""Event files are read back with TensorBoard's own reader."""

import sys
from pathlib import Path

import pytest
from small_runs import train, without_plots

from scratchnet.cli.composition import check
from scratchnet.errors import UserError
from scratchnet.experiment import resume
from scratchnet.experiment.train import require
from scratchnet.reports.tensorboard import TAGS, TensorBoard
from scratchnet.runs.folder import RunFolder
from scratchnet.training.metrics import EpochMetrics

ON = "trainer.tensorboard=true"
MISSING = r"trainer.tensorboard=true: needs packages .*\[tensorboard\]"


@pytest.fixture
def read():
    """A function that reads the scalars in a folder of event files: (step, value) by tag."""
    pytest.importorskip("tensorboardX")
    reader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")

    def scalars(folder: Path) -> dict[str, list[tuple[int, float]]]:
        events = reader.EventAccumulator(str(folder))
        events.Reload()
        tags = events.Tags()["scalars"]
        return {tag: [(one.step, one.value) for one in events.Scalars(tag)] for tag in tags}

    return scalars


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_run_writes_what_tensorboard_reads(conf, tmp_path, monkeypatch, read):
    without_plots(monkeypatch)
    run = RunFolder.open(train(tmp_path / "run", ON))
    resume.run(run.path, ["trainer.epochs=5"])
    written = read(run.events)
    assert sorted(written) == sorted(TAGS.values())
    for name, tag in TAGS.items():
        assert written[tag] == [(row["epoch"], pytest.approx(row[name])) for row in run.metrics]
    assert len(run.metrics) == 5


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_resumed_run_reports_no_epoch_twice(tmp_path, read):
    for first, loss in ((1, 2.0), (2, 1.0)):
        with TensorBoard(tmp_path, {}, first) as board:
            for epoch in range(first, 4):
                metrics = EpochMetrics(epoch, epoch, 0.1, loss, 0.2, loss, 0.5, 2.0, 1e3, 3.0)
                board.on_epoch(metrics, is_best=True)
    assert read(tmp_path)["loss/val"] == [(1, 2.0), (2, 1.0), (3, 1.0)]


def test_a_run_without_it_has_no_event_files(conf, tmp_path, monkeypatch):
    without_plots(monkeypatch)
    assert not RunFolder(train(tmp_path / "run")).events.exists()


def test_a_missing_extra_is_reported_before_anything_is_written(conf, tmp_path, monkeypatch):
    without_plots(monkeypatch)
    run = tmp_path / "run"
    train(run)
    config = run / "config.yaml"
    config.write_text(config.read_text().replace("tensorboard: false", "tensorboard: true"))
    before = {path: path.stat().st_mtime_ns for path in run.rglob("*")}
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(UserError, match=MISSING):
        require(check([ON], conf))
    with pytest.raises(UserError, match=MISSING):
        resume.run(run, ["trainer.epochs=5"])
    with pytest.raises(UserError, match=MISSING):
        TensorBoard(tmp_path / "events", {})
    assert {path: path.stat().st_mtime_ns for path in run.rglob("*")} == before
    assert not (tmp_path / "events").exists()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_settings_are_in_the_hparams_tab(tmp_path):
    pytest.importorskip("tensorboardX")
    reader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

    config = {"seed": 3, "model": {"name": "mlp", "hidden_dims": [256, 128], "dropout": None}}
    with TensorBoard(tmp_path, config | {"trainer": {"live": False}}):
        pass
    events = reader.EventAccumulator(str(tmp_path))
    events.Reload()
    found = {
        tag: HParamsPluginData.FromString(content)
        for tag, content in events.PluginTagToContent("hparams").items()
    }
    values = found["_hparams_/session_start_info"].session_start_info.hparams
    assert values["seed"].number_value == 3
    assert values["model.name"].string_value == "mlp"
    assert values["model.hidden_dims"].string_value == "[256,128]"
    assert values["model.dropout"].string_value == "null"
    assert values["trainer.live"].WhichOneof("kind") == "bool_value"
    metrics = found["_hparams_/experiment"].experiment.metric_infos
    assert [one.name.tag for one in metrics] == list(TAGS.values())
    assert "_hparams_/session_end_info" in found
