"""RIS, the format of tagged lines: `TI  - Title`."""

from __future__ import annotations

import re

from .cited import Cited
from .record import Format, ParsedCitation, kinds, natural_order, without_empty

START = re.compile(r"^TY  ?-", re.MULTILINE)

# Some programs write one space before the dash, and end a line with it if there is no value.
_LINE = re.compile(r"([A-Z][A-Z0-9])  ?-(?: (.*)|$)")
_DAY = re.compile(r"(\d{4})(?:[/-](\d{1,2})(?:[/-](\d{1,2})(?:[/ T].*)?)?)?")
_YEAR_FIRST = re.compile(r"(\d{4}) ([A-Za-z].*)")
_AUTHORS = ("AU", "A1")
_DATES = ("DA", "Y1", "PY")


def read(text: str) -> list[ParsedCitation]:
    """Return the records of a text. A line without a tag goes on with the field before it."""
    records: list[ParsedCitation] = []
    last: list[str] = []
    for line in text.splitlines():
        tagged = _LINE.fullmatch(line.strip())
        tag, value = (tagged[1], (tagged[2] or "").strip()) if tagged else ("", line.strip())
        if tag == "TY":
            records.append(ParsedCitation(type=value, texts={}))
        elif tag and tag not in ("ER", "ID") and records:
            last = records[-1].texts.setdefault(tag, [])
            last.append(value)
        elif not tag and last and value:
            last[-1] = f"{last[-1]} {value}".strip()
        if tag in ("TY", "ER", "ID"):
            last = []
    for record in records:
        _take_apart(record)
    return records


def _take_apart(record: ParsedCitation) -> None:
    """Take authors and dates out of the texts of a record."""
    texts = record.texts
    names = [name for tag in _AUTHORS for name in texts.pop(tag, ())]
    record.authors = without_empty(map(natural_order, names))
    dates = [_iso(text) for tag in _DATES for text in texts.pop(tag, ())]
    # “2022/11/05/” says more than “2022”, whichever tag has it.
    record.dates = sorted(without_empty(dates), key=lambda date: -len(date))
    record.accessed = next(map(_iso, texts.pop("Y2", ())), "")


def _iso(date: str) -> str:
    """Return “2022/11/05/” and “2022/11//” with dashes, and “2022 Nov 5” with the year last."""
    if found := _DAY.fullmatch(date.rstrip("/")):
        return "-".join(part for part in found.groups() if part)
    return _YEAR_FIRST.sub(r"\2 \1", date)


FORMAT = Format(
    name="RIS",
    read=read,
    title=("TI", "T1", "CT", "BT"),
    container=("JO", "JF", "T2", "JA", "J2"),
    publisher=("PB",),
    addresses=("UR", "L2", "LK", "L1"),
    doi="DO",
    kinds=kinds(
        press="NEWS MGZN",
        scholarship=(
            "JOUR EJOUR JFULL BOOK EBOOK EDBOOK CHAP ECHAP CONF CPAPER THES ABST INPR SER ENCYC"
        ),
        court="CASE",
        official="GOVDOC HEAR BILL STAT LEGAL UNBILL",
    ),
    chapters=frozenset({"CHAP", "ECHAP", "CONF", "CPAPER", "ENCYC"}),
    labels={
        "A2": "editors",
        "AB": "abstract",
        "CY": "place",
        "DB": "database",
        "DP": "database",
        "ED": "editors",
        "EP": "pages",
        "ET": "edition",
        "IS": "issue",
        "J2": "short title of the journal",
        "JA": "short title of the journal",
        "JF": "journal",
        "JO": "journal",
        "KW": "keywords",
        "LA": "language",
        "M3": "type of work",
        "N1": "notes",
        "N2": "abstract",
        "SN": "ISSN or ISBN",
        "SP": "pages",
        "ST": "short title",
        "T2": "second title",
        "T3": "series",
        "VL": "volume",
    },
)


def write(cited: Cited) -> str:
    """Return a record: a chapter of the casebook for a case, a data set otherwise."""
    # A data set has no field for editors.
    authors = cited.authors if cited.is_case else cited.authors or cited.editors
    fields = [
        ("TY", "CHAP" if cited.is_case else "DATA"),
        *(("AU", name.inverted) for name in authors),
        (FORMAT.title[0], cited.pinned_title),
        ("T2", cited.casebook),
        *(("A2", name.inverted) for name in cited.editors if cited.is_case),
        ("PB", cited.publisher),
    ]
    if cited.issued:
        fields += [("PY", str(cited.issued.year)), ("DA", f"{cited.issued:%Y/%m/%d}/")]
    fields += [
        ("ET", "" if cited.is_case else str(cited.version)),
        ("UR", cited.address),
        ("LA", "en"),
        ("ID", cited.key),
    ]
    lines = [f"{tag}  - {' '.join(text.split())}" for tag, text in fields if text]
    return "\r\n".join([*lines, "ER  - ", ""])
