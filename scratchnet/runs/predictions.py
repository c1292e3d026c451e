"""predictions.csv: what a run's network says of each test image.

image                    file name, or position in the test split: 0, 1, 2, ...
label, prediction        names of the true class and of the most probable one
label_probability        that the network gives the true class, and
prediction_probability   the most probable one
loss                     cross-entropy: -log(label_probability)
"""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scratchnet.data.images import Images
from scratchnet.errors import RunError
from scratchnet.system import files
from scratchnet.system.text import for_spreadsheet, from_spreadsheet, in_plain_words, printable
from scratchnet.training.metrics import Evaluation

FILE = "predictions.csv"
HEADER = ("image", "label", "prediction", "label_probability", "prediction_probability", "loss")
NAMES = 3  # columns of texts
LARGEST = 256 << 20  # bytes: over a million images


@dataclass(frozen=True)
class Predictions:
    """One entry for each test image, in their order."""

    images: list[str]
    labels: np.ndarray  # int64 (n,)
    predictions: np.ndarray  # int64 (n,)
    label_probabilities: np.ndarray  # float64 (n,)
    probabilities: np.ndarray  # float64 (n,): of the predictions
    losses: np.ndarray  # float64 (n,)

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def are_right(self) -> np.ndarray:
        """Whether each prediction is the label, bool (n,)."""
        return self.labels == self.predictions

    @classmethod
    def of(cls, evaluation: Evaluation, images: Images) -> "Predictions":
        """The results on a split. Its losses are without label smoothing, so p = exp(-loss)."""
        losses = evaluation.losses.astype(np.float64)
        return cls(
            images=images.names or [*map(str, range(len(images)))],
            labels=images.labels,
            predictions=evaluation.predictions,
            label_probabilities=np.exp(-losses),
            probabilities=evaluation.probabilities.astype(np.float64),
            losses=losses,
        )

    def to_csv(self, classes: list[str]) -> str:
        """As a table, with 9 digits of each number: as many as a float32 has."""
        names = [for_spreadsheet(name) for name in classes]
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(
            zip(
                map(for_spreadsheet, self.images),
                [names[label] for label in self.labels.tolist()],
                [names[label] for label in self.predictions.tolist()],
                *(
                    [f"{value:.9g}" for value in numbers.tolist()]
                    for numbers in (self.label_probabilities, self.probabilities, self.losses)
                ),
                strict=True,
            )
        )
        return buffer.getvalue()

    @classmethod
    def read(cls, path: Path, classes: list[str]) -> "Predictions":
        """Read back what `to_csv` wrote with these classes. Raises RunError."""
        known = [from_spreadsheet(for_spreadsheet(name)) for name in classes]
        label_of = {name: label for label, name in enumerate(known)}
        rows = _rows(path)
        try:
            images, labels, predictions, *numbers = zip(*rows, strict=True)
            of_label, of_prediction, losses = (np.array(one, np.float64) for one in numbers)
            read = cls(
                images=list(images),
                labels=np.array([label_of[name] for name in labels], np.int64),
                predictions=np.array([label_of[name] for name in predictions], np.int64),
                label_probabilities=of_label,
                probabilities=of_prediction,
                losses=losses,
            )
        except (ValueError, KeyError) as error:
            reason = printable(in_plain_words(error))[:200]
            raise RunError(f"{path}: holds lines that are no predictions: {reason}") from error
        if not all(np.isfinite(one).all() for one in (of_label, of_prediction, losses)):
            raise RunError(f"{path}: holds numbers that are not finite")
        return read


def read_answers(path: Path) -> dict[str, tuple[str, bool]]:
    """For each image its label, and whether the prediction is right. Raises RunError."""
    return {image: (label, label == said) for image, label, said, *_ in _rows(path)}


def _rows(path: Path) -> list[list[str]]:
    """The lines below the header, one at least, with texts as they were before they were quoted."""
    try:
        header, *rows = csv.reader(io.StringIO(files.read(path, LARGEST).decode()))
    except (ValueError, csv.Error) as error:
        reason = printable(in_plain_words(error))[:200]
        raise RunError(f"{path}: cannot be read as CSV: {reason}") from error
    if header != [*HEADER] or not rows or any(len(row) != len(HEADER) for row in rows):
        raise RunError(f"{path}: must be a table with the columns {','.join(HEADER)}")
    return [[*map(from_spreadsheet, row[:NAMES]), *row[NAMES:]] for row in rows]
