"""The one form in which every text is stored, whatever way it came in.

Two texts that look the same on a page should be the same, so what nobody can see is taken out:
kinds of line break, spaces at the ends, control and format characters, accents as separate signs.
What can be seen is kept as it was typed, typography included: no-break and thin spaces, hyphens
that do not break, and kinds of quotation mark and dash.
"""

from __future__ import annotations

import re
import unicodedata

from .bidi import RIGHT_TO_LEFT

# Most texts are these characters with single spaces between them, and stay as they are.
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*|")

_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
# Separators that a page shows as a space, and the blank of Braille.
_SPACE = re.compile("[\t\x1c-\x1f\u2800]")
_NEVER = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control characters
    "\u202a-\u202e\u2066-\u2069"  # overrides and embeddings of the direction
    "\u00ad\ufeff\u2060-\u2065\u206a-\u206f"  # soft hyphen, byte order mark, word joiner
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # joiner of graphemes, fillers
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # annotations, shorthand, music
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # no characters at all; XML forbids the last two
    "]"
)
# Invisible by themselves, but some scripts and emoji need them beside certain characters.
_SOMETIMES = re.compile("[\u200b-\u200f\u061c\u180b-\u180f\ufe00-\ufe0f\U000e0000-\U000e0fff]+")
ZERO_WIDTH_SPACE, NON_JOINER, JOINER = "\u200b\u200c\u200d"
_DIRECTION_MARKS = "\u200e\u200f\u061c"
_KEYCAP, _BLACK_FLAG = "\u20e3", "\U0001f3f4"
_TAG = re.compile("[\U000e0000-\U000e00ff]")

# Scripts whose letters are joined: Arabic, Syriac, N'Ko, those of India, Mongolian and others.
_JOINED = re.compile(
    "[\u0600-\u077f\u07c0-\u07ff\u0840-\u0dff\u1000-\u109f\u1780-\u18af\u1a00-\u1cff\ua800-\uabff"
    "\ufb50-\ufdff\ufe70-\ufefc\U00010d00-\U00010d3f\U00011000-\U000117ff\U0001e900-\U0001e95f]"
)
# Scripts that write no spaces between words: Thai, Lao, Tibetan, Burmese, Khmer.
_WITHOUT_SPACES = re.compile("[\u0e01-\u109f\u1780-\u17ff]")
_MONGOLIAN = re.compile("[\u1800-\u18af]")


def normalised(text: str, *, one_line: bool) -> str:
    """Return a text as it is stored: NFC, LF line breaks, nothing invisible, no spaces around it.

    In one line, a line break becomes a space. Otherwise at most one empty line is kept between two
    paragraphs, as pages show it. The result is the same if it is normalised again.
    """
    if _PLAIN.fullmatch(text):
        return text
    visible = _SPACE.sub(" ", _LINE_BREAK.sub(" " if one_line else "\n", text))
    visible = _without_idle_signs(_NEVER.sub("", visible))
    lines = [re.sub(" {2,}", " ", line.strip()) for line in visible.split("\n")]
    result = unicodedata.normalize("NFC", re.sub("\n{3,}", "\n\n", "\n".join(lines).strip()))
    # What is taken out can bring together what then has to be looked at again.
    return result if result == text else normalised(result, one_line=one_line)


def normalised_names(names: list[str]) -> list[str]:
    """Return a list of names as it is stored: each in one line, none empty, none twice."""
    return [
        name for name in dict.fromkeys(normalised(name, one_line=True) for name in names) if name
    ]


# Typography that is kept, although it looks almost like the character on the keyboard.
_LOOKALIKES = str.maketrans(
    dict.fromkeys(map(chr, (0xA0, *range(0x2000, 0x200B), 0x202F)), " ")
    | dict.fromkeys("\u2010\u2011", "-")
    | dict.fromkeys("‘’", "'")
    | dict.fromkeys("“”", '"')
)


def looks_alike(one: str, other: str) -> bool:
    """Whether two texts differ only in kinds of space, hyphen or quotation mark."""
    return one != other and one.translate(_LOOKALIKES) == other.translate(_LOOKALIKES)


def _without_idle_signs(text: str) -> str:
    """Return a text without those invisible signs that change nothing of what is beside them."""
    if not _SOMETIMES.search(text):
        return text
    is_mixed = RIGHT_TO_LEFT.search(text) is not None

    def kept(run: re.Match[str]) -> str:
        start, end = run.span()
        before, after = text[start - 1 : start] if start else "", text[end : end + 1]
        needed = [
            sign for sign in dict.fromkeys(run[0]) if _is_needed(sign, before, after, is_mixed)
        ]
        # The flags of England, Scotland and Wales are a flag with the letters of the country.
        tags = [sign for sign in run[0] if before == _BLACK_FLAG and _TAG.match(sign)]
        return "".join(tags or needed)

    return _SOMETIMES.sub(kept, text)


def _is_needed(sign: str, before: str, after: str, is_mixed: bool) -> bool:
    """Whether a sign does something between two characters, each "" at the end of the text.

    `is_mixed` says that the text has letters that are written from right to left.
    """
    if sign == JOINER:
        in_emoji = _is_symbol(before) and _is_symbol(after)
        return in_emoji or _is_joined(before) or _is_joined(after)
    if sign == NON_JOINER:
        return _is_joined(before) and _is_joined(after)
    if sign == ZERO_WIDTH_SPACE:
        return bool(_WITHOUT_SPACES.match(before) and _WITHOUT_SPACES.match(after))
    if sign in _DIRECTION_MARKS:
        # Between two letters, or at the end of a line, it moves nothing.
        is_inside = bool(before.strip("\n") and after.strip("\n"))
        return is_mixed and is_inside and not (_is_letter(before) and _is_letter(after))
    if "\u180b" <= sign <= "\u180f":
        return bool(_MONGOLIAN.match(before))
    return not _TAG.match(sign) and _has_variants(before, after)


def _is_letter(letter: str) -> bool:
    return bool(letter) and unicodedata.category(letter)[0] in "LM"


def _is_joined(letter: str) -> bool:
    return bool(_JOINED.match(letter)) and _is_letter(letter)


def _is_symbol(letter: str) -> bool:
    return bool(letter) and unicodedata.category(letter)[0] == "S"


def _has_variants(letter: str, after: str) -> bool:
    """Whether a selector after this letter can change its form: symbols, ideographs, keycaps."""
    if not letter or letter.isascii():
        return after == _KEYCAP and letter in "0123456789#*"
    category = unicodedata.category(letter)
    return (
        category[0] == "S" or category in ("Po", "Pd") or (category == "Lo" and letter > "\u2e80")
    )
