"""What a citation of the casebook names: a version of a case, a list of cases, or the whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from django.conf import settings
from django.urls import reverse

from cases.exchange.downloads.errors import absolute
from cases.exchange.downloads.files import page_query
from cases.finding.case_filter import CaseFilter
from cases.finding.description import describe, described
from cases.models import Release, Version
from cases.models.synthetic_label import synthetic_cases_are_public
from cases.record.classes import CaseRecord
from cases.text.bidi import without_isolates


@dataclass(frozen=True)
class Name:
    """The name of a person, or of a body, which has no given name."""

    family: str
    given: str = ""

    @property
    def natural(self) -> str:
        """The name as it is spoken: “Ann Lee”."""
        return f"{self.given} {self.family}".strip()

    @property
    def inverted(self) -> str:
        """The name as it is sorted: “Lee, Ann”."""
        return f"{self.family}, {self.given}" if self.given else self.family


@dataclass(frozen=True)
class Cited:
    """A citable state of a part of the casebook; `version` says which state it is.

    A case is a chapter of the casebook, and its address is that of its version. A release is a data
    set that stays as it is. A list of cases,
    or the whole, is a data set, and its version is that of the dataset; its address may show other
    cases later. `issued` is None only for a casebook without any announced change.
    """

    key: str
    title: str
    version: int | str
    """Its number, or the name of a release."""
    issued: dt.date | None
    address: str
    number: str = ""
    """The permanent number of a case; "" for a data set."""

    @property
    def is_case(self) -> bool:
        return bool(self.number)

    @property
    def pinned(self) -> str:
        """The words that say which state is cited."""
        if self.is_case:
            return f"{self.number}, version {self.version}"
        is_release = isinstance(self.version, str)
        return f"{'release' if is_release else 'dataset version'} {self.version}"

    @property
    def pinned_title(self) -> str:
        """The title with the number and version of a case, for formats without fields for them."""
        return f"{self.title} ({self.pinned})" if self.is_case else self.title

    @property
    def casebook(self) -> str:
        """The work that the case is a chapter of; "" for a data set."""
        return settings.SITE_NAME if self.is_case else ""

    @property
    def authors(self) -> list[Name]:
        """The authors in the settings; without authors and editors the casebook, as a body."""
        return names(settings.CASEBOOK_AUTHORS) or ([] if self.editors else [CASEBOOK])

    @property
    def editors(self) -> list[Name]:
        return names(settings.CASEBOOK_EDITORS)

    @property
    def publisher(self) -> str:
        return settings.CASEBOOK_PUBLISHER


CASEBOOK = Name(settings.SITE_NAME)


def names(pairs: Sequence[tuple[str, str]]) -> list[Name]:
    """Return the names of a setting, which has them as pairs of family and given name."""
    return [Name(*pair) for pair in pairs]


def cited_case(record: CaseRecord, version: Version) -> Cited:
    """Return what a citation of one version of a case names."""
    return Cited(
        key=f"{record.number}-v{version.number}",
        title=record.title,
        number=record.number,
        version=version.number,
        issued=version.made_at.date(),
        address=absolute(reverse("version_permanent", args=[record.number, version.number])),
    )


def cited_list(cases: CaseFilter, issued: dt.date | None) -> Cited:
    """Return what a citation of a list names; of the list of all cases, it is the casebook.

    `issued` is the day of the last change of the dataset, which takes some queries to find.
    """
    key, title = _key(cases.version), settings.SITE_NAME
    address = absolute(reverse("home"))
    if describe(cases):
        query = page_query(cases)
        key = _key(cases.version, query)
        words = without_isolates(described(cases))
        has_authors = settings.CASEBOOK_AUTHORS or settings.CASEBOOK_EDITORS
        title = f"{title}: {words}" if has_authors else words  # otherwise the author says it
        address = absolute(reverse("case_list"), query)
    return Cited(key, title, cases.version, issued, address)


def cited_picture(
    cases: CaseFilter, name: str, title: str, query: str, issued: dt.date | None
) -> Cited:
    """Return what a citation of a picture of some cases names; `query` is that of its address."""
    of_list = cited_list(cases, issued)
    test_data = "Test data, synthetic cases: " if synthetic_cases_are_public() else ""
    return replace(
        of_list,
        key=f"{_key(cases.version, query)}-{name}",
        title=f"{test_data}{title}. {of_list.title}",
        address=absolute(reverse("chart", args=[name]), query),
    )


def _key(version: int, query: str = "") -> str:
    """Return the key of the casebook, or of a list: those of one version have keys of their own."""
    of_list = f"-{sha256(query.encode()).hexdigest()[:6]}" if query else ""
    return f"duty-to-warn-casebook-{version}{of_list}"


def cited_release(release: Release) -> Cited:
    """Return what a citation of a release names."""
    return Cited(
        key=f"duty-to-warn-casebook-{release.name}",
        title=settings.SITE_NAME,
        version=release.name,
        issued=release.day,
        address=absolute(release.get_absolute_url()),
    )
