"""Text from outside, made safe to print."""


def printable(text: str) -> str:
    """The text on one line: characters that could control a terminal become spaces."""
    return "".join(c if c.isprintable() else " " for c in text)


def for_spreadsheet(text: str) -> str:
    """The text for a CSV file: quoted if a spreadsheet would take it for a formula."""
    text = printable(text)
    return f"'{text}" if text.lstrip().startswith(("=", "+", "-", "@")) else text


def from_spreadsheet(text: str) -> str:
    """The text that `for_spreadsheet` was given, as far as it was printable."""
    plain = text.removeprefix("'")
    return plain if for_spreadsheet(plain) == text else text


def in_plain_words(error: Exception) -> str:
    """What an error says; where Python gives advice on long numbers to a programmer, ours."""
    text = str(error)
    return "a number has too many digits" if text.startswith("Exceeds the limit (") else text
