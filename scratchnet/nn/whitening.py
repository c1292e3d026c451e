"""Whitening, and a first layer that whitens: its filters decorrelate neighbouring pixels.

The filters are fixed: what remains of a convolution's gradients is dbias, the sum of dy over all
places, and dx where it is needed.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from scratchnet.compute.blocks import slices_of, sum_in_float64
from scratchnet.kernels import channels
from scratchnet.nn.conv2d import Conv2d
from scratchnet.nn.layer import Sample, Shape

SAMPLES = 5000  # training images from which the covariance is computed
EPS = 5e-4  # added to the eigenvalues, so that directions of little variance are not blown up


def whitening(covariance: np.ndarray, eps: float) -> np.ndarray:
    """The columns e_i / sqrt(lambda_i + eps), the largest eigenvalue of the covariance first."""
    eigenvalues, eigenvectors = np.linalg.eigh(covariance)  # the smallest first
    return (eigenvectors / np.sqrt(np.maximum(eigenvalues, 0) + eps))[:, ::-1]


class WhiteningConv2d(Conv2d):
    """A convolution with fixed filters +-e_i / sqrt(lambda_i + eps) and a trainable bias.

    lambda_i and e_i are the eigenvalues, largest first, and eigenvectors of C = mean(p p^T) over
    all k x k patches p of training images: the outputs are uncorrelated and of about equal size.
    Each filter comes with both signs, as the activation that follows keeps only one. The output is
    (H - k + 1, W - k + 1, 2 k k C): 24 channels for 2x2 patches of colour images.

    The filters are a buffer, not a parameter: `calibrate` computes them. Before that, each filter
    is plus or minus one number of the patch.

    K. Jordan 2024, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU" (airbench94), after
    D. Page 2019, "How to Train Your ResNet 8".
    """

    def __init__(self, kernel: int = 2):
        super().__init__(0, kernel)  # `build` knows the input, and with it the number of channels

    def build(self, shape: Shape) -> Shape:
        self.numbers = self.kernel**2 * shape[-1]  # in a patch
        self.channels = 2 * self.numbers
        out_shape = super().build(shape)
        del self.declarations["weight"]
        self.weight = np.empty((self.kernel, self.kernel, shape[-1], self.channels), np.float32)
        self.grad_weight = np.empty_like(self.weight)  # computed on the way to dx, but unused
        self.buffers = {"weight": self.weight}
        self._use(np.eye(self.numbers))
        return out_shape

    def calibrate(self, sample: Sample) -> None:
        self._use(whitening(self._covariance(sample(SAMPLES)), EPS))

    def backward(self, dy: np.ndarray) -> np.ndarray | None:
        if self.needs_dx:
            return super().backward(dy)
        self.grad_bias[...] = channels.bias_gradient(dy)
        return None

    def _covariance(self, x: np.ndarray) -> np.ndarray:
        """mean(p p^T) over all patches p of images x, float64 (k k C, k k C).

        The images are normalised: their mean is near 0 and need not be subtracted.
        """
        k = self.kernel
        windows = sliding_window_view(x, (k, k), axis=(1, 2))  # (n, H', W', C, k, k)
        patches = np.moveaxis(windows, 3, 5)  # (n, H', W', k, k, C), in the order of the weight

        def products(part: slice) -> np.ndarray:
            rows = patches[part].reshape(-1, self.numbers)
            return rows.T @ rows

        places = patches[..., 0, 0, 0].size
        return sum_in_float64(products, slices_of(patches)) / places

    def _use(self, filters: np.ndarray) -> None:
        """Use the columns of a matrix (k k C, k k C) as filters, with both signs."""
        both = np.concatenate([filters, -filters], axis=1)
        self.weight[...] = both.reshape(self.weight.shape)
