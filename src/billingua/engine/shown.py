"""Text of unknown origin as people are shown it."""

__all__ = ["printable"]


def printable(text: str) -> str:
    """One line, and nothing that a terminal would take for a command."""
    text = " ".join(text.split())
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
