"""Text from outside, made safe to print."""


def printable(text: str) -> str:
    """The text on one line: characters that could control a terminal become spaces."""
    return "".join(c if c.isprintable() else " " for c in text)


def in_plain_words(error: Exception) -> str:
    """What an error says; where Python gives advice on long numbers to a programmer, ours."""
    text = str(error)
    return "a number has too many digits" if text.startswith("Exceeds the limit (") else text
