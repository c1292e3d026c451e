"""A run does not grow with its epochs."""

import tracemalloc

from small_runs import train, without_plots

from scratchnet.runs.recorder import Recorder

# with one thread all memory is in use after 100 steps, in epoch 3
LONG = (
    "trainer.epochs=50",
    "model.hidden_dims=[256,256]",
    "trainer.batch_size=16",
    "trainer.threads=1",
)


def test_memory_after_epoch_50_is_within_1_percent_of_epoch_5(tmp_path, conf, monkeypatch):
    without_plots(monkeypatch)
    memory = {}
    on_epoch = Recorder.on_epoch

    def watched(recorder, metrics, is_best):
        on_epoch(recorder, metrics, is_best)
        memory[metrics.epoch] = tracemalloc.get_traced_memory()[0]

    monkeypatch.setattr(Recorder, "on_epoch", watched)
    tracemalloc.start()
    try:
        train(tmp_path / "run", *LONG)
    finally:
        tracemalloc.stop()
    assert memory[50] < 1.01 * memory[5]
