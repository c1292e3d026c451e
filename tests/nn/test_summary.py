"""The summary against numbers worked out by hand."""

from scratchnet.nn.models import CNN, MLP, AirNet, ResNet
from scratchnet.nn.summary import Summary


def summary_of(model, shape):
    return Summary(model.build(shape, 10, seed=0))


def test_an_mlp():
    summary = summary_of(MLP(hidden_dims=[5]), (2, 2, 1))
    rows = [(row.name, row.out_shape, row.parameters, row.flops) for row in summary.rows]
    assert rows == [
        ("0.Flatten", (4,), 0, 0),
        ("1.Linear", (5,), 4 * 5 + 5, 2 * 4 * 5),
        ("2.ReLU", (5,), 0, 0),
        ("3.Linear", (10,), 5 * 10 + 10, 2 * 5 * 10),
    ]
    assert summary.activations == 5 + 5 + 10  # Flatten shows the same numbers
    assert summary.headline() == "85 parameters, 0.000 MFLOP per sample"
    assert summary.table() == (
        "layer      output     parameters  FLOP per sample\n"
        "input      2 x 2 x 1\n"
        "0.Flatten  4\n"
        "1.Linear   5                  25               40\n"
        "2.ReLU     5\n"
        "3.Linear   10                 60              100\n"
        "total                         85              140\n"
    )


def test_a_convolutional_net():
    summary = summary_of(CNN(widths=[4]), (8, 6, 3))
    first, second, output = [row for row in summary.rows if row.flops]
    assert (first.out_shape, first.parameters) == ((8, 6, 4), 9 * 3 * 4)
    assert first.flops == 2 * 8 * 6 * 9 * 3 * 4
    assert second.flops == 2 * 8 * 6 * 9 * 4 * 4
    assert output.flops == 2 * (4 * 3 * 4) * 10
    assert summary.flops == first.flops + second.flops + output.flops
    stage = 2 * 2 * 8 * 6 * 4  # two convolutions, each with one layer of norm and ReLU
    assert summary.activations == stage + 4 * 3 * 4 + 10


def test_layers_within_a_residual_block_are_indented_below_it():
    summary = summary_of(ResNet(widths=[2, 4], blocks_per_stage=1), (8, 8, 1))
    lines = summary.table().splitlines()
    (block,) = [i for i, line in enumerate(lines) if ".Residual  " in line and "4 x 4" in line]
    assert lines[block].startswith("10.Residual")
    assert lines[block + 1].startswith("  11.Conv2d")
    assert "4 x 4 x 4" in lines[block + 1]
    assert (
        sum(row.depth for row in summary.rows) == 5 + 7 + 3
    )  # two in the second shortcut; a ReLU in each norm


def test_the_total_is_that_of_the_network_and_filters_that_are_fixed_cost_too():
    network = AirNet().build((32, 32, 3), 10, seed=0)
    summary = Summary(network)
    assert summary.parameters == network.parameters.size
    stem = summary.rows[0]
    assert (stem.parameters, stem.flops) == (24, 2 * 31 * 31 * 12 * 24)
