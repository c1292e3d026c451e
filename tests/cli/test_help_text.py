"""The help is made from the settings themselves."""

import shlex
from dataclasses import fields
from pathlib import Path

import pytest

from scratchnet.cli import help_text as manual
from scratchnet.cli.arguments import parse
from scratchnet.cli.composition import check, combinations, options
from scratchnet.config import CHOICES
from scratchnet.data.own.folder import Folder


@pytest.fixture
def show(conf):
    return lambda *overrides: manual.text(options(conf), check(list(overrides), conf))


def test_groups_with_their_options(show):
    lines = show().splitlines()
    for group, classes in CHOICES.items():
        (line,) = [line for line in lines if line.startswith(f"  {group} ")]
        assert all(name in line for name in classes)
        assert line.count("*") == 1  # the chosen one
    assert "base_" not in show()
    assert "schema" not in show()


def test_settings_with_values_ranges_and_units(show):
    text = show("trainer.epochs=7", "model.hidden_dims=[64,32]", "trainer.clip_norm=null")
    assert "trainer.epochs=7 " in text
    assert "(>= 1 and <= 1000000 epochs)" in text
    assert "model.hidden_dims=[64,32] " in text
    assert "trainer.clip_norm=null " in text
    assert "trainer.live=false " in text


def test_settings_are_those_of_the_choices(show):
    text = show("model=linear", "optimizer=sgd", "schedule=one_cycle")
    assert "optimizer.momentum=0.9" in text
    assert "model.hidden_dims" not in text
    assert "schedule.warmup_epochs" not in text


def test_fits_on_two_screens_of_a_hundred_columns(show):
    lines = show("dataset=cifar10", "optimizer=sgd").splitlines()
    assert len(lines) <= 62
    assert max(map(len, lines)) < 100


def test_all_settings_of_data_of_ones_own_are_shown(show):
    text = show("dataset=folder", "dataset.path=pets", "dataset.size=[28,28]")
    for name in {field.name for field in fields(Folder)} - {"name", "augmentation"}:
        assert f"dataset.{name}=" in text
    assert f"dataset.path={Path('pets').absolute()} " in text
    assert "dataset.size=[28,28] " in text
    assert "dataset.root" not in text


def test_there_are_six_examples_and_each_is_valid(conf):
    assert len(manual.EXAMPLES) == 6
    for command, _ in manual.EXAMPLES:
        typed = parse(shlex.split(command.removeprefix("python run.py")))
        (combinations if typed.multirun else check)(typed.overrides, conf)
