"""Which settings differ, and the short names that tell runs apart."""

from scratchnet.compare.differences import derived, differing, label, short_names


def test_a_setting_differs_unless_its_option_implies_it():
    mlp = {"model.name": "mlp", "model.dims": [3, 4], "model.p": 0.1, "lr": 1}
    deep = mlp | {"model.dims": [3, 4, 5]}
    linear = {"model.name": "linear", "lr": 1.0}
    assert differing([mlp, linear]) == ["model.name"]
    assert differing([mlp, deep, linear]) == ["model.name", "model.dims"]
    assert differing([mlp, {k: v for k, v in mlp.items() if k != "model.p"}]) == ["model.p"]
    assert differing([{"a": 1}, {"a": True}]) == ["a"]
    digits = {"dataset.name": "digits", "dataset.validation_size": 180}
    mnist = {"dataset.name": "mnist", "dataset.validation_size": 5000}
    assert differing([digits, mnist]) == ["dataset.name"]
    assert differing([digits, mnist, digits | {"dataset.validation_size": 90}]) == [*digits]
    short = short_names(["model.name", "model.dims"])
    names = ["model.name", "model.dims"]
    assert label(deep, names, short) == "model=mlp dims=[3,4,5]"
    assert label(linear, names, short) == "model=linear"


def test_short_names_are_unambiguous():
    names = ["optimizer.lr", "schedule.lr", "model.name", "seed"]
    assert short_names(names) == {
        "optimizer.lr": "optimizer.lr",
        "schedule.lr": "schedule.lr",
        "model.name": "model",
        "seed": "seed",
    }
    assert short_names(["trainer.epochs"], others=["epochs"]) == {
        "trainer.epochs": "trainer.epochs"
    }


def test_what_follows_from_a_choice_is_derived():
    settings = [
        {"optimizer.name": "adamw", "optimizer.weight_decay": 0.01, "optimizer.lr": 0.1},
        {"optimizer.name": "sgd", "optimizer.weight_decay": 0.0, "optimizer.lr": 0.1},
        {"optimizer.name": "adamw", "optimizer.weight_decay": 0.01, "optimizer.lr": 0.2},
    ]
    names = differing(settings)
    assert derived(names, settings) == ["optimizer.weight_decay"]
    assert derived(["optimizer.weight_decay"], settings) == []  # the choice does not differ
