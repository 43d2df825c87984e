"""The filters of the public claims of one source."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

from django.db.models import QuerySet
from django.http import QueryDict

from cases.evidence.values import label_of_path
from cases.models import Case, Claim, Source
from cases.models.claim import CLAIM_PARTS
from cases.models.vocabulary import CaseStatus, Modality, Stance

from .address_filter import AddressFilter
from .case_numbers import standard_number
from .facets import MAX_OFFERED
from .filters import Choice, Typed
from .former_slugs import CASE_PARAMETER
from .page_layout import check_page
from .query_string import ALL, FORMS, NOT, Choices
from .rows import Rows

LOCATOR, FIELD = "locator", "field"

# What a claim is about if it names no value.
AS_A_WHOLE = {
    "case": "The case as a whole",
    "warning": "Warning, as a whole",
    "incident": "Incident, as a whole",
    "involvement": "Role of an actor",
    "assessment": "Exception",
}


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
        claims = Claim.objects.filter(source=source, case__status=CaseStatus.PUBLISHED)
        super().__init__(data, claims)
        self.rows, self._slugs = _read(claims)
        self.data = self._by_slug()

    @cached_property
    def keys(self) -> list[int]:
        """The keys of the matching claims."""
        return [key for key, values in self.rows if self._is_matching(values)]

    @cached_property
    def qs(self) -> Rows:
        """The matching claims, with all that a page shows of them."""
        return Rows(self.keys, self.queryset.for_evidence())

    @property
    def count(self) -> int:
        """How many public claims the source has, whatever the address asks for."""
        return len(self.rows)

    @property
    def locators(self) -> list[str]:
        """Where the claims stand in the source."""
        return list(self.choices[LOCATOR])

    @cached_property
    def known(self) -> Choices:
        """The values that the claims have, with their labels."""
        counts = self._counts
        frequent = [slug for slug, _ in counts[CASE_PARAMETER].most_common(MAX_OFFERED)]
        chosen = [value for form in FORMS for value in self.data.getlist(CASE_PARAMETER + form)]
        named = [slug for slug in (*frequent, *chosen) if slug in counts[CASE_PARAMETER]]
        titles = dict(Case.objects.filter(slug__in=named).values_list("slug", "title"))
        numbers = {slug: number for number, slug in self._slugs.items()}
        cases = {slug: titles.get(slug, numbers[slug]) for slug in counts[CASE_PARAMETER]}
        labels = {name: self.filters[name].labels() for name in ("modality", "stance")}
        return {
            CASE_PARAMETER: cases,
            FIELD: {field: _label(field) for field in sorted(counts[FIELD], key=_place)},
            **{
                name: {value: text for value, text in known.items() if counts[name][value]}
                for name, known in labels.items()
            },
            LOCATOR: {locator: locator for locator in counts[LOCATOR]},
        }

    def counts(self, name: str) -> Counter[str]:
        """Return the number of claims in the source for each value of a filter."""
        return self._counts[name]

    @cached_property
    def _counts(self) -> dict[str, Counter[str]]:
        return {
            name: Counter(values[name] for _, values in self.rows) for name in self.facet_filters()
        }

    def _by_slug(self) -> QueryDict:
        """Return the query string with the slug of each case that it names by its number."""
        given = self.data.copy()
        if self.rows:
            for name in (CASE_PARAMETER + form for form in FORMS):
                if values := given.getlist(name):
                    slugs = [
                        self._slugs.get(standard_number(value) or "", value) for value in values
                    ]
                    given.setlist(name, slugs)
        return given

    def _is_matching(self, values: dict[str, str]) -> bool:
        data = self.query.data
        for name, value in values.items():
            if (any_of := data.getlist(name)) and value not in any_of:
                return False
            # A claim has one value of each, so several values of `__all` match none.
            if any(value != other for other in data.getlist(name + ALL)):
                return False
            if value in data.getlist(name + NOT):
                return False
        return True


def _read(claims: QuerySet[Claim]) -> tuple[list[tuple[int, dict[str, str]]], dict[str, str]]:
    """Return the key of each claim with its value for each filter, in the order of the source.

    Second the slug of each case by its number. One query.
    """
    parts = [f"{part}_id" for part in CLAIM_PARTS]
    columns = ("locator", "case__number", "sequence", "pk", "case__slug", "field")
    rows = claims.order_by().values_list(*columns, "modality", "stance", *parts)
    order = {row[0]: reading_order(row[0]) for row in rows}
    read = [
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
    return read, {row[1]: row[4] for row in rows}


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
