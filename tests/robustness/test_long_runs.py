"""The memory of a run does not grow with its epochs, and saving takes little of its time."""

import gc
import time
import tracemalloc
from pathlib import Path

import pytest
from dataset_files import random_cifar10, write_cifar10
from small_runs import train, without_plots

from scratchnet.runs.recorder import Recorder

# with one thread, all memory is in use after 100 steps, in epoch 3
LONG = (
    "trainer.epochs=50",
    "model.hidden_dims=[256,256]",
    "trainer.batch_size=16",
    "trainer.threads=1",
)
STATUS = Path("/proc/self/status")


class Watch:
    """Measures memory at the end of some epochs, and the time that saving takes in all of them."""

    def __init__(self, monkeypatch, memory, *epochs: int):
        self.memory: dict[int, int] = {}  # by epoch
        self.saving = 0.0  # seconds
        on_epoch = Recorder.on_epoch

        def watched(recorder, metrics, is_best):
            start = time.perf_counter()
            on_epoch(recorder, metrics, is_best)
            self.saving += time.perf_counter() - start
            if metrics.epoch in epochs:
                self.memory[metrics.epoch] = memory()

        monkeypatch.setattr(Recorder, "on_epoch", watched)
        without_plots(monkeypatch)


def test_memory_after_epoch_50_is_within_1_percent_of_epoch_5(tmp_path, conf, monkeypatch):
    def in_use() -> int:
        gc.collect()  # what waits to be collected is not in use; how much waits is chance
        return tracemalloc.get_traced_memory()[0]

    watch = Watch(monkeypatch, in_use, 5, 50)
    tracemalloc.start()
    try:
        train(tmp_path / "run", *LONG)
    finally:
        tracemalloc.stop()
    assert watch.memory[50] < 1.01 * watch.memory[5]


@pytest.fixture(scope="module")
def cifar10(tmp_path_factory) -> str:
    """Random data of the size of CIFAR-10, as an override."""
    root = tmp_path_factory.mktemp("data")
    write_cifar10(root, random_cifar10(records=10_000))
    return f"dataset.root={root}"


def resident() -> int:
    """Bytes of main memory that this process occupies, libraries included."""
    (line,) = (line for line in STATUS.read_text().splitlines() if line.startswith("VmRSS"))
    return 1024 * int(line.split()[1])


@pytest.mark.exhaustive
@pytest.mark.skipif(not STATUS.exists(), reason="only Linux has /proc/self/status")
@pytest.mark.parametrize(("hidden", "epochs"), [("[32]", 50), ("[1024,512]", 4)])
def test_on_data_of_the_size_of_cifar_10(tmp_path, conf, monkeypatch, cifar10, hidden, epochs):
    early = min(5, epochs - 1)
    watch = Watch(monkeypatch, resident, early, epochs)
    settings = ["dataset=cifar10", "dataset.validation_size=5000", cifar10]
    start = time.perf_counter()
    train(tmp_path / "run", *settings, f"model.hidden_dims={hidden}", f"trainer.epochs={epochs}")
    seconds = time.perf_counter() - start
    growth = watch.memory[epochs] / watch.memory[early] - 1
    share = watch.saving / seconds
    print(f"{hidden}: memory {growth:+.2%}, saving {share:.2%} of {seconds:.0f} s")
    assert growth < 0.01
    assert share < 0.05
