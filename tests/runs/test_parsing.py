"""Whatever the files of a run contain, plain values come back or a one-line RunError."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchnet.errors import RunError
from scratchnet.runs import parsing

COLUMNS = {"epoch": int, "loss": float}
YAML_WORDS = """!!int !!bool !!binary !!timestamp !!python/object:os.system &a *a <<: 1e999 .nan 0x
0o 1_0 12:30:45 2020-01-01 null ${ ??? key: --- ..."""
YAML_PIECES = [
    "\n",
    "\n  ",
    "- ",
    "\x00",
    "\u2028",
    "é",
    "🎲",
    *"abk01 \t:-,#?!&*|>%@`'\"[]{}~=<.",
    *(f"{word} " for word in YAML_WORDS.split()),
]


def write(folder, content):
    path = folder / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def returns_or_refuses(read, path):
    start = time.perf_counter()
    try:
        result = read(path)
    except RunError as error:
        result = None
        message = str(error)
    else:
        message = ""
    assert message.isprintable()
    assert time.perf_counter() - start < 2
    return result


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(), st.lists(st.sampled_from(YAML_PIECES)).map("".join)))
def test_yaml(tmp_path_factory, content):
    values = returns_or_refuses(parsing.read_yaml, write(tmp_path_factory.mktemp("yaml"), content))
    assert values is None or isinstance(values, dict)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(), st.text('{}[]":,0123456789.eE-+ \\nulltruefasNI', max_size=60)))
def test_json(tmp_path_factory, content):
    values = returns_or_refuses(parsing.read_json, write(tmp_path_factory.mktemp("json"), content))
    assert values is None or isinstance(values, dict)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(), st.text("0123456789.,e-+naif_ \n\r", max_size=60)))
def test_csv(tmp_path_factory, content):
    content = b"epoch,loss\n" + (content if isinstance(content, bytes) else content.encode())
    path = write(tmp_path_factory.mktemp("csv"), content)
    rows = returns_or_refuses(lambda path: parsing.read_csv(path, COLUMNS), path)
    assert rows is None or all(list(row) == ["epoch", "loss"] for row in rows)


def test_yaml_scalars_get_their_types(tmp_path):
    path = write(tmp_path, "a: 1e-3\nb: 5\nc: [1.0, yes]\nd: null\ne: '1e-3'\nf: 2020-01-01\n")
    assert parsing.read_yaml(path) == {
        "a": 1e-3,
        "b": 5,
        "c": [1.0, True],
        "d": None,
        "e": "1e-3",
        "f": "2020-01-01",
    }


def test_the_largest_config_is_read_in_time(tmp_path):
    lines = [f"key{i}: {'x' * 52}" for i in range(parsing.MOST_SETTINGS)]
    path = write(tmp_path, "\n".join(lines))
    assert path.stat().st_size > 0.9 * parsing.LARGEST_YAML
    assert len(returns_or_refuses(parsing.read_yaml, path)) == parsing.MOST_SETTINGS


BILLION_LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)}, *{chr(97 + i)}]\n" for i in range(24)
)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (BILLION_LAUGHS, "an anchor, an alias or a tag"),
        ("a: !!python/object/apply:os.system [id]", "an anchor, an alias or a tag"),
        ("a: !!python/object/apply:pathlib.Path [x]", "an anchor, an alias or a tag"),
        ("a: ${oc.env:HOME}", "a reference or \\?\\?\\?"),
        ("b: x\na: prefix ${b}", "a reference or \\?\\?\\?"),
        ("a: ???", "a reference or \\?\\?\\?"),
        ("a: .nan", "nan is not a finite number"),
        ("1: a", "the name 1 is not text"),
        ("a: 1\na: 2", "duplicate key a"),
        ("- a", "must map names to values"),
        ("[" * 60_000, "nest"),  # libyaml has its own limit
        ("- " * 30_000, "nest"),
        ("{a: " * 9999, "nest"),
        ("a: [" * 5000, "cannot be read as settings"),
        ("a: " + "9" * 5000, "cannot be read as settings"),
        (b"\xff\xfe", "is not UTF-8 text"),
        ("a: " + "x" * (64 << 10), "larger than the limit of 65,536 bytes"),
    ],
)
def test_hostile_yaml_is_refused_in_time(tmp_path, content, problem):
    start = time.perf_counter()
    with pytest.raises(RunError, match=problem) as refused:
        parsing.read_yaml(write(tmp_path, content))
    assert time.perf_counter() - start < 2
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"a": NaN}', "NaN is not a number"),
        ('{"a": 1e999}', "inf is not a finite number"),
        ("[1]", "must be an object"),
        ("[" * 100_000, "cannot be read as JSON"),
        ('{"a": ' + "9" * 5000 + "}", "cannot be read as JSON"),
        ('{"a": "${b}"}', "a reference"),
        ("{", "cannot be read as JSON"),
        (" " * (1 << 20) + "{}", "larger than"),
    ],
)
def test_hostile_json_is_refused(tmp_path, content, problem):
    with pytest.raises(RunError, match=problem):
        parsing.read_json(write(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "its first line must be epoch,loss"),
        ("epoch\n", "its first line must be epoch,loss"),
        ("epoch,loss", "its last line is not complete"),
        ("epoch,loss\n1,0.", "its last line is not complete"),
        ("epoch,loss\n1,0.5,3\n", "line 2 is not 2 numbers"),
        ("epoch,loss\n1,0.5\n\n", "line 3 is not 2 numbers"),
        ("epoch,loss\n1.5,0.5\n", "line 2 is not 2 numbers"),
        ("epoch,loss\n1,=cmd()\n", "line 2 is not 2 numbers"),
    ],
)
def test_an_incomplete_or_foreign_csv_is_refused(tmp_path, content, problem):
    with pytest.raises(RunError, match=problem):
        parsing.read_csv(write(tmp_path, content), COLUMNS)


@pytest.mark.parametrize("depth", [21, 400])
def test_deeply_nested_json_is_refused(tmp_path, depth):
    """Python's parser takes hundreds of levels, which others that call themselves do not."""
    path = tmp_path / "run.json"
    path.write_text('{"a":' * depth + "1" + "}" * depth)
    with pytest.raises(RunError, match="nested more than 20 levels deep"):
        parsing.read_json(path)
    path.write_text('{"a":' + "[" * depth + "]" * depth + "}")
    with pytest.raises(RunError, match="nested more than 20 levels deep"):
        parsing.read_json(path)


def test_too_many_names_are_refused(tmp_path):
    """A table with a column for each of them takes minutes."""
    lines = [f"k{i}: 1" for i in range(1_001)]
    (tmp_path / "config.yaml").write_text("\n".join(lines))
    with pytest.raises(RunError, match="holds more than 1,000 names"):
        parsing.read_yaml(tmp_path / "config.yaml")
    (tmp_path / "config.yaml").write_text("\n".join(lines[1:]))
    assert len(parsing.read_yaml(tmp_path / "config.yaml")) == 1_000
    (tmp_path / "run.json").write_text(json.dumps({f"k{i}": {"x": 1} for i in range(10_001)}))
    with pytest.raises(RunError, match="holds more than 20,000 names"):
        parsing.read_json(tmp_path / "run.json")
