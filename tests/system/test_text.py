"""Text from outside cannot control a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from scratchnet.system.text import for_spreadsheet, from_spreadsheet, printable


def test_control_characters_become_spaces():
    assert printable("a\x1b[31mb\r\nc\u202ed\u2028ü☃") == "a [31mb  c d ü☃"


@given(st.text())
def test_any_text_stays_on_one_line_and_keeps_its_length(text):
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)


@given(st.text(alphabet="=+-@ ab\x1b"))
def test_what_a_spreadsheet_was_given_comes_back(text):
    assert from_spreadsheet(for_spreadsheet(text)) == printable(text)
