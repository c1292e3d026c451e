"""Mistakes on the command line are found before Hydra makes a folder, and reported in one line."""

import shlex
import shutil

import pytest
from hydra import compose, initialize_config_dir

from scratchnet.cli import composition
from scratchnet.cli.composition import check, combinations
from scratchnet.config import to_config
from scratchnet.errors import UserError

BAD = [
    # options
    (
        "optimizer=adamm",
        "optimizer=adamm: must be one of adam, adamw, lion, muon, sgd (did you mean adam?)",
    ),
    ("optimizer=3", "optimizer=3: must be one of adam, adamw, lion, muon, sgd"),
    ("optimizer=null", "optimizer=null: must be one of adam, adamw, lion, muon, sgd"),
    ("optimizer=[sgd,adam]", "optimizer=[sgd,adam]: must be one of"),
    ("optimizer=../config", "optimizer=../config: must be one of adam, adamw"),
    ("optimizer=adam/../sgd", "optimizer=adam/../sgd: must be one of adam, adamw"),
    ("model=mlp.yaml", "model=mlp.yaml: must be one of airnet, cnn,"),
    ("model=./mlp", "model=./mlp: must be one of"),
    ("model=/mlp", "model=/mlp: must be one of"),
    ("experiment=mnist", "experiment=mnist: must be one of cifar10_airnet, cifar10_fast"),
    ("optimiser=adam", "optimiser=adam: no such setting; did you mean optimizer?"),
    ("+optimizer=adam", "optimizer already has a value; write optimizer=adam"),
    ("++optimizer=adam", "optimizer already has a value; write optimizer=adam"),
    ("optimizer@model=adam", "a group cannot be moved"),
    ("schema=config", "schema=config: no such setting"),
    ("schema/model=mlp", "schema/model=mlp: no such setting"),
    # keys
    ("trainer.epoch=3", "trainer.epoch=3: no such setting; did you mean trainer.epochs?"),
    ("+trainer.epoch=3", "did you mean trainer.epochs?"),
    ("++trainer.epoch=3", "did you mean trainer.epochs?"),
    ("+trainer.epochs=3", "trainer.epochs already has a value; write trainer.epochs=3"),
    ("trainer={epoch:3}", "trainer.epoch=3: no such setting; did you mean trainer.epochs?"),
    ("lr=0.1", "lr=0.1: no such setting; did you mean optimizer.lr?"),
    ("++a.b.c=1", "a.b.c=1: no such setting; `python run.py --help`"),
    ("hydra.run.dirr=x", "hydra.run.dirr=x: of Hydra's settings, only hydra.run.dir, "),
    ("hydra.job.chdir=true", "hydra.job.chdir=true: of Hydra's settings, only hydra.run.dir"),
    ("hydra/callbacks=x", "of Hydra's settings, only "),
    ("+hydra.callbacks.x._target_=os.system", "of Hydra's settings, only "),
    ("hydra/job_logging=default", "of Hydra's settings, only "),
    ("++hydra.job_logging.root.level=DEBUG", "of Hydra's settings, only "),
    ("hydra.job.env_set.HOME=x", "of Hydra's settings, only "),
    ("hydra.output_subdir=x", "of Hydra's settings, only "),
    ("hydra.run.dir='~/x'", "~ is not expanded in quotes; write hydra.run.dir=~/..."),
    ("hydra/launcher=joblib", "hydra/launcher=joblib: only applies to a sweep; add -m"),
    ("hydra.sweep.dir=x", "hydra.sweep.dir=x: only applies to a sweep; add -m"),
    ("~model.dropout", "a setting cannot be removed"),
    ("~model", "a setting cannot be removed"),
    ("model=linear model.dropout=0.1", "not a setting of model=linear, but of mlp"),
    (
        "experiment=cifar10_mlp model=linear",
        "model.hidden_dims=[1024,512]: not a setting of model=linear, but of mlp",
    ),
    # types
    (
        "trainer.epochs=abc",
        "trainer.epochs=abc: must be a whole number >= 1 and <= 1000000 (epochs",
    ),
    ("trainer.epochs=1.5", "trainer.epochs=1.5: must be a whole number >= 1 and <= 1000000 ("),
    ("trainer.epochs=true", "trainer.epochs=true: must be a whole number"),
    ("trainer.epochs=null", "trainer.epochs=null: must be a whole number"),
    ("trainer.epochs=[3]", "trainer.epochs=[3]: must be a whole number"),
    ("trainer=3", "trainer=3: must hold settings: epochs,"),
    ("trainer.live=maybe", "trainer.live=maybe: must be true or false"),
    ("model.hidden_dims=64", "model.hidden_dims=64: must be a list of whole numbers"),
    ("model.activation=rely", "model.activation=rely: must be one of relu"),
    ("hydra.run.dir=", "hydra.run.dir=: must be a folder, e.g. hydra.run.dir=outputs/mine"),
    ("hydra.run.dir=null", "hydra.run.dir=null: must be a folder"),
    ("hydra.mode=MULTIRUN", "write -m to run a sweep"),
    ("hydra.sweep.subdir=x", "is fixed: the folder of a job is its number"),
    # ranges
    ("model.dropout=1.5", "model.dropout=1.5: must be >= 0"),
    ("trainer.epochs=1 trainer.epochs=0", "trainer.epochs=0: must be >= 1 and <= 1000000 (epochs"),
    ("trainer.epochs=0", "trainer.epochs=0: must be >= 1 and <= 1000000 (epochs"),
    ("optimizer.lr=nan", "optimizer.lr=nan: must be a finite number > 0"),
    ("optimizer.lr=inf", "optimizer.lr=inf: must be a finite number > 0"),
    ("model.hidden_dims=[0]", "model.hidden_dims=[0]: must be >= 1"),
    ("model.hidden_dims=[]", "model.hidden_dims=[]: must not be empty"),
    ("seed=-1", "seed=-1: must be >= 0"),
    # combinations
    ("trainer.batch_size=1258", "trainer.batch_size=1258: must be <= 1257"),
    ("dataset.augmentation.crop=8", "dataset.augmentation.crop=8: must be <= 7"),
    ("trainer.epochs=3 schedule.warmup_epochs=3", "schedule.warmup_epochs=3: must be < trainer"),
    ("dataset.name=mnist", "dataset.name=mnist: is fixed to 'digits'"),
    (
        "dataset.validation=none trainer.early_stopping.patience=3",
        "trainer.early_stopping.patience=3: must be null with dataset.validation=none",
    ),
    ("dataset.augmentation.flip=true", "augmentation.flip=true: must be one of none, random, alt"),
    ("dataset.augmentation.cutout=9", "dataset.augmentation.cutout=9: must be <= 8 (pixels)"),
    ("trainer.test_time_augmentation=all", "must be one of none, flip, flip_shift"),
    # syntax
    ("trainer.epochs", "'trainer.epochs' cannot be read"),
    ("optimizer.lr=[1", "'optimizer.lr=[1' cannot be read"),
    ("optimizer.lr=1,", "'optimizer.lr=1,' cannot be read"),
    ("trainer..epochs=1", "'trainer..epochs=1' cannot be read"),
    ("=1", "=1: no such setting"),
    ("seed=" + "9" * 5000, "cannot be read: a number has too many digits"),
    (
        "hydra.run.dir=outputs/a=b",
        "needs two pairs of quotes: 'hydra.run.dir=\"outputs/a=b\"'",
    ),
    ("dataset.root=~me/data", "needs two pairs of quotes: 'dataset.root=\"~me/data\"'"),
    ("model.hidden_dims=[512,", "leave out the blank after the comma: model.hidden_dims=[1,2]"),
    ("seed=${nowhere}", "seed: ${nowhere} refers to no setting"),
    ("seed=${nothing:1}", "seed: ${nothing:...} is no reference to a setting"),
    ("seed=???", "seed=???: must be a plain value"),
]


@pytest.mark.parametrize(
    ("overrides", "message"), BAD, ids=[overrides[:40] for overrides, _ in BAD]
)
def test_bad_input(conf, overrides, message):
    with pytest.raises(UserError) as error:
        check(overrides.split(), conf)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


SEVERAL = [
    ("optimizer.lr=1e-3,3e-4", ""),
    ("optimizer.lr=0,001", ", or write a decimal point: optimizer.lr=0.001"),
    ("optimizer=sgd,adam", ""),
    ("trainer.epochs=5,10", ""),
    ("model.hidden_dims=512,256", ", or write a list: model.hidden_dims=[512,256]"),
]


@pytest.mark.parametrize(("override", "hint"), SEVERAL)
def test_several_values_without_a_sweep(conf, override, hint):
    with pytest.raises(UserError) as error:
        check([override], conf)
    assert str(error.value) == f"{override}: several values; add -m to run each{hint}"


@pytest.mark.parametrize(
    "typed", ["optimizer.lr=-1e-3", "optimizer.lr=-0.12345678", "trainer.epochs=1e-1"]
)
def test_values_are_shown_as_typed(conf, typed):
    with pytest.raises(UserError) as error:
        check([typed], conf)
    assert str(error.value).startswith(f"{typed}: must be ")


def test_the_quoted_form_that_is_offered_works(conf):
    with pytest.raises(UserError) as error:
        check(["dataset.root=a=b"], conf)
    _, _, offered = str(error.value).partition("quotes: ")
    assert check(shlex.split(offered), conf).dataset.root.endswith("/a=b")


@pytest.mark.parametrize("override", ["seed = 3", " seed=3"])
def test_blanks_around_the_equals_sign(conf, override):
    with pytest.raises(UserError, match="write seed=3, without blanks around ="):
        check([override], conf)


@pytest.mark.parametrize("override", ["", " ", "{", "a b=1", "é=1"])
def test_what_is_no_override(conf, override):
    with pytest.raises(UserError, match="cannot be read"):
        check([override], conf)


@pytest.mark.parametrize(
    "overrides",
    [
        "",
        "experiment=cifar10_mlp trainer.epochs=30",
        "dataset=cifar10 dataset.augmentation={rotation:10,cutout:12,flip:alternating}",
        "dataset.validation=none trainer.test_time_augmentation=flip",
        "dataset=cifar10 model=linear schedule=one_cycle optimizer=sgd",
        "model.hidden_dims=[64] model.activation=gelu optimizer.lr=3e-4",
        "model.hidden_dims.0=64",
        "++trainer.epochs=3 optimizer={lr:0.5,beta1:0.8} trainer={epochs:4}",
        "trainer.early_stopping={patience:3,metric:val_loss} trainer.clip_norm=null",
        "seed=${trainer.epochs} dataset.root='data/sets'",
        "trainer.threads=2 dataset.validation=test_halves seed='3'",
        "hydra.run.dir=somewhere",
        "model=linear model=mlp trainer.epochs=3 trainer.epochs=5",
        "trainer.epochs=1e1 trainer.batch_size=64.0 model.hidden_dims=[1e2,16.0] seed='3'",
    ],
)
def test_the_checked_config_is_the_one_that_hydra_composes(conf, overrides):
    checked = check(overrides.split(), conf)
    with initialize_config_dir(str(conf), version_base="1.3"):
        assert checked == to_config(compose("config", overrides=overrides.split()))


SWEEPS = [
    ("optimizer.lr=1e-3,nan", "optimizer.lr=nan: must be a finite number > 0"),
    ("seed=0,1,0", "seed=0,1,0: has 0 twice"),
    ("optimizer.lr=1e-3,0.001", "optimizer.lr=1e-3,0.001: has 0.001 twice"),
    ("model=mlp,mlp", "model=mlp,mlp: has mlp twice"),
    ("hydra.sweep.dir=", "hydra.sweep.dir=: must be a folder"),
    (
        "model=mlp,linearr",
        "must be one of airnet, cnn, lenet, linear, mlp, resnet (did you mean linear?)",
    ),
    ("model=mlp,linear model.dropout=0.1,0.2", "model.dropout=0.1: not a setting of model=linear"),
    (
        "trainer.epochs=5,1 schedule.warmup_epochs=0,2",
        "schedule.warmup_epochs=2: must be < trainer",
    ),
    ("seed=range(0,1000000000)", "this sweep has more than 10000 jobs"),
    ("seed=range(0,1000) trainer.epochs=range(1,100)", "this sweep has more than 10000 jobs"),
    ("seed=range(5,1)", "this sweep has no jobs"),
    ("seed=range(0,5,0)", "range() arg 3 must not be zero"),
    ("optimizer.lr=interval(0,1)", "list values, optimizer.lr=a,b,c"),
    ("hydra.launcher.n_jobs=2", "hydra.launcher.n_jobs: no such setting"),
    ("hydra.run.dir=x", "hydra.run.dir=x: with -m, write hydra.sweep.dir=FOLDER"),
    ("seed=0,1 seed=5", "seed=0,1: seed is given twice"),
    ("hydra.run.dir=a,b", "hydra.run.dir=a,b: takes only one value"),
]


@pytest.mark.parametrize(("overrides", "message"), SWEEPS)
def test_every_job_of_a_sweep_is_checked(conf, overrides, message):
    with pytest.raises(UserError) as error:
        combinations(overrides.split(), conf)
    assert message in str(error.value)


def test_a_sweep_composes_its_choices_once(conf, monkeypatch):
    calls = []
    original = composition.compose
    monkeypatch.setattr(
        composition, "compose", lambda *a, **k: calls.append(k) or original(*a, **k)
    )
    combinations(["model=mlp,linear", "seed=range(0,10)", "optimizer.lr=1e-3,3e-4"], conf)
    assert len(calls) <= 2  # another test may have composed one of the two


def test_a_wrong_value_is_met_before_all_combinations_are_made(conf, monkeypatch):
    calls = []
    original = composition.build
    monkeypatch.setattr(composition, "build", lambda *args: calls.append(args) or original(*args))
    with pytest.raises(UserError, match="lr=nan: must be a finite number > 0"):
        combinations(
            ["optimizer.lr=1e-3,nan", "seed=range(0,100)", "model.dropout=0,0.1,0.2"], conf
        )
    assert len(calls) <= 4


def test_a_sweep_over_all_options(conf):
    combinations(["schedule=glob(*)", "optimizer=choice(sgd,adam)"], conf)


@pytest.mark.parametrize(
    ("overrides", "problem"),
    [
        (["trainer.batch_size=1"], "batch_size=1: leaves a single one of 1,257 samples in a batch"),
        (["trainer.batch_size=8"], "and batch normalisation needs two; try 9"),
        (["trainer.batch_size=9"], None),
        (["trainer.batch_size=1", "model.norm=layer"], None),
        (["trainer.batch_size=1", "model=lenet"], None),
        (["trainer.batch_size=1", "model=cnn", "model.widths=[4]"], None),  # many places per image
    ],
)
def test_batch_normalisation_needs_two_samples(conf, overrides, problem):
    model = [] if any(text.startswith("model=") for text in overrides) else ["model.norm=batch"]
    if problem is None:
        check([*model, *overrides], conf)
    else:
        with pytest.raises(UserError, match=problem):
            check([*model, *overrides], conf)


def test_a_changed_folder_is_refused_in_the_main_config_too(conf, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    changed = shutil.copytree(conf, tmp_path / "conf") / "config.yaml"
    changed.write_text(changed.read_text().replace("chdir: false", "chdir: true"))
    with pytest.raises(UserError, match=r"^conf/config.yaml: hydra.job.chdir=true: must be false"):
        check([], changed.parent)


def test_a_run_inside_a_run_is_refused_before_any_folder_is_made(conf, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run.json").touch()
    with pytest.raises(UserError, match="deep/er: lies inside a run"):
        check(["hydra.run.dir=deep/er"], conf)


def test_where_data_are_is_kept_independent_of_the_current_folder(conf, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert check(["dataset.root=data"], conf).dataset.root == str(tmp_path / "data")
    own = check(["dataset=folder", "dataset.path='~/flowers'"], conf).dataset
    assert own.path == str(tmp_path / "home" / "flowers")
    assert check([], conf).dataset.root is None
    with pytest.raises(UserError, match=r"=~no-one/data: there is no such user"):
        check(["dataset.root='~no-one/data'"], conf)
