"""How much each class counts in the loss, for datasets in which some classes are rare."""

from enum import Enum

import numpy as np


class ClassWeights(Enum):
    """Which classes count more than others.

    `balanced`: class k of K with n_k of n training samples has the weight n / (K n_k), so that all
    classes count the same as a whole and the mean weight of a sample is 1. As in
    scikit-learn, after King & Zeng 2001, "Logistic Regression in Rare Events Data".
    """

    none = "none"
    balanced = "balanced"

    def of(self, labels: np.ndarray, classes: int) -> np.ndarray | None:
        """The weights (classes,), float64, for training labels (n,); None if all are 1.

        A class without samples has the weight 0, and is not counted in K.
        """
        if self is ClassWeights.none:
            return None
        counts = np.bincount(labels, minlength=classes)
        present = counts > 0
        weights = np.zeros(classes)
        weights[present] = len(labels) / (np.count_nonzero(present) * counts[present])
        return weights
