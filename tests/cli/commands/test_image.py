"""Any image file takes the form that the network was trained on."""

import io
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scratchnet.cli.commands.image import load_image
from scratchnet.errors import UserError
from scratchnet.runs.inputs import Inputs

GREY = Inputs([8, 8, 1], ["a"], [0.0], [1.0], pixel_max=255)
DIGITS = Inputs([8, 8, 1], ["a"], [0.0], [1.0], pixel_max=16)
COLOUR = Inputs([8, 6, 3], ["a"], [0.0] * 3, [1.0] * 3, pixel_max=255)

VALUES = (np.arange(64, dtype=np.uint8) * 4).reshape(8, 8)


def saved(folder, image, name="a.png", **options):
    path = folder / name
    image.save(path, **options)
    return path


def test_a_grey_image_of_the_right_size_is_taken_as_it_is(tmp_path):
    path = saved(tmp_path, Image.fromarray(VALUES))
    np.testing.assert_array_equal(load_image(path, GREY)[..., 0], VALUES)


def test_pixels_are_scaled_to_the_range_of_the_dataset(tmp_path):
    pixels = np.arange(64, dtype=np.uint8).reshape(8, 8) % 17
    shown = np.round(pixels * (255 / 16)).astype(np.uint8)  # as a viewer would save it
    image = load_image(saved(tmp_path, Image.fromarray(shown)), DIGITS)
    np.testing.assert_array_equal(image[..., 0], pixels)
    assert image.dtype == np.uint8


def test_colours_keep_their_channels_and_height_comes_first(tmp_path):
    pixels = np.random.default_rng(0).integers(0, 256, (8, 6, 3), dtype=np.uint8)
    path = saved(tmp_path, Image.fromarray(pixels))
    np.testing.assert_array_equal(load_image(path, COLOUR), pixels)


def modes(grey):
    """One image in every form that a file can have."""
    yield "L", grey
    yield "LA", grey.convert("LA")
    yield "RGB", grey.convert("RGB")
    yield "RGBA", grey.convert("RGBA")
    yield "palette", grey.convert("P")
    yield "16 bit", Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)


@pytest.mark.parametrize(("name", "image"), list(modes(Image.fromarray(VALUES))))
def test_every_mode_gives_the_same_image(tmp_path, name, image):
    path = saved(tmp_path, image)
    np.testing.assert_array_equal(load_image(path, GREY)[..., 0], VALUES)
    colour = load_image(path, Inputs([8, 8, 3], ["a"], [0.0] * 3, [1.0] * 3, 255))
    np.testing.assert_array_equal(colour, np.repeat(VALUES[..., None], 3, axis=2))


@pytest.mark.parametrize(
    "name", ["a.bmp", "a.tif", "a.gif", "a.ppm", "a.webp", "a.jpg", "no suffix"]
)
def test_every_format_is_read(tmp_path, name):
    image = Image.fromarray(np.full((30, 20, 3), 200, np.uint8))
    format_ = "PNG" if name == "no suffix" else None
    options = {"lossless": True} if name == "a.webp" else {}
    image = load_image(saved(tmp_path, image, name, format=format_, **options), COLOUR)
    np.testing.assert_allclose(image, 200, atol=1)


def test_black_and_white_and_cmyk(tmp_path):
    for mode, name in (("1", "a.png"), ("CMYK", "a.jpg")):
        image = Image.new("RGB", (9, 9), "white").convert(mode)
        assert load_image(saved(tmp_path, image, name), GREY).min() >= 254


def test_what_is_transparent_is_white(tmp_path):
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, :4, 3] = 255  # the left half is black, the right half shows the paper
    image = load_image(saved(tmp_path, Image.fromarray(pixels)), GREY)
    assert (image[:, :4] == 0).all()
    assert (image[:, 4:] == 255).all()


def test_other_sizes_are_resized_smoothly(tmp_path):
    large = Image.fromarray(VALUES).resize((80, 80), Image.Resampling.NEAREST)
    image = load_image(saved(tmp_path, large), GREY)
    np.testing.assert_allclose(image[..., 0].astype(int), VALUES.astype(int), atol=12)
    small = Image.fromarray(np.array([[7]], np.uint8))
    np.testing.assert_array_equal(load_image(saved(tmp_path, small), GREY), 7)


def test_a_photo_is_turned_as_its_camera_says(tmp_path):
    turned = Image.fromarray(VALUES).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 270 degrees to see it upright
    path = saved(tmp_path, turned, exif=exif)
    np.testing.assert_array_equal(load_image(path, GREY)[..., 0], VALUES)


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + check


def enormous_png() -> bytes:
    size = (50_000).to_bytes(4, "big") * 2
    header = chunk(b"IHDR", size + b"\x08\x00\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000)))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is not an image; it must be one of PNG, JPEG"),
        (b"<html>not found</html>", "is not an image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is not an image"),
        (b"\x89PNG\r\n\x1a\n", "is not an image|cannot be read"),
        (enormous_png(), "cannot be read: Image size"),
    ],
)
def test_other_files_are_refused_in_one_line(tmp_path, content, problem):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    with pytest.raises(UserError, match=problem) as refused:
        load_image(path, GREY)
    assert "\n" not in str(refused.value)


def test_a_truncated_image_is_refused(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (100, 100), dtype=np.uint8)
    path = saved(tmp_path, Image.fromarray(noise))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(UserError, match="the image cannot be read: "):
        load_image(path, GREY)


def test_pixels_that_are_fractions_or_too_wide_are_refused(tmp_path):
    fractions = Image.fromarray(np.full((4, 4), 0.5, np.float32))
    with pytest.raises(UserError, match="its pixels are fractions"):
        load_image(saved(tmp_path, fractions, "a.tif"), GREY)
    wide = Image.fromarray(np.full((4, 4), 1 << 20, np.int32))
    with pytest.raises(UserError, match="more than 16 bits"):
        load_image(saved(tmp_path, wide, "a.tif"), GREY)


def test_a_folder_and_a_missing_file(tmp_path):
    with pytest.raises(UserError, match="is not a file"):
        load_image(tmp_path, GREY)
    with pytest.raises(UserError, match="there is no such file"):
        load_image(tmp_path / "a.png", GREY)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_is_read_or_refused(tmp_path_factory, data):
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"]))
    buffer = io.BytesIO()
    Image.fromarray(VALUES).convert("RGB").save(buffer, kind)
    content = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "a"
    path.write_bytes(content)
    try:
        image = load_image(path, COLOUR)
    except UserError:
        return
    assert image.shape == (8, 6, 3)
