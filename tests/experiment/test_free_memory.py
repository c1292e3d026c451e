"""A batch that will not fit into memory is announced before training."""

import pytest
from small_runs import train, without_plots

from scratchnet.system import memory


@pytest.mark.parametrize(("free", "warns"), [(10**4, True), (10**12, False), (None, False)])
def test_a_batch_larger_than_the_free_memory_is_one_warning(
    tmp_path, conf, monkeypatch, capsys, free, warns
):
    without_plots(monkeypatch)
    monkeypatch.setattr(memory, "available", lambda: free)
    train(tmp_path / "run")
    assert ("choose a smaller trainer.batch_size" in capsys.readouterr().err) == warns
