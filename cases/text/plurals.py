"""Word counts with their nouns."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with a noun that has a regular plural: "1 case", "2,033 cases"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
