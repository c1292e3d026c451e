"""Event files for TensorBoard with the metrics of each epoch."""

import math
from pathlib import Path

from scratchnet.settings.plain import Plain, flatten
from scratchnet.settings.wording import as_typed
from scratchnet.system import extras, files
from scratchnet.training.metrics import BatchMetrics, EpochMetrics

# TensorBoard groups by the part before the slash: training and validation side by side.
TAGS = {
    "train_loss": "loss/train",
    "val_loss": "loss/val",
    "train_accuracy": "accuracy/train",
    "val_accuracy": "accuracy/val",
    "lr": "optimizer/lr",
    "grad_norm": "optimizer/grad_norm",
    "samples_per_second": "speed/samples_per_second",
}


def require() -> None:
    """Raise UserError unless the extra `tensorboard` (tensorboardX) is installed."""
    extras.require("trainer.tensorboard=true", "tensorboardX", "tensorboard")


class TensorBoard:
    """A Listener that writes event files to `folder`, which it creates. Steps are epochs.

    Use it in a `with` statement around the training. The settings in `config` go to the HParams
    tab, where TensorBoard compares runs by them. When a run is resumed, TensorBoard discards
    what it has read of `first_epoch` and later epochs. Raises UserError without the extra
    `tensorboard`.
    """

    def __init__(self, folder: Path, config: Plain, first_epoch: int = 1):
        require()
        from tensorboardX import SummaryWriter
        from tensorboardX.summary import hparams

        files.make_inner_folder(folder)
        suffix = f".{first_epoch:06}"  # keeps files of the same second apart and in order
        self._writer = SummaryWriter(str(folder), purge_step=first_epoch, filename_suffix=suffix)
        experiment, start, self._end = hparams(
            _hyperparameters(flatten(config)), dict.fromkeys(TAGS.values())
        )
        if first_epoch == 1:
            for summary in (experiment, start):
                self._writer.file_writer.add_summary(summary)

    def __enter__(self) -> "TensorBoard":
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is None:
            self._writer.file_writer.add_summary(self._end)
        self._writer.close()

    def on_batch(self, metrics: BatchMetrics) -> None:
        """Nothing is written within an epoch."""

    def on_epoch(self, metrics: EpochMetrics, is_best: bool) -> None:
        """Write the metrics and flush, so that TensorBoard shows them at once."""
        for name, tag in TAGS.items():
            value = getattr(metrics, name)
            if not math.isnan(value):  # there are no validation images
                self._writer.add_scalar(tag, value, metrics.epoch)
        self._writer.flush()


def _hyperparameters(settings: Plain) -> dict[str, bool | float | str]:
    """The settings as TensorBoard takes them: anything but numbers and yes or no as typed."""
    return {
        name: value if isinstance(value, (bool, int, float)) else as_typed(value)
        for name, value in settings.items()
    }
