"""What a pasted citation says of a source."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.text import get_text_list

from cases.models import Source
from cases.models.vocabulary import DateBasis
from cases.models.written_dates import to_edtf
from cases.text.excerpt import excerpt
from cases.text.normalising import normalised
from cases.text.plurals import counted
from cases.text.web_archives import is_archived

from . import bibtex, csl, ris
from .record import BrokenCitationError, Format, ParsedCitation, without_empty

# The fields that are named if they are not used.
MAX_NAMED = 12
# No date takes more.
MAX_DATE_LENGTH = 100
MAX_AUTHORS_LENGTH = Source._meta.get_field("author").max_length or 0

FORMATS = (
    "BibTeX begins like “@article{”, RIS like “TY  - NEWS” and CSL-JSON like “[{”. Zotero, Google "
    "Scholar and the sites of publishers export them."
)

ADDRESS = re.compile(r'https?://[^\s<>"{}\\]+')
_DOI = re.compile(r"10\.\d{4,9}/[^\s<>\"{}]+")
_DOI_HOST = re.compile(r"^https?://(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_MARKUP = re.compile(r"</?(?:i|b|em|strong|sub|sup|sc|span)\b[^<>]*>", re.IGNORECASE)


class UnreadableCitationError(ValueError):
    """A text cannot be read as one citation. The argument is a sentence for the person."""


@dataclass
class Citation:
    """What a citation says of a source: `values` by the names of the fields of `Source`.

    `remarks` are sentences about what was not understood or not used.
    """

    values: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    doi_address: str = ""


def read_citation(text: str) -> Citation:
    """Return what a text in BibTeX, RIS or CSL-JSON says of one source.

    Raises UnreadableCitationError for anything else, and for several citations.
    """
    text = text.strip("\ufeff \t\r\n")
    if not text:
        raise UnreadableCitationError(f"Paste a citation first. {FORMATS}")
    format_ = _format_of(text)
    if len(text) > format_.max_length:
        raise UnreadableCitationError(
            f"This is too long for one citation: it has {counted(len(text), 'character')}, and "
            f"{format_.max_length:,} of {format_.name} can be read. Paste one citation."
        )
    try:
        records = format_.read(text)
    except (BrokenCitationError, RecursionError) as error:  # or lists within lists without end
        raise UnreadableCitationError(
            f"This looks like {format_.name} but breaks off, or a bracket or a comma is missing. "
            "Copy it again as a whole."
        ) from error
    if len(records) > 1:
        titles = [_first(record, format_.title) or record.type for record in records]
        named = ", ".join(f"“{excerpt(title)}”" for title in titles[:3])
        others = " and others" if len(titles) > 3 else ""
        raise UnreadableCitationError(
            f"These are {len(records)} citations: {named}{others}. Paste one of them."
        )
    citation = _citation(records[0], format_) if records else Citation()
    if not citation.values:
        raise UnreadableCitationError(
            f"This looks like {format_.name}, but says nothing that a source has a field for."
        )
    return citation


def citation_format(text: str) -> str:
    """Return the name of the format of citations that a file begins in, or "" for another file."""
    text = text.strip("\ufeff \t\r\n")
    try:
        format_ = _format_of(text) if text else None
    except UnreadableCitationError:
        return ""
    # Other JSON, such as our own files, begins alike; each item of CSL-JSON has a type.
    if format_ is None or (format_ is csl.FORMAT and '"type"' not in text):
        return ""
    return format_.name


def _format_of(text: str) -> Format:
    if text.startswith("<"):
        raise UnreadableCitationError(
            f"This is a piece of a web page (HTML), not a citation. {FORMATS}"
        )
    if text[0] in "[{":
        return csl.FORMAT
    if bibtex.START.search(text):
        return bibtex.FORMAT
    if ris.START.search(text):
        return ris.FORMAT
    raise UnreadableCitationError(f"This is not a citation in a format that can be read. {FORMATS}")


def _first(record: ParsedCitation, names: Iterable[str]) -> str:
    """Return the first text of these fields, as it is stored; "" if there is none."""
    texts = (_plain(text) for name in names for text in record.texts.get(name, ()))
    return next(filter(None, texts), "")


def _plain(text: str) -> str:
    """Return a text without markup and entities, in one line."""
    return normalised(html.unescape(_MARKUP.sub("", text)), one_line=True)


def _citation(record: ParsedCitation, format_: Format) -> Citation:
    citation = Citation()
    values, used = citation.values, set[str]()

    def take(*names: str) -> str:
        """Return the first text of these fields, and count the field that has it as used."""
        name = next((name for name in names if _first(record, [name])), "")
        used.add(name)
        return _first(record, [name])

    title = take(*format_.title)
    subtitle = take(format_.subtitle) if title and format_.subtitle else ""
    values["title"] = f"{title}: {subtitle}" if subtitle else title.removesuffix(".")
    values["author"] = _joined(record.authors)
    values["kind"] = format_.kinds.get(record.type, "")
    publishers = (format_.container, format_.publisher)
    if record.type in format_.chapters:
        publishers = (format_.publisher, format_.container)
    values["publisher"] = take(*publishers[0], *publishers[1])
    _add_addresses(citation, record, format_, used)
    _add_dates(citation, record)
    if not values["kind"] and any(values.values()):
        citation.remarks.append(
            f"Choose the kind: it does not follow from the type “{excerpt(record.type)}”."
        )
    unused = [name for name, texts in record.texts.items() if name not in used and any(texts)]
    if unused:
        labels = [*dict.fromkeys(excerpt(format_.labels.get(name, name)) for name in unused)]
        if others := len(labels[MAX_NAMED:]):
            labels[MAX_NAMED:] = [counted(others, "other")]
        named = get_text_list(labels, "and")
        citation.remarks.append(f"Not used: {named}. The form has no field for that.")
    citation.values = {name: value for name, value in values.items() if value}
    return citation


def _joined(authors: list[str]) -> str:
    """Return authors as a line: “A, B and C”, or as many as there is room for, “and others”."""
    named = without_empty(_plain(author) for author in authors if author != "others")
    shown = min(len(named), MAX_AUTHORS_LENGTH)
    others = ["others"] if "others" in authors or shown < len(named) else []
    while len(line := get_text_list([*named[:shown], *others], "and")) > MAX_AUTHORS_LENGTH:
        if shown <= 1:
            break
        shown, others = shown - 1, ["others"]
    return line


def _add_addresses(
    citation: Citation, record: ParsedCitation, format_: Format, used: set[str]
) -> None:
    """Add the first address, the first one of a web archive, and the DOI."""
    values, others = citation.values, list[str]()
    for name in format_.addresses:
        text = normalised(" ".join(record.texts.get(name, ())), one_line=True)
        # Without other entities: “&copy=1” is a parameter.
        text = text.replace("&amp;", "&")
        for found in ADDRESS.findall(text):
            address = _DOI_HOST.sub("https://doi.org/", _ended(found))
            column = "archived_url" if is_archived(address) else "url"
            if values.setdefault(column, address) != address:
                others.append(address)
        if not re.search(r"\w", ADDRESS.sub("", text).replace(r"\url", "")):
            used.add(name)
    # The address of a copy ends with that of the page.
    original = re.search(r".(https?://.+)", values.get("archived_url", ""))
    if original:
        values.setdefault("url", original[1])
    doi = _DOI.search(_first(record, [format_.doi]))
    if doi:
        used.add(format_.doi)
        citation.doi_address = f"https://doi.org/{_ended(doi[0])}"
        if values.setdefault("url", citation.doi_address).lower() != citation.doi_address.lower():
            values["description"] = f"DOI: {citation.doi_address}"
    if others:
        named = get_text_list([excerpt(address) for address in others[:MAX_NAMED]], "and")
        citation.remarks.append(f"Not used, because there is another address: {named}.")


def _ended(address: str) -> str:
    """Return an address without the punctuation that follows it in a text."""
    address = address.rstrip(".,;")
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(".,;")
    return address


def _add_dates(citation: Citation, record: ParsedCitation) -> None:
    """Add the first date that can be read, or else its words; and the day of access."""
    values = citation.values
    expression = next(filter(None, map(_edtf, record.dates)), "")
    if expression:
        values |= {"published_edtf": expression, "published_basis": DateBasis.STATED}
    elif record.dates:
        values["published_words"] = _plain(record.dates[0])
        citation.remarks.append(
            f"The date “{excerpt(record.dates[0])}” cannot be read; it is filled in as printed."
        )
    if not record.accessed:
        return
    try:
        values["accessed_on"] = dt.date.fromisoformat(_edtf(record.accessed)).isoformat()
    except ValueError:
        citation.remarks.append(f"The day of access, “{excerpt(record.accessed)}”, cannot be read.")


def _edtf(text: str) -> str:
    """Return the EDTF expression for a date, "" if it cannot be read."""
    try:
        return to_edtf(text) if len(text) <= MAX_DATE_LENGTH else ""
    except ValidationError:
        return ""
