"""dataset=arrays: images or vectors in NumPy's files."""

import numpy as np

from scratchnet.data.own import labels
from scratchnet.data.own.array_files import read_arrays
from scratchnet.data.own.numbers import NumbersCollection, NumbersDataset, Split
from scratchnet.data.own.readers import hint
from scratchnet.data.own.samples import Form
from scratchnet.errors import DataError, SettingError
from scratchnet.settings import choice


@choice("arrays")
class Arrays(NumbersDataset):
    """An .npz file, or a folder of .npy files: x_train, y_train, x_test, y_test; or X, y; ...

    Images are (n, H, W), (n, H, W, C) or (n, C, H, W), in bytes or as floats from 0 to 1 or to 255;
    floats (n, features) are vectors. Labels are (n,), (n, 1), one-hot or text.
    """

    def check_source(self) -> None:
        """Raise UserError if there is nothing at `path`, or a file of another kind."""
        super().check_source()
        source = self.source
        instead = hint(source, self.name)
        is_npz = source.suffix.lower() == ".npz"
        if instead or not (is_npz or source.is_dir()):
            problem = f"={self.path}: must be an .npz file, or a folder of .npy files{instead}"
            raise SettingError("dataset.path", problem)

    def _read(self) -> NumbersCollection:
        found = read_arrays(self.source)
        try:
            splits = [
                Split(part, samples, labels.as_column(of_them))
                for part, samples, of_them in zip(*found.pairs(), strict=True)
            ]
        except ValueError as error:
            raise DataError(f"{self.source}: {error}") from error
        notes = [f"not used: {', '.join(found.unused)}"] if found.unused else []
        return self._collect(splits, found.class_names, notes, [])

    def _are_images(self, parts: list[np.ndarray], columns: list[str]) -> bool:
        """Rows of floats are vectors, unless `form` says something else."""
        is_open = self.form is Form.auto and any(part.dtype.kind == "f" for part in parts)
        return not is_open and super()._are_images(parts, columns)
