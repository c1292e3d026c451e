"""Tables are read however they are written; what is wrong is named by line and column."""

import csv
import gzip
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scratchnet.data.own.table import Table
from scratchnet.errors import DataError

ROWS = [["5.1", "3.5", "setosa"], ["4.9", "3", "virginica"], ["-1e3", "+0.5", "setosa"]]
VALUES = np.array([[5.1, 3.5], [4.9, 3], [-1000, 0.5]], np.float32)


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def text_of(rows, delimiter=",", end="\n"):
    return "".join(delimiter.join(row) + end for row in rows)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("header", [["a", "b", "species"], ["0", "1", "species"], None])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_and_headers_are_found_out(tmp_path, delimiter, header, end):
    rows = [header, *ROWS] if header else ROWS
    table = Table.open(write(tmp_path / "t.csv", text_of(rows, delimiter, end)))
    assert (table.delimiter, table.has_header) == (delimiter, bool(header))
    assert table.names == (header or ["0", "1", "2"])
    found = table.read([0, 1], [2])
    np.testing.assert_array_equal(found.values, VALUES)
    assert found.texts == [["setosa", "virginica", "setosa"]]


def test_gzip_byte_order_mark_quotes_and_empty_lines(tmp_path):
    content = '\ufeff"a b","c,d",e\n\n"1","2","x, ""y"""\n \n3,4,"two\nlines"\n'
    table = Table.open(write(tmp_path / "t", gzip.compress(content.encode())))
    assert table.names == ["a b", "c,d", "e"]
    found = table.read([0, 1], [2])
    assert found.values.tolist() == [[1, 2], [3, 4]]
    assert found.texts == [['x, "y"', "two\nlines"]]


def test_a_header_of_counted_columns(tmp_path):
    table = Table.open(write(tmp_path / "t.csv", "0,1,2,3\n5,1,2,3\n6,1,2,3\n"))
    assert table.has_header
    assert not Table.open(write(tmp_path / "t.csv", "0,1,2,4\n5,1,2,3\n")).has_header


def test_columns_by_name_and_position(tmp_path):
    table = Table.open(write(tmp_path / "t.csv", text_of([["a", "b", "7"], *ROWS])))
    assert [table.column(one) for one in ("b", "7", 7, 0, -1, "-1")] == [1, 2, 2, 0, 2, 2]
    assert [table.column(one) for one in ("c", 3, -4, "1.5")] == [None] * 4


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"a,b\n", "has no rows"),
        (b"a,b\n1,2\n3\n", "line 3 has 1 cells, but the first line 2"),
        (b"a,b\n1,2\n\n3,4,5\n", "line 4 has 3 cells, but the first line 2"),
        (b"a,b\n1,2\n3,\n", "line 3, column b: the cell is empty; fill it"),
        (b"a,b\n1,2\n3,NA\n", "line 3, column b: 'NA' is no number; encode text as numbers$"),
        (b"a,b\n1,2\n\n3,nan\n", "line 4, column b: must be a finite number .*not nan"),
        (b"a;b\n1,5;2,5\n", "line 2, column a: '1,5' is no number; write a decimal point"),
        (b"a,b\n1,1e99\n", "line 2, column b: must be a finite number .below 1e38., not inf"),
        (b"a,b\n1,2\n\xff,3\n", "is not UTF-8 text"),
        (b"a,b\n1,\x002\n", "line 2, column b"),
        (b"PK\x03\x04", "is a zip archive"),
        (gzip.compress(b"a,b\n" + b"1,2\n" * 9)[:-4], "cannot be read as a table"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(tmp_path, content, reason):
    path = write(tmp_path / "t.csv", content)
    with pytest.raises(DataError, match=f"t.csv: {reason}") as refused:
        Table.open(path).read([0, 1], [])
    assert str(refused.value).isprintable()


def test_a_missing_file_is_one_line(tmp_path):
    with pytest.raises(DataError, match=r"t\.csv: cannot be read as a table: .*No such file"):
        Table.open(tmp_path / "t.csv")


NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32)
NAMES = st.text("abcxyz \"',;\n", min_size=1, max_size=5).map(lambda name: f"n{name}")


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda width: st.tuples(
            st.lists(NAMES, min_size=width, max_size=width, unique=True),
            st.lists(st.lists(NUMBERS, min_size=width, max_size=width), min_size=1, max_size=5),
        )
    ),
    st.sampled_from([",", ";", "\t"]),
)
def test_what_pythons_writer_has_written_is_read_back(tmp_path_factory, content, delimiter):
    names, rows = content
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([names, *rows])
    path = write(tmp_path_factory.mktemp("csv") / "t.csv", buffer.getvalue())
    table = Table.open(path)
    assert table.delimiter == delimiter
    assert table.names == [name.strip() for name in names]
    found = table.read(range(len(names)), [])
    np.testing.assert_array_equal(found.values, np.array(rows, np.float32))


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=80), st.text('01.5,;\t |"\r\nabeNn-', max_size=80)))
def test_any_bytes_are_read_or_refused_in_one_line(tmp_path_factory, content):
    path = write(tmp_path_factory.mktemp("csv") / "t.csv", content)
    refused = ""
    try:
        table = Table.open(path)
        found = table.read(range(len(table.names)), [])
    except DataError as error:
        refused = str(error)
    assert refused.isprintable()
    if not refused:
        assert found.values.shape[1] == len(table.names)
        assert np.isfinite(found.values).all()
