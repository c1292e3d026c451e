"""Text that came from outside, made safe to show."""


def printable(text: str) -> str:
    """The text on one line, with whatever could steer a terminal or forge a line made a space."""
    return "".join(c if c.isprintable() else " " for c in text)
