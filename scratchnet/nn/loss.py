"""Softmax cross-entropy."""

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """exp(z_k) / sum_j exp(z_j) for each row of logits (batch, classes), without overflow."""
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


class SoftmaxCrossEntropy:
    """The mean over the batch of -sum_k t_k log softmax(z)_k, for logits z.

    The target t is 1 - s + s/K for the true class and s/K for each other of the K classes, with
    s = `label_smoothing` in [0, 1) (Szegedy et al. 2016, "Rethinking the Inception Architecture",
    sec. 7). The derivative with respect to z is (softmax(z) - t) / batch.

    Labels are class indices (batch,), or soft targets (batch, K) whose rows sum to 1 (mixup): a
    soft target y becomes t = (1 - s) y + s/K.
    """

    def __init__(self, label_smoothing: float = 0.0):
        self.label_smoothing = label_smoothing

    def per_sample(self, logits: np.ndarray, labels: np.ndarray) -> np.ndarray:
        """The loss of each sample, (batch,), for logits (batch, classes) and labels."""
        return self._losses(_log_softmax(logits), labels)

    def __call__(self, logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
        """The mean loss and its derivative with respect to the logits (batch, classes)."""
        n, classes = logits.shape
        log_probabilities = _log_softmax(logits)
        loss = float(self._losses(log_probabilities, labels).mean())

        dlogits = np.exp(log_probabilities, out=log_probabilities)
        if labels.ndim == 1:
            dlogits[np.arange(n), labels] -= 1 - self.label_smoothing
        else:
            dlogits -= (1 - self.label_smoothing) * labels
        if self.label_smoothing:
            dlogits -= self.label_smoothing / classes
        dlogits *= 1 / n
        return loss, dlogits

    def _losses(self, log_probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
        if labels.ndim == 1:
            losses = -log_probabilities[np.arange(len(labels)), labels]
        else:
            losses = -(log_probabilities * labels).sum(axis=1)
        if self.label_smoothing:
            uniform = -log_probabilities.mean(axis=1)
            losses = (1 - self.label_smoothing) * losses + self.label_smoothing * uniform
        return losses


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    """log softmax(z) = z - max - log sum exp(z - max), stable for logits of any size."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
