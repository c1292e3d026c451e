"""Loss and accuracy of a network on a split."""

import numpy as np

from scratchnet.data.loader import Loader
from scratchnet.nn.loss import SoftmaxCrossEntropy, softmax
from scratchnet.nn.network import Network
from scratchnet.system import interrupts
from scratchnet.training.metrics import Evaluation
from scratchnet.training.views import Views, logits_of


def evaluate(network: Network, loader: Loader, views: Views = Views.none) -> Evaluation:
    """Run all images of a loader (not shuffled, not augmented) through the network."""
    loss = SoftmaxCrossEntropy()
    losses, predictions, probabilities = [], [], []
    for x, labels in loader.batches(epoch=0):
        interrupts.check()
        logits = logits_of(network, x, views)
        losses.append(loss.per_sample(logits, labels))
        predictions.append(logits.argmax(axis=1))
        probabilities.append(softmax(logits).max(axis=1))
    all_losses = np.concatenate(losses)
    all_predictions = np.concatenate(predictions)
    hits = all_predictions == loader.images.labels
    return Evaluation(
        loss=float(all_losses.mean(dtype=np.float64)),
        accuracy=int(np.count_nonzero(hits)) / len(hits),
        predictions=all_predictions,
        losses=all_losses,
        probabilities=np.concatenate(probabilities),
        class_accuracies=_by_class(hits, loader.images.labels, logits.shape[1]),
    )


def _by_class(hits: np.ndarray, labels: np.ndarray, classes: int) -> np.ndarray:
    """The share of hits among the images of each class, float64 (classes,); nan if it has none."""
    counts = np.bincount(labels, minlength=classes)
    correct = np.bincount(labels[hits], minlength=classes)
    return np.where(counts > 0, correct / np.maximum(counts, 1), np.nan)
