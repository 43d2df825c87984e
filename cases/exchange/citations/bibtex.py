"""BibTeX and BibLaTeX."""

from __future__ import annotations

import re

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from bibtexparser.model import Entry
from pylatexenc.latex2text import LatexNodes2Text

from .cited import Cited, Name
from .record import BrokenCitationError, Format, ParsedCitation, kinds, without_empty

START = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)

# Most values have no sign that means something in LaTeX.
_PLAIN = re.compile(r"[\w\s,.:;()/]*")
_LATEX = LatexNodes2Text(math_mode="verbatim")
# LaTeX gives these a meaning; a citation that does not escape them means the signs themselves.
_BARE = re.compile(r"(?<!\\)([%&#])")
_ESCAPED = re.compile(r"\\([_%&#$~{}])")


def _text(latex: str) -> str:
    """Return LaTeX as plain text: accents as letters, without braces, ties as spaces."""
    if _PLAIN.fullmatch(latex):
        return latex.strip()
    try:
        text = str(_LATEX.latex_to_text(_BARE.sub(r"\\\1", latex)))
        return text.replace("\xa0", " ").strip()
    except (ValueError, RecursionError):  # braces within braces without end
        return latex


def _address(latex: str) -> str:
    """Return an address without LaTeX, in which “%” and “~” are signs like others."""
    plain = re.sub(r"\\textasciitilde(?:\{\})?|\\~\{\}", "~", latex)
    return _ESCAPED.sub(r"\1", plain)


def _author(name: str) -> str:
    """Return one of the names of a list of authors in natural order."""
    if name.strip().lower() == "others":
        return "others"
    return _text(parse_single_name_into_parts(name, strict=False).merge_first_name_first)


def read(text: str) -> list[ParsedCitation]:
    """Return the records of a text.

    Raises BrokenCitationError for an entry that is not closed, or has no commas.
    """
    library = parse_string(text)
    entries: list[Entry] = []
    for block in (*library.entries, *library.failed_blocks):
        # An entry that has a field twice, or the key of another entry, can be read.
        entry = block if isinstance(block, Entry) else getattr(block, "ignore_error_block", None)
        if not isinstance(entry, Entry):
            raise BrokenCitationError
        entries.append(entry)
    return [_record(entry) for entry in entries]


def _record(entry: Entry) -> ParsedCitation:
    raw: dict[str, list[str]] = {}
    for field in entry.fields:
        raw.setdefault(field.key.lower(), []).append(str(field.value))
    names = [name for text in raw.pop("author", ()) for name in split_multiple_persons_names(text)]
    year, month, day, date, accessed = (
        _text(" ".join(raw.pop(name, ()))) for name in ("year", "month", "day", "date", "urldate")
    )
    # BibTeX joins texts by “#”, as in `month = nov # "~5"`.
    month = re.sub(r'["#\s]+', " ", month).strip()
    kind = entry.entry_type.lower()
    if _text(" ".join(raw.get("entrysubtype", ()))).lower() in {"newspaper", "magazine"}:
        kind = raw.pop("entrysubtype")[0].lower()
    elif kind == "article" and not raw.keys().isdisjoint({"volume", "number", "doi"}):
        kind = "article-journal"  # without these it may as well be of a newspaper
    return ParsedCitation(
        type=kind,
        texts={
            name: [_address(text) if name in FORMAT.addresses else _text(text) for text in texts]
            for name, texts in raw.items()
        },
        authors=without_empty(map(_author, names)),
        dates=without_empty([date, _in_order(year, month, day), year]),
        accessed=accessed,
    )


def _in_order(year: str, month: str, day: str) -> str:
    """Return year, month and day as one text; the month is a number or a word."""
    if month.isdigit():
        return "-".join(filter(None, [year, month, day]))
    return " ".join(filter(None, [day, month, year]))


FORMAT = Format(
    name="BibTeX",
    read=read,
    title=("title",),
    subtitle="subtitle",
    container=("journal", "journaltitle", "booktitle", "maintitle"),
    publisher=("publisher", "institution", "school", "organization"),
    addresses=("url", "howpublished", "archiveurl", "note"),
    doi="doi",
    kinds=kinds(
        press="newspaper magazine",
        scholarship=(
            "article-journal book inbook incollection inproceedings conference proceedings "
            "collection phdthesis mastersthesis thesis periodical reference inreference"
        ),
        court="jurisdiction",
        official="legislation legal",
    ),
    chapters=frozenset({"inbook", "incollection", "inproceedings", "conference", "inreference"}),
)


# BibTeX counts braces even behind a backslash, and LaTeX gives the other signs a meaning.
_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\lbrace{}",
        "}": r"\rbrace{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "$&#%_"},
    }
)


def write(cited: Cited) -> str:
    """Return an entry that BibTeX and BibLaTeX understand, in UTF-8."""
    kind = "incollection" if cited.is_case else "misc"
    fields = {
        "author": _written_names(cited.authors),
        "title": _whole(cited.pinned_title),
        "booktitle": _whole(cited.casebook),
        "editor": _written_names(cited.editors),
        "publisher": _whole(cited.publisher),
    }
    if cited.issued:
        fields |= {
            "year": f"{{{cited.issued.year}}}",
            "month": f"{cited.issued:%b}".lower(),  # a macro of every style
            "date": f"{{{cited.issued.isoformat()}}}",
        }
    # Addresses are read as they are written.
    fields |= {"url": f"{{{cited.address}}}"}
    if not cited.is_case:
        fields["note"] = _whole(cited.pinned[:1].upper() + cited.pinned[1:])
    lines = [f"  {name} = {value}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{cited.key},", *lines, "}", ""])


def _whole(text: str) -> str:
    """Return a value whose capitals no style changes, and which no style takes apart as a name."""
    return f"{{{{{text.translate(_ESCAPES)}}}}}" if text else ""


def _written_names(names: list[Name]) -> str:
    texts = ((name, name.inverted.translate(_ESCAPES)) for name in names)
    written = [text if name.given else f"{{{text}}}" for name, text in texts]
    return f"{{{' and '.join(written)}}}" if written else ""
