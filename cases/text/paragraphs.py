"""Paragraph numbers in locators such as “¶9”, “¶3, 5” or “¶4–6”, and reasons given for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby

# A number, or two with a dash between them. Longer numbers are no paragraphs.
_SPAN = re.compile(r"(?<!\d)(\d{1,5})(?:\s*[-–]\s*¶?\s*(\d{1,5}))?(?!\d)", re.ASCII)

# A line that gives a reason: “¶2, 8: Is about no case.”
_REASON = re.compile(r"(¶[¶\d\s,;–-]*):\s*(\S.*)")


def paragraphs_in(locator: str, last: int) -> set[int]:
    """Return the paragraphs from 1 to `last` that a locator names; none for pages and headlines."""
    if "¶" not in locator:
        return set()
    numbers: set[int] = set()
    for first, end in _SPAN.findall(locator.partition("¶")[2]):
        numbers.update(range(max(int(first), 1), min(int(end or first), last) + 1))
    return numbers


def read_reasons(text: str, last: int) -> tuple[dict[int, str], list[str]]:
    """Return the reason that each line of `text` gives for its paragraphs, by paragraph.

    The second result are the lines that name no paragraph from 1 to `last`, or give no reason.
    """
    reasons: dict[int, str] = {}
    wrong: list[str] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = _REASON.fullmatch(line)
        numbers = paragraphs_in(match[1], last) if match else set()
        if match is None or not numbers:
            wrong.append(line)
        else:
            reasons |= dict.fromkeys(numbers, match[2])
    return reasons, wrong


def grouped(numbers: Iterable[int], reasons: Mapping[int, str]) -> list[tuple[int, str, str]]:
    """Return neighbouring paragraphs of the same reason together, in their order.

    For each group: its first paragraph, its locator, and the reason, empty without one.
    """
    # Neighbours differ from their places in the list by the same number.
    placed = list(enumerate(sorted(numbers)))
    groups = groupby(placed, key=lambda pair: (pair[1] - pair[0], reasons.get(pair[1], "")))
    found = []
    for (_, reason), pairs in groups:
        members = [number for _, number in pairs]
        first, final = members[0], members[-1]
        found.append((first, f"¶{first}" if first == final else f"¶{first}–{final}", reason))
    return found
