"""The typed config: out of conf/, into YAML, and back."""

import dataclasses
import re
from dataclasses import fields
from typing import get_origin, get_type_hints

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from scratchnet.cli.composition import check, options
from scratchnet.config import CHOICES, Config, from_plain, to_config, to_plain
from scratchnet.data.augmentation import Augmentation, Flip
from scratchnet.data.digits import Digits
from scratchnet.errors import SettingError, UserError
from scratchnet.nn.activations import ActivationName
from scratchnet.nn.models import MLP
from scratchnet.optim.adam import AdamW
from scratchnet.optim.schedules import Cosine
from scratchnet.training.settings import TrainerSettings

OPTIONS = [(group, name) for group, classes in CHOICES.items() for name in classes]
REFERENCE = ["mnist_mlp", "fashion_mlp", "cifar10_mlp"]
BEST = [
    "mnist_mlp_best",
    "mnist_cnn",
    "fashion_mlp_best",
    "fashion_cnn",
    "cifar10_mlp_best",
    "cifar10_fast",
    "cifar10_airnet",
    "cifar10_record",
]
EXPERIMENTS = [*REFERENCE, *BEST, "digits_cnn", "digits_sweep"]


def composed(conf, *overrides):
    with initialize_config_dir(str(conf), version_base="1.3"):
        return compose("config", overrides=list(overrides))


def plain_config(**changes):
    """The default config as plain values, with some of them changed: `optimizer__lr=3`."""
    plain = to_plain(Config(Digits(), MLP(), AdamW(), Cosine()))
    for path, value in changes.items():
        *parents, name = path.split("__")
        node = plain
        for parent in parents:
            node = node[parent]
        node[name] = value
    return plain


@pytest.mark.parametrize(("group", "name"), OPTIONS)
def test_each_option_composes_to_its_class_with_the_defaults_of_the_class(conf, group, name):
    config = to_config(composed(conf, f"{group}={name}"))
    assert getattr(config, group) == CHOICES[group][name]()


@pytest.mark.parametrize(("group", "name"), OPTIONS)
def test_each_file_spells_out_all_settings(conf, group, name):
    written = OmegaConf.load(conf / group / f"{name}.yaml")
    settings = {field.name for field in fields(CHOICES[group][name])} - {"name"}
    assert set(written) - {"defaults"} == settings


def test_the_main_file_spells_out_the_trainer(conf):
    written = OmegaConf.load(conf / "config.yaml")
    assert set(written.trainer) == {field.name for field in fields(TrainerSettings)}
    assert to_config(composed(conf)).trainer == TrainerSettings()


def test_options_are_the_choices_and_no_schema_is_among_them(conf):
    offered = options(conf)
    assert offered.pop("experiment") == sorted(EXPERIMENTS)
    assert offered == {group: sorted(classes) for group, classes in CHOICES.items()}


@pytest.mark.parametrize("experiment", REFERENCE)
def test_experiments_follow_the_protocol_of_the_reference(conf, experiment):
    config = to_config(composed(conf, f"experiment={experiment}"))
    assert config.dataset.validation.name == "test_halves"
    assert config.model.name == "mlp"
    assert config.optimizer.name == "adamw"
    assert config.schedule.name == "cosine"


def test_reference_settings_of_cifar10(conf):
    config = to_config(composed(conf, "experiment=cifar10_mlp"))
    assert config.dataset.name == "cifar10"
    assert config.dataset.augment
    assert config.dataset.augmentation == Augmentation(crop=2, flip=Flip.random)
    assert config.model == MLP(hidden_dims=[1024, 512], activation=ActivationName.gelu, dropout=0.5)
    assert config.optimizer == AdamW(lr=1e-3, weight_decay=0.03)
    assert config.schedule == Cosine(warmup_epochs=5, lr_min=1e-5)
    assert (config.trainer.epochs, config.trainer.batch_size) == (120, 128)


def test_a_choice_on_the_command_line_beats_the_experiment(conf):
    config = to_config(composed(conf, "experiment=mnist_mlp", "dataset=digits", "optimizer.lr=0.5"))
    assert config.dataset.name == "digits"
    assert config.optimizer.lr == 0.5


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_round_trip_through_yaml(conf, tmp_path, experiment):
    cfg = composed(conf, f"experiment={experiment}", "seed=7", "trainer.threads=2")
    OmegaConf.save(to_plain(cfg), tmp_path / "config.yaml")
    read = OmegaConf.to_container(OmegaConf.load(tmp_path / "config.yaml"))
    assert from_plain(read) == to_config(cfg)
    assert to_plain(from_plain(read)) == read


def test_references_are_resolved_when_a_config_is_composed(conf):
    config = to_config(composed(conf, "trainer.epochs=3", "seed=${trainer.epochs}"))
    assert config.seed == 3


def test_whole_numbers_are_kept_as_such_however_they_are_written(conf):
    config = to_config(composed(conf, "trainer.epochs=1e1", "model.hidden_dims=[16.0]", "seed='3'"))
    plain = to_plain(config)
    values = [plain["trainer"]["epochs"], plain["model"]["hidden_dims"], plain["seed"]]
    assert repr(values) == "[10, [16], 3]"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"optimizer__lr": float("nan")}, "optimizer.lr=nan: must be a finite number > 0"),
        ({"optimizer__lr": "fast"}, "optimizer.lr=fast: must be a number > 0"),
        ({"optimizer__lr": 10**400}, "optimizer.lr=1000"),
        ({"optimizer__rate": 1}, "optimizer.rate=1: no such setting"),
        ({"optimizer__momentum": 1}, "not a setting of optimizer=adamw, but of sgd, muon"),
        (
            {"optimizer__name": "adamm"},
            "optimizer.name=adamm: must be one of sgd, adam, adamw, lion, muon",
        ),
        ({"optimizer": 3}, "optimizer.name=null: must be one of"),
        ({"trainer": [1]}, "trainer=[1]: must hold settings"),
        ({"trainer__early_stopping__patience": 0}, "trainer.early_stopping.patience=0: must be"),
        ({"model__hidden_dims": [8, 0]}, "model.hidden_dims=[8, 0]: must be >= 1"),
        ({"model__hidden_dims": [[8]]}, "model.hidden_dims=[[8]]: must be a list"),
        ({"model__activation": "rely"}, "did you mean relu"),
        ({"dataset__root": "${oc.env:HOME}"}, "dataset.root=${oc.env:HOME}: must be a plain value"),
        ({"model__hidden_dims": ["${seed}"]}, "must be a plain value"),
        ({"seed": "???"}, "seed=???: must be a plain value"),
        ({"seed": None}, "seed=null: must be a whole number"),
        ({"_target_": "os.system"}, "_target_=os.system: no such setting"),
        ({"trainer__batch_size": 1258}, "trainer.batch_size=1258: must be <= 1257"),
        ({"schedule__warmup_epochs": 20}, "schedule.warmup_epochs=20: must be < trainer.epochs=20"),
        ({"schedule__lr_min": 1.0}, "schedule.lr_min=1: must be <= optimizer.lr=0.001"),
        (
            {"trainer__freezing__layers": ["Liner"]},
            "trainer.freezing.layers=Liner: no layer of the model; did you mean Linear?",
        ),
        ({"averaging__decay": 0.9}, "not a setting of averaging=none, but of ema"),
        ({"model__bottleneck": 0}, "model.bottleneck=0: must be >= 1"),
        ({"model__norm": "bath"}, "did you mean batch"),
        (
            {"model__hidden_dims": [8], "model__residual": True},
            "model.residual=true: needs a second hidden layer",
        ),
        ({"dataset__augmentation__crop": 8}, "dataset.augmentation.crop=8: must be <= 7"),
    ],
)
def test_what_is_refused_is_named_by_its_full_path(changes, message):
    with pytest.raises(SettingError) as error:
        from_plain(plain_config(**changes))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def whole_settings(settings, path):
    """The names of all settings that are whole numbers, or lists of them."""
    hints = get_type_hints(settings)
    for name in [field.name for field in fields(settings)]:
        if dataclasses.is_dataclass(hints[name]):
            yield from whole_settings(hints[name], f"{path}{name}__")
        elif "int" in re.findall(r"\w+", str(hints[name])):
            yield f"{path}{name}", get_origin(hints[name]) is list


def numbers_to_limit():
    yield from ((name, is_list, {}) for name, is_list in whole_settings(Config, ""))
    for group, classes in CHOICES.items():
        for settings in classes.values():
            for name, is_list in whole_settings(settings, f"{group}__"):
                defaults = OmegaConf.to_container(OmegaConf.structured(settings), enum_to_str=True)
                yield name, is_list, {group: defaults}


def test_every_whole_number_has_an_upper_limit():
    found = list(numbers_to_limit())
    assert len(found) > 30
    for name, is_list, chosen in found:
        number = [10**400] if is_list else 10**400
        plain = plain_config(**chosen, **{name: number})
        path = name.replace("__", r"\.")
        with pytest.raises(SettingError, match=rf"{path}=.*: must be .*<=? \d+"):
            from_plain(plain)


@pytest.mark.parametrize("name", ["schedule.every_epochs", "schedule.warmup_epochs"])
def test_a_time_has_an_upper_limit(conf, name):
    with pytest.raises(UserError, match=rf"{name}=1e308: must be .* <= 1000000 \(epochs"):
        check(["schedule=step", f"{name}=1e308"], conf)


def test_a_model_that_the_images_are_too_small_for_is_refused():
    plain = {**plain_config(), "model": {"name": "cnn", "widths": [4, 8, 16, 32]}}
    message = (
        "model=cnn does not fit dataset=digits: images of 8x8 pixels are too small: its "
        "layers need 16 each way"
    )
    with pytest.raises(SettingError, match=re.escape(message)):
        from_plain(plain)


@pytest.mark.parametrize("plain", [None, 3, [], "text", {}, {"dataset": None}, {1: 2}])
def test_what_is_no_config_at_all_is_refused(plain):
    with pytest.raises(SettingError, match=r"dataset.name=null: must be one of"):
        from_plain(plain)


def test_a_key_that_is_no_text_is_refused():
    with pytest.raises(SettingError, match="3=4: no such setting"):
        from_plain({**plain_config(), 3: 4})


def test_a_reference_that_leads_nowhere_is_refused(conf):
    with pytest.raises(SettingError, match=r"seed: \$\{nowhere\} refers to no setting"):
        to_config(composed(conf, "seed=${nowhere}"))
