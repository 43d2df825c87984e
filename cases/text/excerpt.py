"""Make untrusted input safe to repeat in a sentence."""

from __future__ import annotations

# The number of characters of the input that are repeated.
MAX_EXCERPT = 60


def excerpt(text: str) -> str:
    """Return the first `MAX_EXCERPT` characters, with unprintable ones replaced by "�"."""
    printable = "".join(letter if letter.isprintable() else "�" for letter in text)
    return printable if len(printable) <= MAX_EXCERPT else f"{printable[:MAX_EXCERPT]}…"
