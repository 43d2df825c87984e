"""Converting texts to cells that no spreadsheet runs as a formula, and back.

A spreadsheet reads a cell that begins with = + - @ or a tab as a formula. Such a text gets a
leading apostrophe. So does a text that begins with apostrophes before one of these characters.
Reading therefore always removes exactly one apostrophe, and every text comes back unchanged.
"""

from __future__ import annotations

import re

# Characters that Excel allows in a cell.
MAX_CELL_LENGTH = 32_767

_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

FORMULA = re.compile(r"[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_TO_GUARD = re.compile(r"'*[=+\-@\t\r]")

# What a text that gets an apostrophe begins with.
MARKS = frozenset("'=+-@\t\r")


def guard(text: str) -> str:
    """Return the cell for a text, with an apostrophe if it needs one."""
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguard(cell: str) -> str:
    """Return the text of a cell that `guard` wrote."""
    return cell[1:] if _GUARDED.match(cell) else cell


def excel_text(text: str) -> str:
    """Return the cell for a text in a workbook, without the characters that XLSX does not allow."""
    return _LIKE_AN_ESCAPE.sub("_x005F_", _NOT_IN_XML.sub("", guard(text)))


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run the cell as a formula; no cell that we export is one."""
    return bool(FORMULA.match(cell))


def join(items: list[str]) -> str:
    """Return one cell with several texts, separated by semicolons; those inside are escaped."""
    return "; ".join(item.replace("\\", "\\\\").replace(";", "\\;") for item in items)


def split(cell: str) -> list[str]:
    """Return the texts in a cell that `join` wrote, without empty ones."""
    items, escaped = [""], False
    for letter in cell:
        if escaped or letter not in "\\;":
            items[-1] += letter
            escaped = False
        elif letter == ";":
            items.append("")
        else:
            escaped = True
    # People who type a list often leave out the space after the semicolon.
    items[1:] = [item.removeprefix(" ") for item in items[1:]]
    return [item for item in items if item]
