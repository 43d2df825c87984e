"""The public claims of one source: filtered, in the order of its paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cached_property

from django.http import QueryDict

from cases.evidence.values import label_of_path
from cases.models import Case, Claim, Source
from cases.models.claim import CLAIM_PARTS
from cases.models.vocabulary import CaseStatus, Modality, Stance

from .case_numbers import standard_number
from .choice import Choice
from .facets import MAX_OFFERED, Facet, facet
from .former_slugs import (
    CASE_PARAMETER,
    former_slug_remarks,
    present_slugs,
    with_present_slugs,
)
from .query_string import ALL, FORMS, NOT, Check, Choices, Query, read_query

LOCATOR, FIELD = "locator", "field"

FILTERS = {
    CASE_PARAMETER: Choice(label="Case"),
    FIELD: Choice(label="Value", meaning="What the claim is about."),
    "modality": Choice(choices=Modality.choices, label="Certainty", coded=(Claim, "modality")),
    "stance": Choice(choices=Stance.choices, label="Stance", coded=(Claim, "stance")),
    LOCATOR: Choice(label="Paragraph"),
}
"""The filters of the claims of a source, in the order of the page."""

LABELS = {name: str(filter_.label) for name, filter_ in FILTERS.items()}

# What a claim is about if it names no value.
AS_A_WHOLE = {
    "case": "The case as a whole",
    "warning": "Warning, as a whole",
    "incident": "Incident, as a whole",
    "involvement": "Role of an actor",
    "assessment": "Exception",
}


class ClaimsOfSource:
    """The public claims of a source that a query string asks for.

    A case is named by its slug or its number. `also` has the checks of further parameters.
    """

    def __init__(
        self, source: Source, given: QueryDict, also: Mapping[str, Check] | None = None
    ) -> None:
        self.claims = Claim.objects.filter(source=source, case__status=CaseStatus.PUBLISHED)
        self._given, self._also = given, dict(also or {})

    @cached_property
    def query(self) -> Query:
        """The parsed query string, with a notice for each part that was not understood."""
        found = present_slugs(self._by_slug, self.choices)
        given = with_present_slugs(self._by_slug, found)
        query = read_query(given, self.choices, self._also)
        query.remarks += former_slug_remarks(found)
        return query

    @cached_property
    def keys(self) -> list[int]:
        """The keys of the matching claims, by paragraph and then by case."""
        return [row[0] for row in self._rows if self._is_matching(row)]

    @property
    def count(self) -> int:
        """How many public claims the source has, whatever the query asks for."""
        return len(self._rows)

    @property
    def locators(self) -> list[str]:
        """Where the claims stand in the source."""
        return list(self.choices[LOCATOR])

    def facets(self) -> list[Facet]:
        """Return the filters with their values and the number of claims of each in the source."""
        return [
            facet(
                name,
                filter_,
                self.choices[name],
                self.query,
                self._counts[name],
                is_long=name == CASE_PARAMETER,
            )
            for name, filter_ in FILTERS.items()
        ]

    @cached_property
    def choices(self) -> Choices:
        """The values that the claims have, with their labels."""
        counts = self._counts
        frequent = [slug for slug, _ in counts[CASE_PARAMETER].most_common(MAX_OFFERED)]
        chosen = [value for form in FORMS for value in self._by_slug.getlist(CASE_PARAMETER + form)]
        named = [slug for slug in (*frequent, *chosen) if slug in counts[CASE_PARAMETER]]
        titles = dict(Case.objects.filter(slug__in=named).values_list("slug", "title"))
        numbers = {slug: number for number, slug in self._slugs.items()}
        cases = {slug: titles.get(slug, numbers[slug]) for slug in counts[CASE_PARAMETER]}
        labels = {name: FILTERS[name].labels() for name in ("modality", "stance")}
        return {
            CASE_PARAMETER: cases,
            FIELD: {field: _label(field) for field in sorted(counts[FIELD], key=_place)},
            **{
                name: {value: text for value, text in known.items() if counts[name][value]}
                for name, known in labels.items()
            },
            LOCATOR: {locator: locator for locator in counts[LOCATOR]},
        }

    @cached_property
    def _rows(self) -> list[tuple[int, dict[str, str]]]:
        """The key of each claim with its value for each filter, in the order of the source."""
        parts = [f"{part}_id" for part in CLAIM_PARTS]
        columns = ("locator", "case__number", "sequence", "pk", "case__slug", "field")
        rows = self.claims.order_by().values_list(*columns, "modality", "stance", *parts)
        order = {row[0]: reading_order(row[0]) for row in rows}
        self._slugs = {row[1]: row[4] for row in rows}
        return [
            (
                pk,
                {
                    CASE_PARAMETER: slug,
                    FIELD: _field(field, keys),
                    "modality": modality,
                    "stance": stance,
                    LOCATOR: locator,
                },
            )
            for locator, _, _, pk, slug, field, modality, stance, *keys in sorted(
                rows, key=lambda row: (order[row[0]], row[:4])
            )
        ]

    @cached_property
    def _counts(self) -> dict[str, Counter[str]]:
        return {name: Counter(values[name] for _, values in self._rows) for name in FILTERS}

    @cached_property
    def _by_slug(self) -> QueryDict:
        """The query string with the slug of each case that it names by its number."""
        given = self._given.copy()
        if self._rows:
            for name in (CASE_PARAMETER + form for form in FORMS):
                if values := given.getlist(name):
                    slugs = [
                        self._slugs.get(standard_number(value) or "", value) for value in values
                    ]
                    given.setlist(name, slugs)
        return given

    def _is_matching(self, row: tuple[int, dict[str, str]]) -> bool:
        data = self.query.data
        for name, value in row[1].items():
            if (any_of := data.getlist(name)) and value not in any_of:
                return False
            # A claim has one value of each, so several values of `__all` match none.
            if any(value != other for other in data.getlist(name + ALL)):
                return False
            if value in data.getlist(name + NOT):
                return False
        return True


def _field(field: str, parts: list[int | None]) -> str:
    """Return the value that a claim is about, named as in the codebook: “warning.reception”."""
    named = (name for name, key in zip(CLAIM_PARTS, parts, strict=True) if key is not None)
    part = next(named, "case")
    return part if part in ("involvement", "assessment") or not field else f"{part}.{field}"


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
