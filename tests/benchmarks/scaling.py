"""How training grows with threads, batch size, width and the size of the training set.

    python tests/benchmarks/scaling.py --json scaling.json

A dense and a convolutional network, each changed in one respect at a time. Speeds are medians over
the rounds; the dense network has its peers beside it. Besides the tables it draws scaling.png, in
the current folder. An ideal program would show there:

- threads: images per second in proportion to the threads (dashed)
- batch size: as fast with small batches, where a step has little to do, as with large ones
- width: time per image in proportion to the arithmetic, nearly quadratic in the width
- training set: the same speed for 1 % of the images as for all of them

Measured 2026-11-28 on 2 cores of a shared AMD EPYC (Zen 4), compiled, medians of 3 to 7 rounds:

The second thread makes the dense network 1.63 and the convolutional one 1.58 times as fast: an
efficiency of 81 and 79 %, where the goals were 75 and 85 %. Two processes with a thread each do 1.9
to 2.0 times the work of one, so it is not the machine that limits the convolutional one.

From 32 to 2,048 images in a batch, the dense network becomes 2.9 times as fast and the
convolutional one 1.7; most of that is reached at 256. The time per image grows more slowly than the
arithmetic: from 128 to 4,096 units, 224 times the operations take 73 times as long, although the
step from 512 to 1,024 alone takes 3.3 times as long for 3.0 times as many; from 16 to 128 channels,
up to 64 times the operations (the first layer's grow 8 times) take 20 times as long. With 1 % of
the training set, five steps an epoch, the dense network trains at 0.6 of the speed that it has with
all of it; in between, the curves of all three programs are uneven.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import machine
from command import main
from conv_net import ConvNet
from dense import CIFAR10, FUSED, JAX, MNIST, OURS
from dense_net import DenseNet
from harness import Contender
from sections import Curve

CONV = ConvNet("cnn", (32, 64, 128))
OUR_CONV = Contender("scratchnet", "conv_ours", "", "kernels compiled by Numba")
DENSE_CONTENDERS = [OURS, JAX, FUSED]
PERCENT = [1, 3, 10, 30, 100]
IMAGES = {"mnist": 60_000}

Point = tuple[DenseNet | ConvNet, int | None]
MakePoint = Callable[[int], Point]


def dense_batch_size(value: int) -> Point:
    return replace(MNIST, batch_size=value).for_one_second(), None


def conv_batch_size(value: int) -> Point:
    return replace(CONV, batch_size=value, images=max(value, 512)), None


def dense_width(value: int) -> Point:
    return replace(MNIST, hidden_dims=(value, value)).for_one_second(), None


def conv_width(value: int) -> Point:
    return replace(CONV, widths=(value, 2 * value, 4 * value), images=512), None


def dense_threads(value: int) -> Point:
    return CIFAR10.for_one_second(), value


def conv_threads(value: int) -> Point:
    return CONV, value


def share(percent: int) -> Point:
    return replace(MNIST, images=IMAGES[MNIST.dataset] * percent // 100), None


@dataclass(frozen=True)
class Panel(Curve):
    """A curve, and how its panel is drawn."""

    x_label: str
    ideal_grows: bool = False  # in proportion to x: a dashed line
    log_speed: bool = False  # logarithmic, as widths change it over decades


def dense(name: str, x_label: str, values: list[int], point: MakePoint, net: DenseNet) -> Panel:
    title = f"{net.title}, over {name}"
    return Panel(name, title, net.dataset, DENSE_CONTENDERS, values, point, x_label)


def conv(name: str, x_label: str, values: list[int], point: MakePoint) -> Panel:
    title = f"{CONV.title}, over {name}"
    return Panel(f"{name}_conv", title, "cifar10", [OUR_CONV], values, point, x_label)


THREADS = list(range(1, machine.cores() + 1))
BATCH_SIZES = [2**k for k in range(5, 12)]
WIDTHS = [2**k for k in range(7, 13)]
CONV_WIDTHS = [16, 32, 64, 128]

DENSE_THREADS = dense("threads", "threads, dense", THREADS, dense_threads, CIFAR10)
CONV_THREADS = conv("threads", "threads, convolutions", THREADS, conv_threads)
DENSE_WIDTH = dense("width", "units in a layer", WIDTHS, dense_width, MNIST)
CONV_WIDTH = conv("width", "channels in the first group", CONV_WIDTHS, conv_width)

SECTIONS = [
    replace(DENSE_THREADS, ideal_grows=True),
    replace(CONV_THREADS, ideal_grows=True),
    dense("batch_size", "batch size, dense", BATCH_SIZES, dense_batch_size, MNIST),
    conv("batch_size", "batch size, convolutions", BATCH_SIZES, conv_batch_size),
    replace(DENSE_WIDTH, log_speed=True),
    replace(CONV_WIDTH, log_speed=True),
    dense("training_set", "% of the training set, dense", PERCENT, share, MNIST),
]


def draw(results: dict[str, Any], file: Path) -> None:
    """A panel for each curve: images per second, and where the ideal grows with x that (dashed)."""
    from matplotlib.figure import Figure  # here: after the measurements
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    curves = [panel for panel in SECTIONS if panel.name in results["sections"]]
    columns = min(len(curves), 4)
    rows = -(-len(curves) // columns)
    figure = Figure(figsize=(3.6 * columns, 3.2 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).flat
    for curve, axes in zip(curves, panels, strict=False):
        points = results["sections"][curve.name]["points"]
        x = [point["value"] for point in points]
        for i, contender in enumerate(points[0]["contenders"]):
            y = [p["contenders"][i].get("samples_per_second", float("nan")) for p in points]
            axes.plot(x, y, marker="o", label=contender["name"])
        if curve.ideal_grows:
            ours = points[0]["contenders"][0]["samples_per_second"]
            axes.plot(x, [ours * value / x[0] for value in x], "k--", linewidth=0.8)
        axes.set(xscale="log", xlabel=curve.x_label, ylabel="images/s")
        if curve.log_speed:
            axes.set_yscale("log")
            axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        else:
            axes.set_ylim(bottom=0)
        axes.set_xticks(x, labels=[f"{value:,}" for value in x], rotation=45)
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_minor_formatter(NullFormatter())
        axes.legend(fontsize="small")
    for axes in panels:  # those without a curve
        axes.set_axis_off()
    figure.savefig(file, dpi=100)


if __name__ == "__main__":
    draw(main(SECTIONS, [JAX, FUSED], __doc__), Path("scaling.png"))
