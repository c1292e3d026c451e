"""The network of a run is restored to the bit, with its engine; anything damaged is refused."""

import dataclasses
import json
import re
import tracemalloc

import numpy as np
import pytest
from small_runs import train, without_plots

from scratchnet.cli.commands.evaluate import evaluate_run
from scratchnet.compute import threads
from scratchnet.errors import RunError
from scratchnet.experiment import resume
from scratchnet.experiment.restore import (
    CHECKPOINTS,
    build_network,
    has_data_of,
    read_config,
    recorded_engine,
    restore,
)
from scratchnet.experiment.trained import Trained
from scratchnet.kernels import engine
from scratchnet.kernels.engine import Engine
from scratchnet.nn.models import LeNet
from scratchnet.runs import RunFolder
from scratchnet.system import extras
from scratchnet.training import checkpoint

FALLING = ("optimizer.lr=0.05", "schedule=constant", "trainer.early_stopping.metric=val_loss")


@pytest.fixture(autouse=True)
def _threads_and_engine_stay_as_they_were():
    before = threads.in_use(), engine.in_use()
    yield
    threads.use(before[0])
    engine.use(before[1])


@pytest.fixture(scope="module")
def trained(tmp_path_factory, conf):
    """A run of three epochs on the digits; the second is made the best one."""
    with pytest.MonkeyPatch.context() as patch:
        without_plots(patch)
        folder = train(tmp_path_factory.mktemp("trained") / "run", *FALLING)
    previous = folder / "checkpoints" / "previous" / "last.npz"
    best = folder / "checkpoints" / "best.npz"
    content = previous.read_bytes()
    best.unlink()  # it may share its file with last.npz
    best.write_bytes(content)
    return folder


@pytest.fixture
def run(trained, tmp_path):
    """A copy of it, which a test may damage."""
    copy = tmp_path / "run"
    for path in trained.rglob("*"):
        target = copy / path.relative_to(trained)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    return RunFolder.open(copy)


def change_info(run: RunFolder, **values: object) -> None:
    path = run.path / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def build(run: RunFolder, seed: int = 99):
    """A network of the run's architecture with other weights."""
    return read_config(run).model.build((8, 8, 1), classes=10, seed=seed)


def perceptron(parameters: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Logits of 64 -> 16 -> ReLU -> 10 from the flat parameters, in double precision."""
    parameters = parameters.astype(np.float64)
    w1, w2, b1, b2 = np.split(parameters, np.cumsum([64 * 16, 16 * 10, 16]))  # weights first
    hidden = np.maximum(x.reshape(len(x), 64) @ w1.reshape(64, 16) + b1, 0)
    return hidden @ w2.reshape(16, 10) + b2


@pytest.mark.parametrize(("which", "epoch"), [("best", 2), ("last", 3)])
def test_the_weights_are_those_of_the_file_to_the_bit(run, which, epoch):
    network = build(run)
    assert which in CHECKPOINTS
    assert restore(run, network, which) == epoch
    with np.load(run.checkpoints / f"{which}.npz") as arrays:  # NumPy's reader, not ours
        np.testing.assert_array_equal(network.parameters.values, arrays["parameters"])


def test_best_and_last_are_different_weights(run):
    first, second = build(run), build(run)
    restore(run, first, "best")
    restore(run, second, "last")
    assert not np.array_equal(first.parameters.values, second.parameters.values)


def test_the_restored_network_predicts_as_the_equations_do(run):
    network = build(run)
    restore(run, network)
    x = np.random.default_rng(0).normal(size=(50, 8, 8, 1)).astype(np.float32)
    with np.load(run.best_checkpoint) as arrays:
        expected = perceptron(arrays["parameters"], x.astype(np.float64))
    np.testing.assert_allclose(network.forward(x), expected, rtol=1e-4, atol=1e-5)


def test_the_engine_of_the_run_is_in_use(run):
    pytest.importorskip("numba")
    change_info(run, engine="compiled")
    restore(run, build(run))
    assert engine.in_use() is Engine.compiled


def test_numpy_takes_the_place_of_an_engine_that_is_not_installed(run, monkeypatch):
    monkeypatch.setattr(extras, "is_installed", lambda module: False)
    change_info(run, engine="compiled")
    restore(run, build(run))
    assert engine.in_use() is Engine.numpy


def test_a_network_of_another_architecture_is_refused(run):
    config = read_config(run)
    other = dataclasses.replace(config.model, hidden_dims=[17]).build((8, 8, 1), 10, seed=0)
    with pytest.raises(RunError, match=r"best\.npz: the checkpoint does not fit this network"):
        restore(run, other)


@pytest.mark.parametrize("epoch", ["2", None, 2.0])
def test_a_checkpoint_without_an_epoch_is_refused(run, epoch):
    state, meta = checkpoint.load(run.last_checkpoint)
    checkpoint.save(run.last_checkpoint, state, meta | {"epoch": epoch})
    with pytest.raises(RunError, match=r"last\.npz: the checkpoint does not say which epoch"):
        restore(run, build(run), "last")


def test_a_damaged_checkpoint_is_refused_and_the_network_is_unchanged(run):
    content = bytearray(run.best_checkpoint.read_bytes())
    content[len(content) // 2] ^= 1
    run.best_checkpoint.write_bytes(content)
    network = build(run)
    before = network.parameters.values.copy()
    with pytest.raises(RunError, match=r"best\.npz: the checkpoint is damaged"):
        restore(run, network)
    np.testing.assert_array_equal(network.parameters.values, before)


def test_the_config_is_read_with_its_types(run):
    config = read_config(run)
    assert config.model.hidden_dims == [16]
    assert config.optimizer.lr == 0.05
    assert config.trainer.early_stopping.metric.value == "val_loss"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("lr: 0.05", "lr: -1", r"optimizer\.lr"),
        ("name: mlp", "name: mpl", "mlp"),
        ("seed: 0", "sed: 0", "seed"),
    ],
)
def test_an_invalid_config_is_refused_by_the_name_of_its_file(run, old, new, problem):
    path = run.path / "config.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(RunError, match=rf"config\.yaml: .*{problem}") as error:
        read_config(run)
    assert str(error.value).isprintable()


def test_other_data_is_recognised(run):
    config = read_config(run)
    splits = config.dataset.load(config.seed)
    assert has_data_of(run, splits)
    assert not has_data_of(run, dataclasses.replace(splits, fingerprint="0" * 64))
    for data in (None, [], "x", {}, {"fingerprint": None}):
        change_info(run, data=data)
        assert not has_data_of(run, splits)


@pytest.mark.parametrize("name", ["numpy", "compiled"])
def test_the_recorded_engine_is_read(run, name):
    change_info(run, engine=name)
    assert recorded_engine(run) is Engine[name]


def test_a_run_from_before_there_were_two_engines_has_used_numpy(run):
    info = json.loads((run.path / "run.json").read_text())
    del info["engine"]
    (run.path / "run.json").write_text(json.dumps(info))
    assert recorded_engine(run) is Engine.numpy


@pytest.mark.parametrize("name", [None, [], 2, "", "auto", "abacus", {"numpy": 1}])
def test_an_unknown_engine_is_refused(run, name):
    change_info(run, engine=name)
    with pytest.raises(RunError, match=r"run\.json: `engine` must be numpy or compiled"):
        recorded_engine(run)


def test_a_network_too_large_for_its_checkpoint_is_refused_before_it_takes_memory(run):
    """16 GiB, from a config.yaml of 1 KB that anyone may have written."""
    text = (run.path / "config.yaml").read_text()
    changed = re.sub(r"hidden_dims:\n\s*- 16\n", "hidden_dims: [65536, 65536]\n", text)
    assert changed != text
    (run.path / "config.yaml").write_text(changed)
    message = r"best\.npz: does not fit the model of config.yaml, whose 4,299,"
    tracemalloc.start()
    try:
        with pytest.raises(RunError, match=message):
            evaluate_run(run, "best")
        with pytest.raises(RunError, match=message):
            Trained.of(run, "best")
        (run.path / "run.json").write_text(
            (run.path / "run.json").read_text().replace("completed", "interrupted")
        )
        with pytest.raises(RunError, match=message.replace("best", "last")):
            resume.run(run.path, [])
        assert tracemalloc.get_traced_memory()[1] < 1 << 28
    finally:
        tracemalloc.stop()


def test_a_network_that_does_not_fit_the_images_is_refused(run):
    config = dataclasses.replace(read_config(run), model=LeNet())
    with pytest.raises(RunError, match="model=lenet does not fit: images of 2x2 pixels are too"):
        build_network(run, config, (2, 2, 1), 10)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite_are_refused(run, value):
    path = run.best_checkpoint
    state, meta = checkpoint.load(path)
    state["parameters"][7] = value
    checkpoint.save(path, state, meta)
    with pytest.raises(RunError, match="its parameters hold numbers that are not finite"):
        Trained.of(run, "best")


def test_whole_numbers_are_no_weights(run):
    path = run.best_checkpoint
    state, meta = checkpoint.load(path)
    checkpoint.save(path, {name: array.astype(np.int32) for name, array in state.items()}, meta)
    with pytest.raises(RunError, match="does not fit this network: parameters differs"):
        Trained.of(run, "best")
