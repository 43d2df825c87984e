"""Citations as readers print them, in plain text: Chicago (author-date) and APA."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.utils.dateformat import format as format_date
from django.utils.text import get_text_list

from .cited import CASEBOOK, Cited, Name

# Within quotation marks they become single ones.
_INNER_QUOTES = str.maketrans("“”", "‘’")
_ENDED = re.compile(r"[.?!…][”’\u2069]*$")


def chicago(cited: Cited) -> str:
    """Return a citation after the Chicago Manual of Style (17th edition), author-date."""
    names = _chicago_names(cited)
    title = f"“{_ended(cited.title.translate(_INNER_QUOTES))}”" if cited.is_case else cited.title
    year = str(cited.issued.year) if cited.issued else "n.d."
    container = f"In {cited.casebook}" if cited.is_case and cited.authors != [CASEBOOK] else ""
    editors = get_text_list([name.natural for name in cited.editors], "and")
    if editors and container:
        container += f", edited by {editors}"
    elif editors and cited.authors:
        container = f"Edited by {editors}"
    day = format_date(cited.issued, "j F Y") if cited.issued else ""
    pinned = ", ".join(filter(None, [cited.pinned[:1].upper() + cited.pinned[1:], day]))
    lead = [names, year, title] if names else [title, year]
    parts = [*lead, container, pinned, cited.publisher, cited.address]
    return " ".join(_ended(part) for part in parts if part)


def _chicago_names(cited: Cited) -> str:
    """Return the names before the title: “Lee, Ann, and Ben Okafor”; "" if it has none."""
    names, are_editors = _leading_names(cited)
    texts = [name.inverted if i == 0 else name.natural for i, name in enumerate(names)]
    if len(texts) > 1:
        texts[-1] = f"and {texts[-1]}"
    if are_editors:
        texts.append("ed." if len(names) == 1 else "eds.")
    return ", ".join(texts)


def apa(cited: Cited) -> str:
    """Return a citation in the style of the American Psychological Association (7th edition)."""
    names, are_editors = _leading_names(cited)
    lead = _joined([_initials_last(name) for name in names])
    if are_editors:
        lead += " (Ed.)" if len(names) == 1 else " (Eds.)"
    date = format_date(cited.issued, "(Y, F j)") if cited.issued else "(n.d.)"
    if cited.is_case:
        title = f"{cited.title} ({cited.number}, Version {cited.version})"
    else:
        title = f"{cited.title} (Version {cited.version}) [Data set]"
    container = ""
    if cited.is_case and cited.authors != [CASEBOOK]:
        container = f"In {cited.casebook}"
        if cited.editors:
            editors = _joined([_initials_first(name) for name in cited.editors])
            role = "Ed." if len(cited.editors) == 1 else "Eds."
            container = f"In {editors} ({role}), {cited.casebook}"
    parts = [lead, date, title] if lead else [title, date]
    parts += [container, cited.publisher]
    # No full stop after the address, which it would seem to belong to.
    return " ".join([*(_ended(part) for part in parts if part), cited.address])


def _leading_names(cited: Cited) -> tuple[list[Name], bool]:
    """Return the names that a citation begins with, and whether they are those of editors."""
    if cited.is_case:
        return cited.authors, False
    if [cited.title] == [name.natural for name in cited.authors]:
        return [], False  # the title says it
    return (cited.authors, False) if cited.authors else (cited.editors, bool(cited.editors))


def _joined(names: Sequence[str]) -> str:
    """Return names joined as APA does: “Lee, A., & Okafor, B.”."""
    if len(names) < 2:
        return "".join(names)
    comma = "," if len(names) > 2 or "," in names[0] else ""
    return f"{', '.join(names[:-1])}{comma} & {names[-1]}"


def _initials_last(name: Name) -> str:
    return ", ".join(filter(None, [name.family, _initials(name.given)]))


def _initials_first(name: Name) -> str:
    return " ".join(filter(None, [_initials(name.given), name.family]))


def _initials(given: str) -> str:
    """Return the initials of given names: “Jean-Paul M.” has “J.-P. M.”."""
    words = (word.split("-") for word in given.split())
    return " ".join("-".join(f"{part[0]}." for part in parts if part) for parts in words)


def _ended(sentence: str) -> str:
    """Return a part of a citation with a full stop, unless it ends with a mark of its own."""
    return sentence if _ENDED.search(sentence) else f"{sentence}."
