"""How a text becomes a cell that no spreadsheet runs as a formula, and a text again.

A spreadsheet takes a cell that begins with = + - @ or a tab for a formula. Such a text is written
with an apostrophe before it; so is one that begins with apostrophes and then one of these, so that
reading takes exactly one apostrophe away and every text comes back as it was.
"""

from __future__ import annotations

import re

FORMULA = re.compile(r"[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_TO_GUARD = re.compile(r"'*[=+\-@\t\r]")


def guard(text: str) -> str:
    """Return the text as a cell."""
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguard(cell: str) -> str:
    """Return the text that a cell stands for."""
    return cell[1:] if _GUARDED.match(cell) else cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run the cell; no cell of ours is one."""
    return bool(FORMULA.match(cell))


def join(items: list[str]) -> str:
    """Write several texts into one cell, parted by semicolons."""
    return "; ".join(item.replace("\\", "\\\\").replace(";", "\\;") for item in items)


def split(cell: str) -> list[str]:
    """Return the texts that `join` wrote, without empty ones; the space may be missing."""
    items, escaped = [""], False
    for letter in cell:
        if escaped or letter not in "\\;":
            items[-1] += letter
            escaped = False
        elif letter == ";":
            items.append("")
        else:
            escaped = True
    items[1:] = [item.removeprefix(" ") for item in items[1:]]
    return [item for item in items if item]
