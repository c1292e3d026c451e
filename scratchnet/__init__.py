"""scratchnet: neural networks from scratch in NumPy, for honest experiments on a laptop.

The rooms of the package, from the top down. Each imports only from those below it; a contract in
pyproject.toml states the order, and CI checks it.

    cli/           what was typed: arguments, overrides, composition, help, commands
    sweeps/        many experiments: a grid, or a search
    experiment/    one experiment: train, resume, restore, measure
    insight/       a run's report: what it has learned, where it errs
    compare/       run folders side by side
    demo/          a page to draw on, with a trained network inside
    explain/       which pixels matter, and what each layer makes of an image
    reports/       plots, progress, live window, TensorBoard
    export/        a trained network as plain operations, ONNX, arrays
    runs/          the run folder: write it, read it back
    config.py      one typed config, and the table of choices
    training/      the loop, evaluation, early stopping, checkpoints
    optim/         gradients -> update; schedules; averages of weights
    data/  nn/     dataset -> splits -> batches;  layers -> network -> loss
    kernels/       the inner loops: nn and optim say what, kernels say how
    settings/      typed settings with range, unit and help
    system/        files, signals, text, installed packages
    compute/       threads, blocks, BLAS set-up, random streams
    errors.py      errors a user can cause and fix
"""

from scratchnet.compute import blas as _blas  # noqa: F401  (first: it sets what NumPy's BLAS reads at load)

__version__ = "0.1.0"
