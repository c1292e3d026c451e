"""Softmax cross-entropy.

With p = softmax(z), log p_k = z_k - log sum_j exp(z_j), and the logarithm has the derivative p_i
with respect to z_i. So the loss -sum_k t_k log p_k has the derivative -t_i + p_i sum_k t_k, which
is p_i - t_i for targets that sum to 1. Nothing is divided by p, which may be too small for that.
"""

import numpy as np

from scratchnet.kernels import cross_entropy


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
        log_p = cross_entropy.log_softmax(logits)
        if labels.ndim == 1:
            return cross_entropy.losses_of_labels(log_p, labels, self.label_smoothing)
        return cross_entropy.losses_of_targets(log_p, labels, self.label_smoothing)

    def __call__(self, logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
        """The mean loss and its derivative with respect to the logits (batch, classes)."""
        dlogits = np.empty_like(logits)
        of_batch = cross_entropy.with_labels if labels.ndim == 1 else cross_entropy.with_targets
        total = of_batch(logits, labels, self.label_smoothing, dlogits)
        return float(total) / len(logits), dlogits


class WeightedCrossEntropy:
    """The mean over the batch of -sum_k w_k t_k log softmax(z)_k, for class weights w >= 0, (K,).

    Labels, targets t and `label_smoothing` are those of SoftmaxCrossEntropy, the case of weights
    that are all 1. With q = w t, the derivative with respect to z is
    (softmax(z) sum_k q_k - q) / batch. The sum over the batch is divided by its size, not by its
    total weight: a sample counts the same in whichever batch it falls.
    """

    def __init__(self, weights: np.ndarray, label_smoothing: float = 0.0):
        self.weights = weights
        self.label_smoothing = label_smoothing

    def __call__(self, logits: np.ndarray, labels: np.ndarray) -> tuple[float, np.ndarray]:
        """The mean loss and its derivative with respect to the logits (batch, classes)."""
        classes = logits.shape[1]
        y = np.eye(classes, dtype=logits.dtype)[labels] if labels.ndim == 1 else labels
        targets = (1 - self.label_smoothing) * y + self.label_smoothing / classes
        weighted = (targets * self.weights).astype(logits.dtype, copy=False)
        dlogits = np.empty_like(logits)
        total = cross_entropy.with_weighted_targets(logits, weighted, dlogits)
        return float(total) / len(logits), dlogits


Loss = SoftmaxCrossEntropy | WeightedCrossEntropy
