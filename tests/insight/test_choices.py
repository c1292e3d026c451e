"""Only what differs from the defaults of the chosen options counts as chosen."""

from small_runs import composed

from scratchnet.config import to_plain
from scratchnet.insight.choices import choices


def test_options_are_named_and_settings_only_where_they_differ(conf):
    plain = to_plain(composed("optimizer=sgd", "optimizer.lr=0.5", "model.dropout=0.1", small=()))
    found = choices(plain)
    chosen = {name: (value, default) for name, value, default in found["chosen"]}
    assert chosen == {
        "dataset.name": ("digits", ""),
        "model.name": ("mlp", ""),
        "model.dropout": ("0.1", "0"),
        "optimizer.name": ("sgd", ""),
        "optimizer.lr": ("0.5", "0.1"),
        "schedule.name": ("cosine", ""),
        "averaging.name": ("none", ""),
    }
    assert ["trainer.batch_size", "128"] in found["all"]


def test_names_notes_and_tags_choose_nothing(conf):
    plain = to_plain(composed("name=first", "note=hello", "tags=[a]", small=()))
    assert {"name", "note", "tags"}.isdisjoint(name for name, _ in choices(plain)["all"])


def test_settings_that_no_option_has_any_more_are_shown_without_default(conf):
    plain = to_plain(composed(small=())) | {"optimizer": {"name": "gone", "speed": 3}}
    found = choices(plain)
    assert ["optimizer.name", "gone", ""] in found["chosen"]
    assert ["optimizer.speed", "3"] in found["all"]
