"""`gradcheck` prints a row per array, and its exit code says whether all is right."""

import pytest

from scratchnet.__main__ import main
from scratchnet.nn.linear import Linear
from scratchnet.nn.loss import WeightedCrossEntropy

SMALL = ["model.hidden_dims=[5]", "model.norm=batch", "--samples", "60"]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path, monkeypatch, conf):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("mode", ["train", "evaluate"])
def test_a_row_for_each_array_and_a_summary(capsys, tmp_path, mode):
    assert main(["gradcheck", *SMALL, "--mode", mode]) == 0
    _, *rows, summary = capsys.readouterr().out.splitlines()
    names = ["1.Linear.weight", "1.Linear.bias", "2.BatchNorm.scale", "2.BatchNorm.shift"]
    names += ["4.Linear.weight", "4.Linear.bias", "input"]
    assert [row.split()[0] for row in rows] == names
    assert all(row.split()[-1] == "right" for row in rows)
    assert summary.startswith("all 47 agree, the largest relative error is ")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_gradient_is_named_and_exit_1(capsys, monkeypatch):
    right = Linear.backward

    def wrong(self, dy):
        dx = right(self, dy)
        self.grad_bias *= 2
        return dx

    monkeypatch.setattr(Linear, "backward", wrong)
    assert main(["gradcheck", "model.hidden_dims=[5]"]) == 1
    output = capsys.readouterr()
    assert output.err == "wrong gradients: 1.Linear.bias, 3.Linear.bias\n"
    assert output.out.count("WRONG") == 2


def test_the_loss_has_the_class_weights_of_the_config(monkeypatch):
    balanced = ["trainer.class_weights=balanced", *SMALL]
    assert main(["gradcheck", *balanced]) == 0
    right = WeightedCrossEntropy.__call__

    def wrong(self, logits, labels):
        value, dlogits = right(self, logits, labels)
        return value, 2 * dlogits

    monkeypatch.setattr(WeightedCrossEntropy, "__call__", wrong)
    assert main(["gradcheck", *balanced]) == 1
    assert main(["gradcheck", *SMALL]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--samples", "0"], "--samples 0: must be >= 1"),
        (["--mode", "test"], "argument --mode: invalid choice: 'test'"),
        (["model=mlpp"], "model=mlpp: must be one of"),
    ],
)
def test_a_mistake_is_one_line(capsys, arguments, message):
    assert main(["gradcheck", *arguments]) == 2
    output = capsys.readouterr()
    assert message in output.err
    assert output.err.count("\n") == 1
