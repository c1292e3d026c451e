"""An experiment file that is wrong is refused with its line and with what to write."""

import time

import pytest

from scratchnet.cli import composition
from scratchnet.errors import UserError

HEADER = "# @package _global_\n"
WRONG = {
    "empty": ("", "its first line must be `# @package _global_`"),
    "no header": ("seed: 3", "its first line must be `# @package _global_`"),
    "late header": (f"# mine\n{HEADER}seed: 3", "its first line must be"),
    "another header": ("# @package hydra.job_logging\nroot: x", "its first line must be"),
    "byte order mark": (f"\ufeff{HEADER}seed: 3", "starts with a byte order mark; save it as"),
    "not UTF-8": (b"\xff\xfe", "is not UTF-8 text"),
    "a scalar": (f"{HEADER}42", "line 2: must hold settings, e.g. `seed: 3`"),
    "a list": (f"{HEADER}- 1\n- 2", "line 2: must hold settings"),
    "broken": (f"{HEADER}seed: [", "cannot be read as settings"),
    "indented": (f"{HEADER}trainer:\n  epochs: 3\n epochs: 4", "in line 4"),
    "a tab": (f"{HEADER}trainer:\n\tepochs: 3", "in line 3"),
    "twice": (f"{HEADER}seed: 3\nseed: 4", "found duplicate key seed, in line 3"),
    "digits": (f"{HEADER}seed: {'9' * 5000}", "a number has too many digits"),
    # choices
    "choice without override": (
        f"{HEADER}defaults:\n  - optimizer: sgd",
        "line 3: write `- override /optimizer: sgd`",
    ),
    "choice without slash": (
        f"{HEADER}defaults:\n  - override optimizer: sgd",
        "line 3: write `- override /optimizer: sgd`",
    ),
    "choice with slash only": (
        f"{HEADER}defaults:\n  - /optimizer: sgd",
        "line 3: write `- override /optimizer: sgd`",
    ),
    "choice as a setting": (
        f"{HEADER}optimizer: sgd",
        "line 2: below `defaults:`, write `- override /optimizer: sgd`",
    ),
    "choice by name": (
        f"{HEADER}optimizer:\n  name: sgd",
        "line 3: below `defaults:`, write `- override /optimizer: sgd`",
    ),
    "two in one": (
        f"{HEADER}defaults:\n  - override /optimizer: sgd\n    override /model: cnn",
        "line 3: write one choice for each `-`",
    ),
    "misspelt group": (
        f"{HEADER}defaults: [override /optimiser: sgd]",
        "line 2: optimiser: must be one of dataset, model, optimizer, schedule, averaging, "
        "hydra/launcher, hydra/sweeper (did you mean optimizer?)",
    ),
    "misspelt option": (
        f"{HEADER}defaults: [override /optimizer: sgdd]",
        "optimizer=sgdd: must be one of adam, adamw, lion, muon, sgd (did you mean sgd?)",
    ),
    "moved group": (f"{HEADER}defaults: [override /model@trainer: mlp]", "model@trainer: must be"),
    "other experiment": (
        f"{HEADER}defaults: [experiment: mnist_mlp]",
        "line 2: write `- mnist_mlp`, the name of the other experiment",
    ),
    "experiment as a setting": (f"{HEADER}experiment: x", "write the other experiment's name"),
    # settings
    "dotted": (
        f"{HEADER}model.dropout: 0.1",
        "line 2: write `model:`, and `dropout: ...` indented below it",
    ),
    "wrong type": (
        f"{HEADER}model:\n  hidden_dims: 512",
        "model.hidden_dims=512: must be a list of whole numbers >= 1 and <= 65536 (neurons of "
        "each hidden layer) (mine.yaml, line 3)",
    ),
    "no settings": (f"{HEADER}trainer: 5", "trainer=5: must hold settings: epochs,"),
    "misspelt": (
        f"{HEADER}trainer: {{epoch: 3}}",
        "did you mean trainer.epochs? (mine.yaml, line 2)",
    ),
    "no such section": (f"{HEADER}extra: {{epochs: 3}}", "extra.epochs=3: no such setting"),
    "out of range": (
        f"{HEADER}seed: 3\n\ntrainer: {{epochs: 0}}",
        "(mine.yaml, line 4)",
    ),
    "reference": (f"{HEADER}seed: ${{nowhere}}", "${nowhere} refers to no setting"),
    # below hydra
    "log file": (
        f"{HEADER}hydra:\n  job_logging:\n    handlers: {{a: {{class: logging.FileHandler}}}}",
        "line 4: hydra.job_logging.handlers.a.class: an experiment may set only hydra/launcher, "
        "hydra/sweeper, hydra.mode, hydra.run.dir",
    ),
    "callback": (f"{HEADER}hydra: {{callbacks: {{a: {{_target_: os.system}}}}}}", "may set only"),
    "chosen logging": (
        f"{HEADER}defaults: [override /hydra/job_logging: default]",
        "hydra/job_logging: must be one of",
    ),
    "chosen callback": (
        f"{HEADER}defaults: [/hydra/callbacks: x]",
        "hydra/callbacks: must be one of",
    ),
    "environment": (f"{HEADER}hydra: {{job: {{env_set: {{A: b}}}}}}", "may set only"),
    "all of hydra": (f"{HEADER}hydra: ${{trainer}}", "hydra: an experiment may set only"),
    "another launcher": (f"{HEADER}hydra: {{launcher: {{_target_: os.system}}}}", "may set only"),
    "merged": (f"{HEADER}<<: {{hydra: {{job: {{chdir: true}}}}}}", "`<<` is not read"),
    "anchor": (f"{HEADER}trainer: &a {{epochs: 3}}", "an anchor, an alias or a tag"),
}


def check(conf, folder, name="mine", *overrides):
    return composition.check(
        [f"hydra.searchpath=['{folder}']", f"experiment={name}", *overrides], conf
    )


def write(folder, name, content):
    path = folder / "experiment" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named_with_its_line(conf, tmp_path, monkeypatch, name):
    content, message = WRONG[name]
    write(tmp_path, "mine.yaml", content)
    monkeypatch.chdir(tmp_path / "experiment")
    with pytest.raises(UserError) as error:
        check(conf, tmp_path)
    assert message in str(error.value)
    assert "mine.yaml" in str(error.value) or name in ("misspelt option", "reference")
    assert str(tmp_path) not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_setting_of_ones_own(conf, tmp_path):
    write(tmp_path, "mine.yaml", f"{HEADER}trainer: {{epochs: 1e1, batch_size: 64.0}}\n")
    trainer = check(conf, tmp_path).trainer
    assert (trainer.epochs, trainer.batch_size) == (10, 64)


def test_an_experiment_builds_on_another(conf, tmp_path):
    write(tmp_path, "first.yaml", f"{HEADER}defaults: [override /model: linear]\nseed: 1\n")
    write(tmp_path, "mine.yaml", f"{HEADER}defaults:\n  - first\n  - _self_\nseed: 2\n")
    config = check(conf, tmp_path)
    assert (config.model.name, config.seed) == ("linear", 2)


def test_a_mistake_is_located_in_the_file_that_makes_it(conf, tmp_path):
    write(tmp_path, "first.yaml", f"{HEADER}seed: 1\ntrainer: {{epochs: 0}}\n")
    write(tmp_path, "mine.yaml", f"{HEADER}defaults: [first]\nmodel: {{dropout: 0.1}}\n")
    with pytest.raises(UserError, match=r"first\.yaml, line 3\)$"):
        check(conf, tmp_path)
    assert check(conf, tmp_path, "mine", "trainer.epochs=1").trainer.epochs == 1


def test_an_experiment_that_builds_on_itself(conf, tmp_path):
    write(tmp_path, "mine.yaml", f"{HEADER}defaults: [other]")
    write(tmp_path, "other.yaml", f"{HEADER}defaults: [mine]")
    with pytest.raises(UserError, match="builds on itself: mine -> other -> mine"):
        check(conf, tmp_path)


def test_launcher_sweeper_and_folders_may_be_set(conf, tmp_path):
    plugins = "[override /hydra/launcher: basic, override /hydra/sweeper: basic]"
    folders = "{run: {dir: here}, sweep: {dir: there}, sweeper: {params: {seed: '0,1'}}}"
    write(tmp_path, "mine.yaml", f"{HEADER}defaults: {plugins}\nhydra: {folders}\nseed: 4\n")
    assert check(conf, tmp_path).seed == 4


def test_a_file_that_ends_in_yml_is_named(conf, tmp_path):
    write(tmp_path, "mine.yml", f"{HEADER}seed: 3\n")
    with pytest.raises(UserError, match=r"mine\.yml: is not read.* rename it to mine\.yaml"):
        check(conf, tmp_path)


def test_an_alias_bomb_is_refused_at_once(conf, tmp_path):
    lines = [f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]
    write(tmp_path, "mine.yaml", "\n".join([HEADER + "a0: &a0 [x]", *lines]))
    start = time.process_time()
    with pytest.raises(UserError, match="an anchor, an alias or a tag"):
        check(conf, tmp_path)
    assert time.process_time() - start < 1


def test_the_command_line_is_blamed_for_what_it_sets(conf, tmp_path):
    write(tmp_path, "mine.yaml", f"{HEADER}trainer: {{epochs: 3}}\n")
    with pytest.raises(UserError) as error:
        check(conf, tmp_path, "mine", "trainer.epochs=-1e0")
    assert str(error.value).startswith("trainer.epochs=-1e0: must be >= 1")
    assert "yaml" not in str(error.value)
