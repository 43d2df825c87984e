"""Counts with their nouns, for sentences."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with its regular noun: "1 case", "2,033 cases"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
