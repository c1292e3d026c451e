"""Which images are shown, against a slow search by hand."""

from collections import Counter

import numpy as np
from insight.answers import answers

from scratchnet.insight import gallery


def test_all_mistakes_are_shown_if_there_is_room_the_surest_first():
    said = answers()
    wrong = [i for i in range(500) if said.labels[i] != said.predictions[i]]
    expected = sorted(wrong, key=lambda i: -said.probabilities[i])
    assert gallery.chosen(said, 5, most=1000)["mistakes"] == expected


def test_each_pair_keeps_as_many_of_its_surest_mistakes_as_possible():
    said = answers(2000)
    shown = gallery.chosen(said, 5, most=50)["mistakes"]
    assert len(shown) == 50
    pair = lambda i: (said.labels[i], said.predictions[i])  # noqa: E731
    counts = Counter(map(pair, shown))
    assert len(counts) == 20  # all of 5 x 4 pairs
    assert set(counts.values()) == {2, 3}
    wrong = np.flatnonzero(said.labels != said.predictions)
    for i in wrong[~np.isin(wrong, shown)]:
        least = min(said.probabilities[j] for j in shown if pair(j) == pair(i))
        assert said.probabilities[i] <= least


def test_hits_are_the_least_certain_and_rows_have_each_class():
    said = answers()
    chosen = gallery.chosen(said, 5, most=10)
    right = [i for i in range(500) if said.labels[i] == said.predictions[i]]
    assert chosen["hits"] == sorted(right, key=lambda i: said.probabilities[i])[: gallery.HITS]
    assert Counter(said.labels[chosen["rows"]].tolist()) == dict.fromkeys(range(5), gallery.ROW)
    assert len(set(chosen["rows"])) == 5 * gallery.ROW


def test_an_entry_says_both_probabilities():
    said = answers()
    (one,) = gallery.entries(said, [7])
    assert one["image"] == "7.png"
    assert one["label_probability"] == said.label_probabilities[7]
    assert one["probability"] == said.probabilities[7]
