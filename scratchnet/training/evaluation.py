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
    losses, predictions, probabilities, hits = [], [], [], 0
    for x, labels in loader.batches(epoch=0):
        interrupts.check()
        logits = logits_of(network, x, views)
        predicted = logits.argmax(axis=1)
        hits += int(np.count_nonzero(predicted == labels))
        losses.append(loss.per_sample(logits, labels))
        predictions.append(predicted)
        probabilities.append(softmax(logits).max(axis=1))
    all_losses = np.concatenate(losses)
    return Evaluation(
        loss=float(all_losses.mean(dtype=np.float64)),
        accuracy=hits / len(all_losses),
        predictions=np.concatenate(predictions),
        losses=all_losses,
        probabilities=np.concatenate(probabilities),
    )
