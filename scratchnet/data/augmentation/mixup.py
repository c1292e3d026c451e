"""Mixup: images and labels of a batch, mixed in pairs."""

import numpy as np

from scratchnet.compute.blocks import batch_slices, for_each


class Mixup:
    """x_i <- s x_i + (1 - s) x_j and t_i <- s t_i + (1 - s) t_j, with s from Beta(alpha, alpha).

    t is the label as a vector of 0 and a single 1 ("one-hot"). Zhang et al. 2018, "mixup: Beyond
    Empirical Risk Minimization", eq. 1; as in the authors' program, one s is drawn for a batch. The
    partner j is the image as far from the end as i is from the start: the order of a batch is
    random already. As pairs are mixed both ways, s and 1 - s come to the same, and s is the larger.
    """

    def __init__(self, alpha: float, batch_size: int, shape: tuple[int, int, int], classes: int):
        self.alpha = alpha
        self._partners = np.empty((batch_size, *shape), np.float32)
        self._identity = np.eye(classes, dtype=np.float32)

    def __call__(
        self, x: np.ndarray, labels: np.ndarray, rng: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray]:
        """Mix x float32 (b, H, W, C) in place; returns it and the targets, float32 (b, classes).

        A target is largest at the label that the image had before.
        """
        share = rng.beta(self.alpha, self.alpha)
        share = np.float32(max(share, 1 - share))
        rest = np.float32(1) - share
        reverse, partners = x[::-1], self._partners[: len(x)]

        def keep_partners(part: slice) -> None:
            np.multiply(reverse[part], rest, out=partners[part])

        def mix(part: slice) -> None:
            np.multiply(x[part], share, out=x[part])
            np.add(x[part], partners[part], out=x[part])

        for step in (keep_partners, mix):  # all partners are kept before any image changes
            for_each(step, batch_slices(len(x), x[0].size))
        targets = share * self._identity[labels] + rest * self._identity[labels[::-1]]
        return x, targets
