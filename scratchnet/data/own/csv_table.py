"""dataset=csv: a table of numbers with a column of labels."""

import re
from dataclasses import dataclass

from scratchnet.data.own import labels
from scratchnet.data.own.collection import TRAIN
from scratchnet.data.own.layout import shown
from scratchnet.data.own.numbers import NumbersCollection, NumbersDataset, Split
from scratchnet.data.own.readers import hint
from scratchnet.data.own.table import Table
from scratchnet.errors import DataError, SettingError
from scratchnet.settings import choice, setting
from scratchnet.settings.suggestions import one_of
from scratchnet.settings.wording import as_typed
from scratchnet.system.text import printable

LABELS = ("label", "class", "target", "species", "y")  # the label column, if one is called so
IDS = re.compile(r"|(.*[ _.-])?([Ii]d|ID|[Ii]ndex)|.*[a-z]I[dD]|Unnamed: 0|rownames")


@dataclass
class Columns:
    """Which columns of a table are what, by position."""

    label: int
    features: list[int]
    ids: list[int]  # called like ids: left out if all their values differ


@choice("csv")
class CSV(NumbersDataset):
    """A CSV file, plain or gzipped: a column of labels, and numbers in all others.

    Columns called pixel0, pixel1, ..., or as many whole numbers from 0 to 255 as a square image of
    8x8 pixels or more has, are images; other numbers are vectors. A column of ids is left out.
    """

    label: int | str | None = setting(
        None,
        "name or position of the label column (0: first, -1: last); null: the one called label, "
        "class, target, species or y",
    )
    leave_out: list[str] = setting([], "columns that are not used, by name or position")

    def check_source(self) -> None:
        """Raise UserError if there is no file at `path`."""
        super().check_source()
        instead = hint(self.source, self.name)
        if instead or self.source.is_dir():
            kind = "is a folder, " if self.source.is_dir() else ""
            problem = f"={self.path}: {kind}must be a CSV file{instead}"
            raise SettingError("dataset.path", problem)

    def _read(self) -> NumbersCollection:
        table = Table.open(self.source, "leave the column out: dataset.leave_out=[{name}]")
        columns = self._columns(table)
        rows = table.read(columns.features, [columns.label, *columns.ids])
        label_cells, *ids = rows.texts
        others = [
            place for place, cells in zip(columns.ids, ids, strict=True) if not are_ids(cells)
        ]
        if others:  # numbers like any other
            columns.features = sorted([*columns.features, *others])
            columns.ids = [place for place in columns.ids if place not in others]
            rows = table.read(columns.features, [])
        if not columns.features:
            raise DataError(f"{self.source}: has no columns of numbers beside the labels")
        try:
            split = Split(TRAIN, rows.values, labels.from_text(label_cells))
        except ValueError as error:
            raise DataError(
                f"{self.source}: column {self._name(table, columns.label)}: {error}"
            ) from error
        notes = [f"labels: column {self._name(table, columns.label)}"]
        if columns.ids:
            ids_named = ", ".join(self._name(table, place) for place in columns.ids)
            notes.append(f"left out as an id, as all values differ: {ids_named}")
        names = [table.names[place] for place in columns.features] if table.has_header else []
        return self._collect([split], [], notes, names)

    def _columns(self, table: Table) -> Columns:
        label = self._label(table)
        unused = {label, *(self._place(table, "leave_out", one) for one in self.leave_out)}
        others = [place for place in range(len(table.names)) if place not in unused]
        named_ids = [place for place in others if may_be_ids(table, place)]
        features = [place for place in others if place not in named_ids]
        return Columns(label, features, named_ids)

    def _label(self, table: Table) -> int:
        """The position of the label column."""
        if self.label is not None:
            return self._place(table, "label", self.label)
        lower = [name.lower() for name in table.names]
        for name in LABELS:
            if name in lower:
                return lower.index(name)
        if table.has_header:
            known = f"its columns are {printable(shown(table.names))}"
        else:
            known = f"it has no header and {len(table.names)} columns (0: first, -1: last)"
        raise SettingError("dataset.label", f"=null: which column of {self.path} is it? {known}")

    def _place(self, table: Table, setting_name: str, wanted: int | str) -> int:
        place = table.column(wanted)
        if place is None:
            allowed = f"{one_of(wanted, table.names[:50])}, or a position"
            raise SettingError(f"dataset.{setting_name}", f"={as_typed(wanted)}: {allowed}")
        return place

    def _name(self, table: Table, place: int) -> str:
        return printable(table.names[place]) or f"number {place}"


def may_be_ids(table: Table, place: int) -> bool:
    """Whether a column is called like one of ids."""
    return table.has_header and IDS.fullmatch(table.names[place]) is not None


def are_ids(cells: list[str]) -> bool:
    """Whether all differ, and none is a number with a fraction: that would be a measurement."""
    return len(set(cells)) == len(cells) and not any(map(_is_fraction, cells))


def _is_fraction(cell: str) -> bool:
    try:
        return float(cell) % 1 != 0
    except ValueError:
        return False
