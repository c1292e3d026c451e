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
from dataclasses import replace
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
PERCENT = (1, 3, 10, 30, 100)
IMAGES = {"mnist": 60_000}

Point = tuple[DenseNet | ConvNet, int | None]


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


def dense(name: str, values: list[int], point: Callable[[int], Point], net: DenseNet) -> Curve:
    return Curve(name, f"{net.title}, over {name}", net.dataset, DENSE_CONTENDERS, values, point)


def conv(name: str, values: list[int], point: Callable[[int], Point]) -> Curve:
    return Curve(f"{name}_conv", f"{CONV.title}, over {name}", "cifar10", [OUR_CONV], values, point)


THREADS = list(range(1, machine.cores() + 1))
BATCH_SIZES = [2**k for k in range(5, 12)]

SECTIONS = [
    dense("threads", THREADS, dense_threads, CIFAR10),
    conv("threads", THREADS, conv_threads),
    dense("batch_size", BATCH_SIZES, dense_batch_size, MNIST),
    conv("batch_size", BATCH_SIZES, conv_batch_size),
    dense("width", [2**k for k in range(7, 13)], dense_width, MNIST),
    conv("width", [16, 32, 64, 128], conv_width),
    dense("training_set", list(PERCENT), share, MNIST),
]
LABELS = {
    "threads": "threads, dense",
    "threads_conv": "threads, convolutions",
    "batch_size": "batch size, dense",
    "batch_size_conv": "batch size, convolutions",
    "width": "units in a layer",
    "width_conv": "channels in the first group",
    "training_set": "% of the training set, dense",
}
PROPORTIONAL = ("threads", "threads_conv")  # where the ideal speed grows with x


def draw(results: dict[str, Any], file: Path) -> None:
    """A panel for each curve: images per second, and where the ideal grows with x that (dashed)."""
    from matplotlib.figure import Figure  # here: after the measurements
    from matplotlib.ticker import LogLocator, NullFormatter, StrMethodFormatter

    sections = results["sections"]
    columns = min(len(sections), 4)
    rows = -(-len(sections) // columns)
    figure = Figure(figsize=(3.6 * columns, 3.2 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).flat
    for (name, curve), axes in zip(sections.items(), panels, strict=False):
        x = [point["value"] for point in curve["points"]]
        for i, contender in enumerate(curve["points"][0]["contenders"]):
            y = [
                p["contenders"][i].get("samples_per_second", float("nan")) for p in curve["points"]
            ]
            axes.plot(x, y, marker="o", label=contender["name"])
        if name in PROPORTIONAL:
            ours = curve["points"][0]["contenders"][0]["samples_per_second"]
            axes.plot(x, [ours * value / x[0] for value in x], "k--", linewidth=0.8)
        axes.set(xscale="log", xlabel=LABELS[name], ylabel="images/s")
        if name.startswith("width"):
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
