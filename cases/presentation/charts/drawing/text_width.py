"""How wide a text is in a picture, so that it can be cut into lines and others placed beside it.

The widths are those of Liberation Sans, which Arial and Helvetica share, in thousandths of its
size, and some more: a browser without these takes a wider font.
"""

from __future__ import annotations

_WIDTHS = {
    letter: width
    for width, letters in {
        191: "'",
        222: "ijl’‘",
        278: " !,./:;I[]\\ft",
        333: "()-`r“”",
        355: '"',
        500: "ckJsvxyz",
        556: "0123456789abdeghnopqu#$?_L–",
        584: "+<=>~",
        611: "FTZ",
        667: "&ABEKPSVXY",
        722: "CDHNRUw",
        778: "GOQ",
        833: "Mm",
        889: "%",
        944: "W",
        1000: "—…",
    }.items()
    for letter in letters
}

# Of letters that are not listed: those of other alphabets are wider than most.
_USUAL, _WIDE = 600, 1000
_FIRST_WIDE = "\u2e80"  # from here on, the signs of Chinese, Japanese and Korean

# The fonts that browsers take instead are wider by up to this factor.
SLACK = 1.18

# Bold letters are wider than others by this factor.
_BOLD = 1.07


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Return the width of a text of some size in pixels, in the widest of the usual fonts."""
    thousandths = sum(
        _WIDTHS.get(letter, _WIDE if letter >= _FIRST_WIDE else _USUAL) for letter in text
    )
    return thousandths * size / 1000 * SLACK * (_BOLD if bold else 1)


def shortened(text: str, size: float, room: float) -> str:
    """Return a text, cut to end with “…” if it is wider than the room in pixels."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…" if text else ""


def lines_of(text: str, size: float, room: float, at_most: int = 4) -> list[str]:
    """Return a text in lines that fit the room in pixels; the last one is cut if there are more."""
    lines = [""]
    words = text.split()
    for place, word in enumerate(words):
        longer = f"{lines[-1]} {word}".lstrip()
        if not lines[-1] or width_of(longer, size) <= room:
            lines[-1] = longer
        elif len(lines) == at_most:
            lines[-1] = " ".join([lines[-1], *words[place:]])
            break
        else:
            lines.append(word)
    return [shortened(line, size, room) for line in lines if line]


def wrapped(text: str, size: float, room: float) -> list[str]:
    """Return a text in as many lines as it needs.

    A word that is longer than a line, such as an address, is broken.
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= room:
            lines[-1] = longer
            continue
        while width_of(word, size) > room:
            end = next(
                end
                for end in range(len(word), 0, -1)
                if end == 1 or width_of(word[:end], size) <= room
            )
            lines.append(word[:end])
            word = word[end:]
        lines.append(word)
    return lines
