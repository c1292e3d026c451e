"""Mixup: the images of a batch and their labels, mixed in pairs."""

import numpy as np

from scratchnet.kernels.augmentation import mix


class Mixup:
    """x_i <- s x_i + (1 - s) x_j and t_i <- s t_i + (1 - s) t_j, with s from Beta(alpha, alpha).

    t is the one-hot label. Zhang et al. 2018, "mixup: Beyond Empirical Risk Minimization", eq. 1;
    one s is drawn per batch, as in the authors' code. The partner j is as far from the end of the
    batch as i is from its start, which is random enough: the batch is shuffled. Each pair is mixed
    both ways, so s and 1 - s are equivalent; the larger is used.
    """

    def __init__(self, alpha: float, classes: int):
        self.alpha = alpha
        self._identity = np.eye(classes, dtype=np.float32)

    def __call__(
        self, x: np.ndarray, labels: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Mix x, float32 (b, H, W, C), in place; returns x and the targets, float32 (b, classes).

        A target is largest at the image's own label.
        """
        drawn = rng.beta(self.alpha, self.alpha)
        s = np.float32(max(drawn, 1 - drawn))
        mix(x, float(s))
        one_hot = self._identity[labels]
        return x, s * one_hot + (1 - s) * one_hot[::-1]
