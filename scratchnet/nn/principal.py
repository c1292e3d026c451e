"""A first layer for dense networks: the principal components of images.

The matrix is fixed: what remains of a fully connected layer's gradients is dx = dy W^T.
"""

import math

import numpy as np

from scratchnet.kernels.products import Product, multiply
from scratchnet.nn.layer import Layer, Sample, Shape
from scratchnet.nn.whitening import whitening

SAMPLES = 10_000  # training images from which the components are computed
CHUNK = 1000  # images that are converted to float64 at a time
EPS = 1e-2  # added to the eigenvalues, so that components that are mere noise are not blown up


class PrincipalComponents(Layer):
    """y_i = e_i^T (x - mean) / sqrt(lambda_i + eps), from images (H, W, C) to vectors (k,).

    lambda_i and e_i are the k largest eigenvalues, with their eigenvectors, of the covariance of
    training images x, seen as vectors of H W C numbers. The y_i are uncorrelated and of about equal
    size, so gradient descent is as fast along directions of little contrast (fine details) as along
    overall brightness; and the dense layer that follows has k inputs in place of H W C.

    Nothing is trained: matrix and offset are buffers, which `calibrate` computes. Before that, y is
    the first k numbers of the image. LeCun et al. 1998, "Efficient BackProp", sec. 4.3; eps as in
    Coates & Ng 2012, "Learning Feature Representations with K-means".
    """

    def __init__(self, count: int):
        super().__init__()
        self.count = count

    def build(self, shape: Shape) -> Shape:
        numbers = math.prod(shape)
        if self.count > numbers:
            raise ValueError(f"an image of {numbers} numbers has no {self.count} components")
        self.weight = np.eye(numbers, self.count, dtype=np.float32)
        self.offset = np.zeros(self.count, np.float32)
        self.buffers = {"weight": self.weight, "offset": self.offset}
        return (self.count,)

    def calibrate(self, sample: Sample) -> None:
        x = sample(SAMPLES)
        x = x.reshape(len(x), -1)
        mean = x.mean(axis=0, dtype=np.float64)
        covariance = np.zeros((len(mean), len(mean)))
        products = np.empty_like(covariance)
        for start in range(0, len(x), CHUNK):
            centred = x[start : start + CHUNK] - mean
            multiply(Product(centred.T, centred, products))
            covariance += products
        components = whitening(covariance / len(x), EPS)[:, : self.count]
        self.weight[...] = components
        self.offset[...] = -mean @ components

    def forward(self, x: np.ndarray, train: bool) -> np.ndarray:
        self.x_shape = x.shape
        y = self.array("y", (len(x), self.count), x.dtype)
        multiply(Product(x.reshape(len(x), -1), self.weight, y))
        y += self.offset
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        return (dy @ self.weight.T).reshape(self.x_shape)
