"""The filters of the public claims of one source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import overload

from django.http import QueryDict
from msgspec import Struct

from cases import changelog
from cases.evidence.values import label_of_path
from cases.index import case_index
from cases.index.case_index import SOURCE
from cases.models import Claim, Source
from cases.models.vocabulary import Modality, Stance
from cases.record.classes import CasePart, CaseRecord, ClaimRecord
from cases.versions.current import Current, current_records

from .address_filter import AddressFilter
from .cache_by_case import CacheByCase
from .case_numbers import standard_number
from .facets import Facet
from .filters import Choice, Typed
from .former_slugs import CASE_PARAMETER
from .page_layout import check_page
from .query_string import FORMS, Choices

LOCATOR, FIELD = "locator", "field"

# Sources whose claims are cached; `_claims` counts each version of the dataset separately.
MAX_SOURCES = 2

# What a claim is about if it names no value.
AS_A_WHOLE = {
    "case": "The case as a whole",
    "warning": "Warning, as a whole",
    "incident": "Incident, as a whole",
    "involvement": "Role of an actor",
    "assessment": "Exception",
}

_NUMBERED = re.compile(r"(warning|incident)-[0-9]+")


def value_named(path: str) -> str:
    """Return the value at a path, named as in the codebook: “warning.reception”."""
    part, _, field = path.partition(".")
    if numbered := _NUMBERED.fullmatch(part):
        return f"{numbered[1]}.{field}" if field else numbered[1]
    # Paths of assessments and roles end in slugs; names of fields have no hyphen.
    if "-" in part:
        return "assessment" if part.startswith("exception-") else "involvement"
    return f"case.{part}" if part else "case"


@dataclass(frozen=True)
class PublicClaim:
    """A claim of a public case, with the part of the case and the field that it is about.

    Without a field it is about the part as a whole.
    """

    case: CaseRecord
    claim: ClaimRecord
    part: CasePart
    field: str

    @property
    def value(self) -> str:
        return value_named(self.claim.about)


class FoundClaim(Struct, frozen=True, gc=False):
    """What the filters ask of a claim. A source may have very many, whose records take too much."""

    case: int
    number: str
    slug: str
    title: str
    sequence: int
    value: str
    modality: str
    stance: str
    locator: str

    @property
    def values(self) -> dict[str, str]:
        """Its value for each filter."""
        return {
            CASE_PARAMETER: self.slug,
            FIELD: self.value,
            "modality": self.modality,
            "stance": self.stance,
            LOCATOR: self.locator,
        }


class ClaimsOfSource:
    """The public claims of a source, by the place in it and then by case, with their numbers."""

    def __init__(self, found: list[FoundClaim]) -> None:
        self.found = found
        self.facets: list[Facet] | None = None
        """The facets of an address that narrows nothing, as soon as one was asked for."""

    @cached_property
    def counts(self) -> dict[str, Counter[str]]:
        """The number of claims for each value of each filter."""
        values = [one.values for one in self.found]
        return {name: Counter(one[name] for one in values) for name in ClaimFilter.facet_filters()}

    @cached_property
    def titles(self) -> dict[str, str]:
        """The title of each case, by slug, in the order of the claims."""
        return {one.slug: one.title for one in self.found}

    @cached_property
    def slugs(self) -> dict[str, str]:
        """The slug of each case, by number."""
        return {one.number: one.slug for one in self.found}


class Claims(Sequence[PublicClaim]):
    """Claims that were found; slicing reads the records of their cases."""

    def __init__(self, found: Sequence[FoundClaim]) -> None:
        self.found = found

    def __len__(self) -> int:
        return len(self.found)

    @overload
    def __getitem__(self, place: int) -> PublicClaim: ...
    @overload
    def __getitem__(self, place: slice) -> list[PublicClaim]: ...
    def __getitem__(self, place: int | slice) -> PublicClaim | list[PublicClaim]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        found = self.found[place]
        records = current_records({one.case for one in found})
        # By their numbers, since a case may have been withdrawn or changed meanwhile.
        claims = {
            (key, claim.sequence): (record, claim)
            for key, record in records.items()
            for claim in record.claims
        }
        wanted = ((one.case, one.sequence) for one in found)
        return [claim_of(*claims[place]) for place in wanted if place in claims]


class ClaimFilter(AddressFilter):
    """The public claims of a source that an address asks for, by paragraph and then by case.

    A case is named by its slug or its number.
    """

    # In the order of the page.
    case = Choice(label="Case", is_long=True)
    field = Choice(label="Value", meaning="What the claim is about.")
    modality = Choice(choices=Modality.choices, label="Certainty", coded=(Claim, "modality"))
    stance = Choice(choices=Stance.choices, label="Stance", coded=(Claim, "stance"))
    locator = Choice(label="Paragraph")
    page = Typed(check_page, narrows=False, label="Page")

    class Meta(AddressFilter.Meta):
        model = Claim

    def __init__(self, data: QueryDict, source: Source) -> None:
        super().__init__(data)
        self.version = changelog.latest()
        self.rows = _claims(source.slug, self.version)
        self.data = self._by_slug()

    @cached_property
    def qs(self) -> Claims:
        """The matching claims."""
        if not self.active:
            return Claims(self.rows.found)
        return Claims([one for one in self.rows.found if self.matches(one.values)])

    @property
    def count(self) -> int:
        """How many public claims the source has, whatever the address asks for."""
        return len(self.rows.found)

    @property
    def locators(self) -> list[str]:
        """Where the claims stand in the source."""
        return list(self.choices[LOCATOR])

    @cached_property
    def known(self) -> Choices:
        """The values that the claims have, with their labels."""
        counts = self.rows.counts
        labels = {name: self.filters[name].labels() for name in ("modality", "stance")}
        return {
            CASE_PARAMETER: self.rows.titles,
            FIELD: {field: _label(field) for field in sorted(counts[FIELD], key=_place)},
            **{
                name: {value: text for value, text in known.items() if counts[name][value]}
                for name, known in labels.items()
            },
            LOCATOR: {locator: locator for locator in counts[LOCATOR]},
        }

    def facets(self) -> list[Facet]:
        if self.active:
            return super().facets()
        # A source may be of many thousands of cases, of which the most frequent are offered.
        self.rows.facets = self.rows.facets or super().facets()
        return self.rows.facets

    def counts(self, name: str) -> Counter[str]:
        """Return the number of claims in the source for each value of a filter."""
        return self.rows.counts[name]

    def _by_slug(self) -> QueryDict:
        """Return the query string with the slug of each case that it names by its number."""
        given = self.data.copy()
        if self.rows.found:
            for name in (CASE_PARAMETER + form for form in FORMS):
                if values := given.getlist(name):
                    numbers = self.rows.slugs
                    slugs = [numbers.get(standard_number(value) or "", value) for value in values]
                    given.setlist(name, slugs)
        return given


def claims_of_source(slug: str) -> ClaimsOfSource:
    """Return the public claims of a source, sorted once for each version of the dataset."""
    return _claims(slug, changelog.latest())


@lru_cache(maxsize=MAX_SOURCES)
def _cache_of(slug: str) -> CacheByCase[FoundClaim]:
    def claims(key: int, current: Current) -> Iterator[FoundClaim]:
        record = current.record
        for claim in record.claims:
            if claim.source.slug == slug:
                yield FoundClaim(
                    key,
                    record.number,
                    record.slug,
                    record.title,
                    claim.sequence,
                    value_named(claim.about),
                    claim.modality,
                    claim.stance,
                    claim.locator,
                )

    return CacheByCase(claims)


@lru_cache(maxsize=MAX_SOURCES)
def _claims(slug: str, version: int) -> ClaimsOfSource:
    index = case_index.current()
    with index.reading:
        cases, seen = list(index.having(SOURCE).get(slug, ())), index.version
    found = _cache_of(slug).of(cases, seen)
    order = {locator: reading_order(locator) for locator in {one.locator for one in found}}
    found.sort(key=lambda one: (order[one.locator], one.number, one.sequence))
    return ClaimsOfSource(found)


def forget() -> None:
    """Drop what was read; the next call reads again."""
    _cache_of.cache_clear()
    _claims.cache_clear()


def claim_of(record: CaseRecord, claim: ClaimRecord) -> PublicClaim:
    """Return a claim of a record with what it is about."""
    parts = (*record.warnings, *record.incidents, *record.involvements, *record.assessments)
    by_path: dict[str, CasePart] = {part.path: part for part in parts}
    if claim.about in by_path:
        return PublicClaim(record, claim, by_path[claim.about], "")
    path, _, field = claim.about.rpartition(".")
    return PublicClaim(record, claim, by_path.get(path, record), field)


def _label(field: str) -> str:
    return AS_A_WHOLE.get(field) or label_of_path(field.removeprefix("case."))


def _place(field: str) -> tuple[int, str]:
    """Return a sort key: by the part of the case, then by the label."""
    return list(AS_A_WHOLE).index(field.partition(".")[0]), _label(field)


def reading_order(locator: str) -> tuple[int, list[int], str]:
    """Return a sort key for a locator: the headline first, then by number, then all others."""
    if locator.upper().startswith("H"):
        return 0, [], locator
    numbers = [int(number) for number in re.findall(r"[0-9]{1,9}", locator)]
    return (1 if numbers else 2), numbers, locator
