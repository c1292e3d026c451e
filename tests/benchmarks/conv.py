"""How fast convolutional networks train: scratchnet against PyTorch and JAX.

    python tests/benchmarks/conv.py --json conv.json

All train the same networks, from the same start values, on the same images of CIFAR-10 or MNIST:
cross-entropy, clipping by the global norm, AdamW, in float32, without augmentation. The peers take
their networks from ours, layer by layer, and keep the normalised images in memory; scratchnet
runs its own trainer with its own loader from uint8. A peer that is not installed is skipped and
named: `pip install -e .[bench]` installs them all.

A round is a few batches. Speeds are medians over the rounds, "spread" is fastest minus slowest over
the median, and ratios are taken round by round. The loss, of the last round, shows that all compute
the same. Real data is taken from SCRATCHNET_DATA, else random data of the same format is made.

Measured 2026-11-28 on 2 cores of a shared AMD EPYC (Zen 4), NumPy 2.4.6, Numba 0.68, against
PyTorch eager, medians of 3 or 5 rounds: cnn_32 1.61x (goal 2), cnn_64 1.99x (2.2), airnet 1.86x
(2), inference 2.57x (1.8), resnet 1.00x and lenet 1.41x (1.3). Our rounds spread by 4 to 33 %, as
the machine was shared. Tiles need 36 numbers for 16 pixels, so few channels have few products for
each number that is transformed: cnn_32 gains less than cnn_64, and resnet begins with 16 channels.
"""

from dataclasses import replace

from command import main
from conv_net import ConvNet
from harness import Contender
from sections import Comparison, LayerSpeeds, PhaseTimes, TrainingMemory

OURS = Contender("scratchnet", "conv_ours", "", "kernels compiled by Numba")
NUMPY = Contender("scratchnet-numpy", "conv_ours", "numpy", "NumPy alone")
EAGER = Contender("torch", "conv_torch", "eager", "channels_last, AdamW in one kernel")
COMPILED = Contender(
    "torch-compile", "conv_torch", "compile", "the same, network compiled", slow_start=True
)
JAX = Contender("jax", "conv_jax", "", "the whole step compiled (jit)")
PEERS = [EAGER, COMPILED, JAX]
TRAINING = [OURS, NUMPY, *PEERS]
INFERENCE = [replace(contender, kind="Inference") for contender in TRAINING]
PHASES = Contender("phases", "conv_ours", "phases")
LAYERS = Contender("layers", "conv_ours", "layers")

SMALL = ConvNet("cnn", (32, 64, 128))
LARGE = ConvNet("cnn", (64, 128, 256))
AIRNET = ConvNet("airnet", (64, 256, 256), batch_size=1024, images=2048)
RESNET = ConvNet("resnet", (16, 32, 64))
LENET = ConvNet("lenet", (32, 64), images=4096, dataset="mnist")
NETS = {"cnn_32": SMALL, "cnn_64": LARGE, "airnet": AIRNET, "resnet": RESNET, "lenet": LENET}


def goals(ratio: float) -> dict[str, float]:
    """The same ratio to both variants of PyTorch: it counts against the faster one."""
    return {EAGER.name: ratio, COMPILED.name: ratio}


SECTIONS = [
    Comparison("cnn_32", SMALL, TRAINING, goals(2.0)),
    Comparison("cnn_64", LARGE, TRAINING, goals(2.2)),
    Comparison("airnet", AIRNET, TRAINING, goals(2.0)),
    Comparison("resnet", RESNET, TRAINING, goals(1.3)),
    Comparison("lenet", LENET, TRAINING, goals(1.3)),
    Comparison("inference", LARGE, INFERENCE, goals(1.8), "inference, "),
    PhaseTimes("phases", [(name, net, PHASES) for name, net in NETS.items()]),
    LayerSpeeds("layers", LAYERS, list(NETS.values())),
    TrainingMemory("memory", AIRNET, [OURS, EAGER], below=4000),
]

if __name__ == "__main__":
    main(SECTIONS, PEERS, __doc__)
