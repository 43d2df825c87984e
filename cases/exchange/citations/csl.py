"""CSL-JSON, the data of the Citation Style Language."""

from __future__ import annotations

import json
from typing import Any

from .cited import Cited, Name
from .record import BrokenCitationError, Format, ParsedCitation, kinds, without_empty

# The identifiers that a reference manager gives.
_OWN = ("id", "type", "citation-key", "categories")


def read(text: str) -> list[ParsedCitation]:
    """Return the records of a text: one item, a list of items, or an object with `items`.

    Raises BrokenCitationError if it is no JSON, or JSON without items.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenCitationError from error
    if isinstance(data, dict):
        data = data.get("items", [data])
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise BrokenCitationError
    return [_record(dict(item)) for item in data]


def _record(item: dict[str, Any]) -> ParsedCitation:
    kind = _text(item.get("type"))
    for name in _OWN:
        item.pop(name, None)
    names, issued, accessed = (item.pop(name, None) for name in ("author", "issued", "accessed"))
    return ParsedCitation(
        type=kind,
        # What is no text, such as a list of translators, is there to be named.
        texts={name: [_text(value) or ("…" if value else "")] for name, value in item.items()},
        authors=without_empty(map(_name, names if isinstance(names, list) else [names])),
        dates=without_empty([_date(issued)]),
        accessed=_date(accessed),
    )


def _text(value: Any) -> str:
    """Return a text, a number or a list of such as text; "" for anything else."""
    if isinstance(value, list):
        return ", ".join(without_empty(map(_text, value)))
    return str(value) if isinstance(value, str | int | float) else ""


def _name(author: Any) -> str:
    """Return the name of an author in natural order; a literal one is the name of a body."""
    if not isinstance(author, dict):
        return _text(author)
    particles = ("dropping-particle", "non-dropping-particle")
    parts = ("literal", "given", *particles, "family", "suffix")
    return " ".join(without_empty(_text(author.get(part)) for part in parts))


def _date(date: Any) -> str:
    """Return a date as an expression or, if it is not given by its parts, in its own words."""
    if not isinstance(date, dict):
        return _text(date)
    parts = date.get("date-parts")
    # Crossref writes `[[null]]` for no date.
    if not isinstance(parts, list) or not all(
        isinstance(part, list) and all(map(_text, part or [None])) for part in parts
    ):
        parts = []
    ends = ["-".join(_text(number).zfill(2) for number in part) for part in parts[:2]]
    if date.get("season"):  # it has no agreed first and last day
        return f"season {_text(date['season'])} of {'/'.join(ends)}"
    expression = "/".join(ends) or _text(date.get("raw")) or _text(date.get("literal"))
    return f"{expression}~" if date.get("circa") and expression else expression


FORMAT = Format(
    name="CSL-JSON",
    read=read,
    title=("title",),
    container=("container-title", "publication-title"),
    publisher=("publisher", "authority"),
    addresses=("URL", "archive_location", "archive", "note"),
    doi="DOI",
    kinds=kinds(
        press="article-newspaper article-magazine broadcast",
        scholarship=(
            "article-journal book chapter paper-conference thesis review review-book "
            "entry-encyclopedia "
            "journal-article monograph book-chapter proceedings-article"  # as Crossref calls them
        ),
        court="legal_case",
        official="legislation bill hearing regulation treaty",
    ),
    chapters=frozenset(
        {
            "chapter",
            "paper-conference",
            "entry-encyclopedia",
            "book-chapter",
            "proceedings-article",
        }
    ),
    max_length=200_000,  # that of a DOI holds all its references
)


def write(cited: Cited) -> str:
    """Return a list of one item."""
    day = cited.issued
    item = {
        "id": cited.key,
        "type": "chapter" if cited.is_case else "dataset",
        "title": cited.pinned_title,
        "author": [_written_name(name) for name in cited.authors],
        "editor": [_written_name(name) for name in cited.editors],
        "container-title": cited.casebook,
        "publisher": cited.publisher,
        "issued": {"date-parts": [[day.year, day.month, day.day]]} if day else None,
        # Styles that print it would repeat the title of a case.
        "version": "" if cited.is_case else str(cited.version),
        "URL": cited.address,
        "language": "en-GB",
    }
    given = {name: value for name, value in item.items() if value}
    return json.dumps([given], ensure_ascii=False, indent=2) + "\n"


def _written_name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": name.family}
    return {"family": name.family, "given": name.given}
