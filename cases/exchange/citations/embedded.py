"""Citations within pages, for reference managers and search engines.

Zotero takes a page with `citation_…` tags as one item (its translator “Embedded Metadata”), and a
page with COinS as a list of items.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from cases.exchange.bundle.layout.describing import LICENCE
from cases.exchange.downloads.errors import absolute
from cases.exchange.downloads.files import page_query
from cases.finding.case_filter import CaseFilter
from cases.finding.description import described
from cases.text.bidi import without_isolates

from .cited import CASEBOOK, Cited, Name, cited_list

LANGUAGE = "en-GB"

ABOUT = (
    "Cases in which a party was warned of an attack, or is said not to have been, with the "
    "evidence for every coded value"
)


def meta_tags(cited: Cited) -> Iterator[tuple[str, str]]:
    """Yield the names and contents of the `<meta>` tags of what a page cites, if not empty."""
    return ((name, content) for name, content in _meta_tags(cited) if content)


def _meta_tags(cited: Cited) -> Iterator[tuple[str, str]]:
    day = cited.issued.isoformat() if cited.issued else ""
    # The tags have no field for the version of a data set.
    title = f"{cited.title} ({cited.pinned})"
    yield "citation_title", title
    for name in cited.authors:
        yield "citation_author", _for_zotero(name)
    for name in cited.editors:
        yield "citation_editor", _for_zotero(name)
    # With it Zotero makes a chapter of a book, and without it an article of a journal.
    yield "citation_inbook_title", cited.casebook
    yield "citation_publisher", cited.publisher
    yield "citation_publication_date", day.replace("-", "/")
    yield "citation_public_url", cited.address
    yield "citation_language", LANGUAGE
    yield "DC.title", title
    for name in cited.authors:
        yield "DC.creator", name.inverted
    for name in cited.editors:
        yield "DC.contributor", name.inverted
    yield "DC.publisher", cited.publisher
    yield "DC.date", day
    yield "DC.type", "Text" if cited.is_case else "Dataset"
    yield "DC.identifier", cited.address
    yield "DC.language", LANGUAGE
    yield "DC.rights", LICENCE["path"]
    yield "DCTERMS.isPartOf", cited.casebook


def _for_zotero(name: Name) -> str:
    # Zotero takes a name without a comma for that of a person, whose last word is the family name.
    return name.inverted if name.given else f"{name.family},"


def coins(cited: Cited) -> str:
    """Return the ContextObject (OpenURL 1.0) of a version of a case, for the title of a COinS."""
    names = [("rft.au" if name.given else "rft.aucorp", name.inverted) for name in cited.authors]
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:book"),
        ("rft.genre", "bookitem"),
        ("rft.atitle", cited.pinned_title),
        ("rft.btitle", cited.casebook),
        *names,
        ("rft.pub", cited.publisher),
        ("rft.date", cited.issued.isoformat() if cited.issued else ""),
        ("rft_id", cited.address),
    ]
    return _encoded(tuple((name, value) for name, value in pairs if value))


@lru_cache(maxsize=1_000)
def _encoded(pairs: tuple[tuple[str, str], ...]) -> str:
    # Kept: a list has those of all its cases, which took a tenth of its time.
    return urlencode(pairs)


def json_ld(cases: CaseFilter) -> dict[str, Any]:
    """Return a list of cases as a data set in the words of schema.org."""
    cited, query = cited_list(cases, None), page_query(cases)
    words = without_isolates(described(cases))
    files = {"cases_csv": "text/csv", "cases_json": "application/json"}
    data = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"{settings.SITE_NAME}: {words}",
        "description": f"{ABOUT}: {words}.",
        "url": cited.address,
        "license": LICENCE["path"],
        "isAccessibleForFree": True,
        "inLanguage": LANGUAGE,
        "creator": [_party(name) for name in cited.authors or cited.editors or [CASEBOOK]],
        "editor": [_party(name) for name in cited.editors],
        "publisher": _party(Name(cited.publisher or settings.SITE_NAME)),
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": media_type,
                "contentUrl": absolute(reverse(view), query),
            }
            for view, media_type in files.items()
        ],
    }
    return {name: value for name, value in data.items() if value}


def _party(name: Name) -> dict[str, str]:
    if not name.given:
        return {"@type": "Organization", "name": name.family}
    kind = {"@type": "Person", "name": name.natural}
    return kind | {"familyName": name.family, "givenName": name.given}
