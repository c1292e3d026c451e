"""dataset=folder: images in a folder for each class."""

from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from scratchnet.data.augmentation import Augmentation
from scratchnet.data.fit import Fit
from scratchnet.data.own.dataset import OwnDataset
from scratchnet.data.own.layout import Layout, arrange
from scratchnet.data.own.readers import hint
from scratchnet.data.own.walk import bare_folders, walk
from scratchnet.errors import SettingError
from scratchnet.settings import choice, setting
from scratchnet.settings.wording import as_typed

if TYPE_CHECKING:
    from scratchnet.data.image_format import ImageFormat
    from scratchnet.data.own.folder_collection import FolderCollection


class Color(Enum):
    """Whether images are read in grey or in colour."""

    auto = "auto"  # grey if all of a sample are
    grey = "grey"
    rgb = "rgb"


class OnBad(Enum):
    """What happens if image files cannot be read."""

    error = "error"
    skip = "skip"  # go on without them


@choice("folder")
class Folder(OwnDataset):
    """Images in class folders, PATH/CLASS/..., or PATH/{train,val,test}/CLASS/...

    Splits are folders called train, val (valid, validation, dev) and test, in any capitals. What is
    missing of val and test is split off train. A class has the name of its folder; folders within
    it belong to it.
    """

    classes: list[str] | None = setting(
        None, "the class folders to use, in the order of their labels; null: all, in natural order"
    )
    size: list[int] | None = setting(
        None,
        "height and width of all images; null: those that most have, up to 128, else 32 x 32",
        unit="pixels",
        at_least=1,
        at_most=1024,
    )
    fit: Fit = setting(Fit.crop, "what happens to images of other proportions")
    color: Color = setting(Color.auto, "channels of the images; auto: grey if all of a sample are")
    background: str = setting(
        "white", "colour that shows through where images are transparent, and beside padded ones"
    )
    augmentation: Augmentation = setting(Augmentation(crop=2), "how images are augmented")
    on_bad: OnBad = setting(OnBad.error, "what happens if image files cannot be read")

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.size is not None and len(self.size) != 2:
            problem = f"={as_typed(self.size)}: must be height and width, such as [32,32]"
            raise SettingError("size", problem)
        if self.background != "white":  # else Pillow need not be imported
            from scratchnet.data.image_format import rgb

            try:
                rgb(self.background)
            except ValueError:
                problem = f"={self.background}: must be a colour, such as black or '#0080ff'"
                raise SettingError("background", problem) from None

    def check_source(self) -> None:
        """Raise UserError if there is no folder at `path`."""
        super().check_source()
        if not self.source.is_dir():
            instead = hint(self.source, self.name) or "; unpack archives first"
            problem = f"={self.path}: is a file, must be a folder{instead}"
            raise SettingError("dataset.path", problem)

    def as_seen_by(self, classes: list[str], image_format: "ImageFormat | None") -> Self:
        """The same with the classes and the format that were found when a network was trained."""
        if image_format is None:
            return self
        height, width, channels = image_format.shape
        color = Color.grey if channels == 1 else Color.rgb
        return replace(self, classes=classes, size=[height, width], color=color)

    def _read(self) -> "FolderCollection":
        from scratchnet.data.own import folder_collection, image_cache  # with Pillow

        root = self.source
        files = walk(root)
        layout = arrange(root, files, self.classes, bare_folders(root, files))
        names = ("size", "fit", "color", "background")
        settings = " ".join(as_typed(getattr(self, name)) for name in names)
        index, pixels = image_cache.load(
            root, layout.files, lambda: self._format(root, layout), settings
        )
        bad = {layout.files[i].path: reason for i, reason in index.bad}
        if self.on_bad is OnBad.error:
            folder_collection.refuse(root, bad, len(index.rows))
        return folder_collection.collect(root, layout, index, pixels, bad)

    def _format(self, root: Path, layout: Layout) -> "ImageFormat":
        """The format as set or, where that is left open, as a sample of the images has it."""
        from scratchnet.data.image_format import ImageFormat
        from scratchnet.data.own.sample import look_at

        height, width = self.size or (0, 0)
        is_grey = self.color is Color.grey
        if self.size is None or self.color is Color.auto:
            sample = look_at(root, layout.files)
            if self.size is None:
                height, width = sample.height, sample.width
            if self.color is Color.auto:
                is_grey = sample.is_grey
        return ImageFormat(height, width, 1 if is_grey else 3, self.fit, self.background)
