"""A stranger's input, made fit to be repeated in a sentence."""

from __future__ import annotations

MAX_EXCERPT = 60
"""How many characters of the input are repeated."""


def excerpt(text: str) -> str:
    """Return the first `MAX_EXCERPT` characters; those that cannot be printed are replaced."""
    printable = "".join(letter if letter.isprintable() else "�" for letter in text)
    return printable if len(printable) <= MAX_EXCERPT else f"{printable[:MAX_EXCERPT]}…"
