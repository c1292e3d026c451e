"""Batches equal those made one image at a time, and depend only on seed, epoch and batch size."""

import numpy as np
import pytest

from scratchnet.compute import threads
from scratchnet.compute.blocks import batch_slices
from scratchnet.compute.randomness import stream
from scratchnet.data.augmentation import Augmentation, Flip
from scratchnet.data.images import Images
from scratchnet.data.loader import Loader

pytestmark = pytest.mark.usefixtures("each_engine")

SHAPES = [(6, 5, 3), (4, 4, 1)]


def some_images(shape, count=23):
    rng = np.random.default_rng(1)
    images = rng.integers(0, 256, (count, *shape), dtype=np.uint8)
    return Images(images, rng.integers(0, 10, count))


def constants(shape):
    channels = shape[2]
    mean = np.array([125.3, 123.0, 113.9][:channels], np.float32)
    std = np.array([63.0, 62.1, 66.7][:channels], np.float32)
    return {"mean": mean, "std": std}


def epoch(loader, number):
    """All batches, copied."""
    return [(x.copy(), labels) for x, labels in loader.batches(number)]


def slow_epoch(data, batch_size, number, *, mean, std, seed, augmentation=None, shuffle=False):
    """An epoch made one image at a time (for batches of a single part)."""
    count, crop = len(data), augmentation.crop if augmentation else 0
    height, width, _ = data.pixels.shape[1:]
    order = stream(seed, "shuffle", number).permutation(count) if shuffle else np.arange(count)
    rng = stream(seed, "augment", number, 0)
    batches = []
    for chosen in (order[i : i + batch_size] for i in range(0, count, batch_size)):
        images = [data.pixels[i] for i in chosen]
        if crop:
            starts = rng.integers(0, 2 * crop + 1, size=(2, len(chosen)))
            padded = [np.pad(i, [(crop, crop), (crop, crop), (0, 0)], "reflect") for i in images]
            images = [
                image[row : row + height, column : column + width]
                for image, row, column in zip(padded, *starts, strict=True)
            ]
        if augmentation and augmentation.flip is Flip.random:
            flips = rng.integers(0, 2, size=len(chosen), dtype=bool)
            images = [i[:, ::-1] if flip else i for i, flip in zip(images, flips, strict=True)]
        x = [(image.astype(np.float32) - mean) * (np.float32(1) / std) for image in images]
        batches.append((np.stack(x), data.labels[chosen]))
    return batches


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("batch_size", [1, 8, 23, 100])
@pytest.mark.parametrize("shuffle", [False, True])
@pytest.mark.parametrize(
    "augmentation", [None, Augmentation(crop=2, flip=Flip.random), Augmentation()]
)
def test_batches_equal_the_slow_way_exactly(shape, batch_size, shuffle, augmentation):
    images = some_images(shape)
    settings = constants(shape) | {"seed": 3, "augmentation": augmentation, "shuffle": shuffle}
    loader = Loader(images, batch_size, **settings)
    for number in (0, 5):
        batches = epoch(loader, number)
        expected = slow_epoch(images, batch_size, number, **settings)
        assert len(batches) == len(expected) == len(loader)
        for (x, labels), (expected_x, expected_labels) in zip(batches, expected, strict=True):
            np.testing.assert_array_equal(x, expected_x, strict=True)
            np.testing.assert_array_equal(labels, expected_labels, strict=True)
            assert x.dtype == np.float32
            assert labels.dtype == np.int64


def test_normalisation_is_pixel_minus_mean_over_std():
    images = some_images((6, 5, 3))
    given = constants((6, 5, 3))
    ((x, _),) = Loader(images, 23, **given, seed=0).batches(0)
    exact = (images.pixels.astype(np.float64) - given["mean"]) / given["std"]
    np.testing.assert_allclose(x, exact, rtol=1e-6, atol=1e-6)


def test_same_seed_same_bits_and_epochs_differ():
    def bits(seed, number):
        loader = Loader(
            some_images((6, 5, 3)),
            8,
            **constants((6, 5, 3)),
            seed=seed,
            augmentation=Augmentation(crop=1, flip=Flip.random),
            shuffle=True,
        )
        return b"".join(x.tobytes() + labels.tobytes() for x, labels in loader.batches(number))

    assert bits(0, 1) == bits(0, 1)
    assert len({bits(seed, number) for seed in range(3) for number in range(3)}) == 9


def test_an_epoch_does_not_depend_on_earlier_epochs():
    def loader():
        return Loader(
            some_images((4, 4, 1)),
            8,
            **constants((4, 4, 1)),
            seed=0,
            augmentation=Augmentation(crop=1),
            shuffle=True,
        )

    resumed, continued = loader(), loader()
    epoch(continued, 1)
    for a, b in zip(epoch(resumed, 2), epoch(continued, 2), strict=True):
        np.testing.assert_array_equal(a[0], b[0])
        np.testing.assert_array_equal(a[1], b[1])


EVERYTHING = Augmentation(
    crop=2,
    flip=Flip.alternating,
    rotation=20,
    scaling=0.1,
    elastic_alpha=10,
    cutout=5,
    mixup_alpha=0.4,
)


@pytest.mark.parametrize("shape", [(28, 28, 1), (15, 20, 3)])
def test_bits_do_not_depend_on_threads_or_on_earlier_epochs(shape):
    images = some_images(shape, 100)

    def loader():
        settings = constants(shape) | {"seed": 1, "classes": 10, "shuffle": True}
        return Loader(images, 96, augmentation=EVERYTHING, **settings)

    bits = []
    try:
        for own in (1, 2, 5):
            threads.use(own)
            fresh, continued = loader(), loader()
            epoch(continued, 2)
            for one in (fresh, continued):
                bits.append(b"".join(x.tobytes() + t.tobytes() for x, t in epoch(one, 3)))
    finally:
        threads.use(1)
    assert len(batch_slices(96, loader()._augmenter.numbers)) > 1
    assert len(set(bits)) == 1


def test_each_part_of_a_batch_has_its_own_random_stream():
    shape = (28, 28, 1)
    same = Images(np.repeat(some_images(shape, 1).pixels, 64, axis=0), np.zeros(64, np.int64))
    settings = Augmentation(rotation=20, elastic_alpha=10)
    ((x, _),) = epoch(Loader(same, 64, **constants(shape), seed=0, augmentation=settings), 1)
    assert len(np.unique(x.reshape(64, -1), axis=0)) == 64


def test_mixup_alone_mixes_images_and_returns_targets():
    images = some_images((4, 4, 1))
    settings = constants((4, 4, 1)) | {"seed": 0, "shuffle": True}
    plain = epoch(Loader(images, 8, **settings), 1)
    augmentation = Augmentation(mixup_alpha=1.0)
    mixed = epoch(Loader(images, 8, augmentation=augmentation, classes=10, **settings), 1)
    for (x, labels), (mixed_x, targets) in zip(plain, mixed, strict=True):
        s = targets.max(axis=1, keepdims=True)[:, :, None, None]
        differ = labels != labels[::-1]  # otherwise the target does not reveal s
        expected = s * x + (1 - s) * x[::-1]
        np.testing.assert_allclose(mixed_x[differ], expected[differ], rtol=1e-4, atol=1e-5)
        np.testing.assert_array_equal(targets.argmax(axis=1), labels)
        np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-6)


def test_mixup_needs_the_number_of_classes():
    augmentation = Augmentation(mixup_alpha=1.0)
    shape = (4, 4, 1)
    with pytest.raises(ValueError, match="mixup needs the number of classes"):
        Loader(some_images(shape), 8, **constants(shape), seed=0, augmentation=augmentation)


def test_cutout_sets_a_square_to_the_mean():
    images = some_images((6, 6, 3))
    settings = constants((6, 6, 3)) | {"augmentation": Augmentation(cutout=3), "seed": 0}
    ((x, _),) = epoch(Loader(images, 23, **settings), 0)
    blank = (x == 0).all(axis=3).sum(axis=(1, 2))
    assert set(blank) <= {4, 6, 9}


def test_each_image_appears_once_per_epoch():
    images = some_images((4, 4, 1))
    images.labels = np.arange(23)
    loader = Loader(images, 5, **constants((4, 4, 1)), seed=0, shuffle=True)
    labels = np.concatenate([labels for _, labels in loader.batches(1)])
    assert sorted(labels) == list(range(23))
    assert [len(labels) for _, labels in loader.batches(1)] == [5, 5, 5, 5, 3]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_sample_is_the_first_images_normalised_but_not_augmented(shape):
    images = some_images(shape)
    loader = Loader(
        images, 4, **constants(shape), seed=0, augmentation=Augmentation(crop=2), shuffle=True
    )
    expected = slow_epoch(images, 23, 0, **constants(shape), seed=0)[0][0]
    np.testing.assert_allclose(loader.sample(9), expected[:9], rtol=1e-6, atol=1e-6)
    assert loader.sample(1000).shape == (23, *shape)
    assert loader.sample(9).dtype == np.float32


def test_images_are_not_changed_and_the_batch_buffer_is_reused():
    images = some_images((6, 5, 3))
    before = images.pixels.copy()
    augmentation = Augmentation(crop=2, flip=Flip.random)
    loader = Loader(images, 8, **constants((6, 5, 3)), seed=0, augmentation=augmentation)
    batches = [x for x, _ in loader.batches(0)]
    np.testing.assert_array_equal(images.pixels, before)
    assert np.shares_memory(batches[0], batches[1])
