"""Text from outside cannot control a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from scratchnet.system.text import printable


def test_control_characters_become_spaces():
    assert printable("a\x1b[31mb\r\nc\u202ed\u2028ü☃") == "a [31mb  c d ü☃"


@given(st.text())
def test_any_text_stays_on_one_line_and_keeps_its_length(text):
    assert printable(text).isprintable()
    assert len(printable(text)) == len(text)
