"""Texts in pictures: how wide they are, and where they are broken."""

from __future__ import annotations

from .style import SMALL_TEXT

# The width of letters in our fonts, in parts of the size of the text; of others it is _USUAL.
_WIDTHS = (
    (0.25, "iIjl.,:;'’‘|! "),
    (0.35, 'ftr()[]{}-/\\“”"·'),
    (0.5, "ckszxvyJ–"),
    (0.72, "ABCDEGHKNOPQRSUVXYZ&w"),
    (0.9, "mMW@%—…"),
)
_WIDTH_OF = {letter: width for width, letters in _WIDTHS for letter in letters}
_USUAL = 0.57


def wide(text: str, size: int = SMALL_TEXT) -> float:
    """Return about how many pixels a text takes."""
    return size * sum(_WIDTH_OF.get(letter, _USUAL) for letter in text)


def broken(text: str, width: float, at_most: int, size: int = SMALL_TEXT) -> list[str]:
    """Return the lines of a text in a width of some pixels; the last is cut if there are more."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if wide(longer, size) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > at_most:
        lines = lines[:at_most]
        lines[-1] += "…"
    return [_cut(line, width, size) for line in lines]


def _cut(line: str, width: float, size: int) -> str:
    """Return a line without what is too wide: the end of a long word."""
    if wide(line, size) <= width:
        return line
    while line and wide(f"{line}…", size) > width:
        line = line[:-1]
    return f"{line.rstrip(' .,;:')}…"
