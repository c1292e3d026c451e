"""Text from outside, made safe to print."""


def printable(text: str) -> str:
    """The text on one line: characters that could control a terminal become spaces."""
    return "".join(c if c.isprintable() else " " for c in text)
