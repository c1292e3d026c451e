"""How fast dense networks train: scratchnet against PyTorch, JAX and scikit-learn.

    python tests/benchmarks/dense.py --json dense.json

All train the same nets on the same images with the same arithmetic: ReLU, dropout, cross-entropy,
clipping by the global norm, AdamW, in float32. The peers keep the whole normalised training set
in memory and pick batches by a random permutation; scratchnet runs its own trainer with its own
loader from uint8, and alone counts accuracy and checks for divergence in every step. A peer that
is not installed is skipped and named: `pip install -e .[bench]` installs them all.

Speeds are medians over the rounds, "spread" is fastest minus slowest over the median, and ratios
are taken round by round. The loss, of the last round, shows that all learn alike.
Real data is taken from SCRATCHNET_DATA, else random data of the same format is made.

What bounds the missed goals, measured 2026-11-28 on 2 cores of an AMD EPYC (Zen 4), NumPy 2.4.6
with OpenBLAS 0.3.31 on one thread, Numba 0.68, compiled kernels:

- 784-256-128-10, a step of 1.66 ms: 0.87x JAX, 1.43x fused PyTorch. 1.25x JAX would be 1.17 ms.
  The first product takes 0.53 ms on one thread, 0.26 ms for each half of it, and 0.31 ms on both
  threads: the second one starts 39 us after the call, the first one (busy waking it) 20 us after
  it, so the first piece is made longer. Small products (128 x 256 x 128, 0.085 ms) gain nothing
  from a second thread. Python cannot spin for less: a thread that waits in a loop holds the GIL,
  or calls the system. OpenBLAS's own threads spin, and need 0.28 ms on an idle machine, but 16 ms
  beside one busy process. So NumPy alone is slower here than with two BLAS threads: 60,908
  samples/s where it had 71,872.
- 3072-1024-512-10, a step of 17.7 ms: 0.92x JAX, 1.16x fused PyTorch. 2.0 GFLOP of products take
  14 ms, the update 2.0 (103 MB at 51 GB/s), the norm of the gradient 0.4. NumPy alone, 6,689
  samples/s, is no slower than with two BLAS threads, 6,570.
- Crop and flip: 0.98x of the speed without.
- The start-up of 1.48 s. When it was 1.31 s, the imports of Hydra, OmegaConf and NumPy took 0.4 s,
  Hydra composing the config twice 0.2 s, matplotlib's import 0.3 s, its three figures 0.35 s,
  training and evaluation 0.03 s. A report and a panel for the gradient have come since; what each
  of them takes was not measured.
- A sweep of 20 jobs, two at a time, takes 12.8 s: 20.9 before jobs were forked from a process that
  has imported everything, then 10.9, until runs got the report and the panel.
- Peak memory of a CIFAR-10 MLP's run: 619 MB.
"""

from command import main
from dense_net import DenseNet
from harness import Contender
from process import PeakMemory, StartUp, SweepStartUp
from sections import Comparison, PhaseTimes

OURS = Contender("scratchnet", "dense_ours", "", "kernels compiled by Numba")
NUMPY = Contender("scratchnet-numpy", "dense_ours", "numpy", "NumPy alone")
EAGER = Contender("torch", "dense_torch", "eager")
FUSED = Contender("torch-fused", "dense_torch", "fused", "AdamW in one kernel")
COMPILED = Contender(
    "torch-compile",
    "dense_torch",
    "compile",
    "network and loss compiled, AdamW in one kernel",
    slow_start=True,
)
JAX = Contender("jax", "dense_jax", "", "the whole step compiled (jit)")
SKLEARN = Contender(
    "sklearn", "dense_sklearn", "", "without dropout and clipping, and Adam in place of AdamW"
)
PEERS = [JAX, FUSED, COMPILED, EAGER, SKLEARN]

AUGMENTED = Contender(
    "crop-and-flip", "dense_ours", "augmented", "scratchnet with both in its loader"
)
PHASES = Contender("phases", "dense_ours", "phases")
PHASES_AUGMENTED = Contender("phases-augmented", "dense_ours", "augmented phases")

MNIST = DenseNet("mnist", 784, (256, 128), dropout=0.2)
CIFAR10 = DenseNet("cifar10", 3072, (1024, 512), dropout=0.5, images=20_000)


SECTIONS = [
    Comparison(
        "mnist",
        MNIST,
        [OURS, NUMPY, *PEERS],
        {"jax": 1.25, "torch-fused": 1.7, "torch-compile": 1.7, "sklearn": 1.8},
    ),
    Comparison(
        "cifar10",
        CIFAR10,
        [OURS, NUMPY, *PEERS],
        {"jax": 1.1, "torch-fused": 1.5, "torch-compile": 1.5, "sklearn": 2.8},
    ),
    Comparison("augmentation", CIFAR10, [AUGMENTED, OURS], {"scratchnet": 0.97}),
    PhaseTimes(
        "phases",
        [
            ("mnist", MNIST, PHASES),
            ("cifar10", CIFAR10, PHASES),
            ("cifar10, crop and flip", CIFAR10, PHASES_AUGMENTED),
        ],
    ),
    StartUp("startup", ["trainer.epochs=1"], seconds=2.0, import_seconds=0.6),
    SweepStartUp("sweep", ["trainer.epochs=5"], jobs=20, at_a_time=2, seconds=0.5),
    PeakMemory(
        "memory",
        "cifar10",
        ["experiment=cifar10_mlp", "trainer.epochs=1", "schedule.warmup_epochs=0"],
        below=900,
    ),
]

if __name__ == "__main__":
    main(SECTIONS, PEERS, __doc__)
