"""Any image file becomes pixels of 8 bits, or is refused in one line."""

import io
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scratchnet.data.decoding import BadImage, decode, opaque, quiet

VALUES = (np.arange(64, dtype=np.uint8) * 4).reshape(8, 8)
GREY = Image.fromarray(VALUES)
COLOURS = np.random.default_rng(0).integers(0, 256, (8, 6, 3), dtype=np.uint8)


def saved(folder, image, name="a.png", **options):
    path = folder / name
    image.save(path, **options)
    return path


def pixels(path, **options):
    """What `decode` reads, opaque."""
    with quiet():
        return np.asarray(opaque(decode(path, **options).image))


def modes():
    """One grey image in every form that a file can have."""
    yield "L", GREY
    yield "LA", GREY.convert("LA")
    yield "RGB", GREY.convert("RGB")
    yield "RGBA", GREY.convert("RGBA")
    yield "palette", GREY.convert("P")
    yield "16 bit", Image.fromarray(VALUES.astype(np.uint16) * 257)


@pytest.mark.parametrize(("name", "image"), list(modes()))
def test_every_mode_gives_the_same_image(tmp_path, name, image):
    read = Image.fromarray(pixels(saved(tmp_path, image)))
    np.testing.assert_array_equal(np.asarray(read.convert("L")), VALUES)


@pytest.mark.parametrize(
    "name", ["a.bmp", "a.tif", "a.gif", "a.ppm", "a.webp", "a.png", "a.jpg", "no suffix"]
)
def test_every_format_is_read(tmp_path, name):
    image = Image.fromarray(np.full((30, 20, 3), 200, np.uint8))
    format_ = "PNG" if name == "no suffix" else None
    options = {"lossless": True} if name == "a.webp" else {}
    read = pixels(saved(tmp_path, image, name, format=format_, **options))
    assert read.shape[:2] == (30, 20)
    np.testing.assert_allclose(read, 200, atol=1)


def test_a_wrong_ending_is_no_obstacle(tmp_path):
    path = saved(tmp_path, Image.fromarray(COLOURS), "photo.JPG", format="PNG")
    np.testing.assert_array_equal(pixels(path), COLOURS)


def test_black_and_white_and_cmyk(tmp_path):
    for mode, name in (("1", "a.png"), ("CMYK", "a.jpg")):
        image = Image.new("RGB", (9, 9), "white").convert(mode)
        assert pixels(saved(tmp_path, image, name)).min() >= 254


def test_transparent_pixels_show_the_background():
    drawn = np.zeros((2, 2, 4), np.uint8)
    drawn[0, :, 3] = 255, 51  # black; black at 20 %; nothing
    image = Image.fromarray(drawn)
    np.testing.assert_array_equal(np.asarray(opaque(image))[..., 0], [[0, 204], [255, 255]])
    on_red = np.asarray(opaque(image, (255, 0, 0)))
    np.testing.assert_array_equal(on_red[1, 1], [255, 0, 0])
    np.testing.assert_array_equal(on_red[0, 1], [204, 0, 0])
    grey = image.convert("LA")
    assert opaque(grey).mode == "L"
    assert opaque(grey, (255, 0, 0)).mode == "RGB"
    assert opaque(GREY) is GREY


def test_a_palette_may_have_a_transparent_colour(tmp_path):
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putdata([0, 1])
    for transparency in (0, bytes([0, 255])):
        path = saved(tmp_path, image, transparency=transparency)
        np.testing.assert_array_equal(pixels(path), [[[255, 255, 255], [0, 0, 255]]])


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
@pytest.mark.parametrize(("largest", "top"), [(200, 255), (4000, 4095), (40_000, 65_535)])
def test_16_bits_are_scaled_by_the_depth_they_take_up(tmp_path, name, largest, top):
    values = np.linspace(0, largest, 64).astype(np.uint16).reshape(8, 8)
    decoded = decode(saved(tmp_path, Image.fromarray(values), name))
    expected = np.rint(values.astype(np.float64) * (255 / top))
    np.testing.assert_array_equal(np.asarray(decoded.image), expected)
    said = [] if top == 65_535 else [f"16-bit values scaled from 0-{top}"]
    assert decoded.remarks == said


def test_a_photo_is_turned_as_its_camera_says(tmp_path):
    turned = GREY.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 270 degrees to see it upright
    path = saved(tmp_path, turned, exif=exif)
    np.testing.assert_array_equal(pixels(path), VALUES)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_undone(tmp_path, orientation):
    from PIL import ImageOps

    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path, Image.fromarray(COLOURS), exif=exif)
    with Image.open(path) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    np.testing.assert_array_equal(pixels(path), expected)


def test_broken_exif_is_ignored(tmp_path):
    path = saved(tmp_path, Image.fromarray(COLOURS), "a.png", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    np.testing.assert_array_equal(pixels(path), COLOURS)


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.tif", "a.png"])
def test_the_first_frame_that_shows_something(tmp_path, name):
    blank, drawn = Image.new("RGB", (8, 8), "white"), GREY.convert("RGB")
    options = {"lossless": True} if name == "a.webp" else {}
    path = saved(tmp_path, blank, name, save_all=True, append_images=[drawn], **options)
    decoded = decode(path)
    np.testing.assert_array_equal(np.asarray(opaque(decoded.image))[..., 0], VALUES)
    assert decoded.remarks == ["first frame left out as blank"]
    drawn_first = saved(tmp_path, drawn, name, save_all=True, append_images=[blank], **options)
    assert decode(drawn_first).remarks == []
    np.testing.assert_array_equal(pixels(drawn_first)[..., 0], VALUES)


def test_an_image_that_is_blank_throughout_is_read(tmp_path):
    assert (pixels(saved(tmp_path, Image.new("L", (3, 3), 7))) == 7).all()
    invisible = Image.fromarray(np.dstack([COLOURS, np.zeros((8, 6), np.uint8)]))
    assert (pixels(saved(tmp_path, invisible)) == 255).all()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_large_images_are_reduced(tmp_path, mode):
    """A ramp stays a ramp; the shorter side keeps the pixels asked for."""
    ramp = np.tile(np.linspace(0, 255, 240), (88, 1))
    if mode == "I;16":
        image = Image.fromarray((ramp * 257).astype(np.uint16))
    else:
        image = Image.fromarray(ramp.astype(np.uint8)).convert(mode)
    path = saved(tmp_path, image, "a.tif" if mode == "CMYK" else "a.png")
    with quiet():
        read = decode(path, shortest=20).image
    assert read.size == (60, 22)
    found = np.asarray(opaque(read).convert("L")).mean(axis=0)
    np.testing.assert_allclose(found, np.linspace(0, 255, 60), atol=40 if mode == "1" else 8)


def test_a_large_jpeg_is_decoded_in_parts_of_its_pixels(tmp_path):
    path = saved(tmp_path, Image.new("RGB", (1200, 900), "teal"), "a.jpg")
    read = decode(path, shortest=100).image
    assert read.size == (150, 113)  # an eighth, of each block of 8 x 8 its mean
    np.testing.assert_allclose(read.getpixel((70, 70)), (0, 128, 128), atol=4)


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + check


def png(width: int, height: int) -> bytes:
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    header = chunk(b"IHDR", size + b"\x08\x00\x00\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000)))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is an empty file"),
        (b"<html>not found</html>", "is not an image; it must be one of PNG, JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is not an image"),
        (b"\x89PNG\r\n\x1a\n", "is not an image|cannot be read"),
        (png(50_000, 50_000), "cannot be read: Image size"),
        (png(12_000, 12_000), "it has 12,000 x 12,000 pixels, must have <= 128 million"),
        (png(80_000_000, 1), "it has 80,000,000 x 1 pixels, .* <= 65,535 in a row or column"),
        (b"\0\0\0\x18ftypheic" + bytes(12), "is a HEIC image, .* convert it to JPEG or PNG"),
    ],
)
def test_other_files_are_refused_in_one_line_before_anything_is_allocated(
    tmp_path, content, problem
):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    tracemalloc.start()
    with quiet(), pytest.raises(BadImage, match=problem) as refused:
        decode(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20
    assert "\n" not in str(refused.value)
    assert str(refused.value) == f"{path}: {refused.value.problem}"


def test_a_truncated_image_is_refused(tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (100, 100), dtype=np.uint8)
    path = saved(tmp_path, Image.fromarray(noise))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(BadImage, match="the image cannot be read: "):
        decode(path)


def test_pixels_that_are_fractions_or_too_wide_are_refused(tmp_path):
    fractions = Image.fromarray(np.full((4, 4), 0.5, np.float32))
    with pytest.raises(BadImage, match="its pixels are fractions"):
        decode(saved(tmp_path, fractions, "a.tif"))
    wide = Image.fromarray(np.full((4, 4), 1 << 20, np.int32))
    with pytest.raises(BadImage, match="more than 16 bits"):
        decode(saved(tmp_path, wide, "a.tif"))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damage_is_read_or_refused(tmp_path_factory, data):
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"]))
    buffer = io.BytesIO()
    GREY.convert("RGB").save(buffer, kind)
    content = bytearray(buffer.getvalue())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "a"
    path.write_bytes(content)
    with quiet():
        try:
            image = decode(path).image
        except BadImage:
            return
    assert image.mode in ("L", "LA", "RGB", "RGBA")
