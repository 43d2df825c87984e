"""Where the incidents were, or were to be: a circle in each country, and a list of the others.

The land is drawn without borders, because a picture of cases has nothing to say of them, and no
country is filled, because that would let the size of its area speak. It does not show where in a
country something happened, and not where warnings were given.
"""

from __future__ import annotations

from collections.abc import Sequence

from cases.models.vocabulary import NOT_APPLICABLE, NOT_STATED
from cases.presentation.charts.case_set import CaseSet, Counted
from cases.presentation.charts.picture import CASES, INFERRED, WIDE, Cell, Picture, coded

from .drawing import Located, drawing, is_enlarged
from .world import CREDIT, world

COUNTRY, INCIDENT = "country", "incident"

# What a case has in place of a country.
_PLACELESS = {
    NOT_STATED: "Country not stated",
    NOT_APPLICABLE: "Does not apply, as no incident is reported",
}


class _Chart:
    name = "where"
    title = "Where incidents were, or were to be"

    def __call__(self, cases: CaseSet) -> Picture:
        countries, others = _countries(cases), _others(cases)
        sentences = [
            "A case with incidents in several countries counts in each.",
            "Circles stand in the middle of countries and say nothing of borders.",
        ]
        if is_enlarged(countries, WIDE):
            sentences.append("The smallest are enlarged so that they can be seen.")
        return Picture(
            name=self.name,
            title=self.title,
            finding=_finding(cases, countries),
            caveat=" ".join([*sentences, CREDIT]),
            columns=[
                coded(COUNTRY, "Country of the incident"),
                CASES,
                INFERRED,
            ],
            rows=[
                (Cell(one.label, codes=(one.code,)), *one.found.cells)
                for one in (*countries, *others)
            ],
            draw=lambda frame: drawing(countries, others, frame),
        )


WHERE = _Chart()


def _countries(cases: CaseSet) -> list[Located]:
    """Return the countries that incidents name themselves, the most frequent first.

    Those that the address asks for, too.
    """
    index, keys, asked = cases.filter.index, cases.keys, cases.data.getlist(COUNTRY)
    with index.reading:
        named = {slug for slug, found in index.naming(COUNTRY).items() if found.intersect(keys)}
    shown = [
        Located(label, found, world().middle(label), value)
        for value, label, found in _found(cases)
        if value not in _PLACELESS and value in named.union(asked)
    ]
    return sorted(shown, key=lambda one: -one.found.count)


def _others(cases: CaseSet) -> list[Located]:
    """Return the cases that have no country, by the reason."""
    others = [
        Located(_PLACELESS[value], found, code=value)
        for value, _, found in _found(cases)
        if value in _PLACELESS
    ]
    without = cases.lacking(INCIDENT, list(cases.filter.choices[INCIDENT]))
    if not without.count:
        return others
    return [*others, Located("No incident is coded", without, code="no_incident")]


def _found(cases: CaseSet) -> list[tuple[str, str, Counted]]:
    """Return each value of the filter with its label and its cases."""
    return [
        (value, cases.label(COUNTRY, value), cases.having({COUNTRY: value}))
        for value in cases.values(COUNTRY)
    ]


def _finding(cases: CaseSet, countries: Sequence[Located]) -> str:
    if not countries:
        return "No case here names the country of an incident."
    total, most = len(cases), max(one.found.count for one in countries)
    first, *others = [one for one in countries if one.found.count == most]
    it_is, inference = f"is “{first.label}”", first.found.inference
    if total == 1 and others:
        return f"The one case here names {len(countries):,} countries of incidents."
    if len(countries) == 1:
        of_all = "the one case here" if total == 1 else f"{most:,} of {total:,} cases"
        return f"In {of_all} the country of an incident {it_is}; no other is named{inference}."
    if others:
        named = f"Incidents were, or were to be, in {len(countries):,} countries"
        return f"{named}, in no more than {most:,} of {total:,} cases each."
    naming = cases.having({COUNTRY: [one.code for one in countries]}).count
    return (
        f"In {naming:,} of {total:,} cases the country of an incident is named, "
        f"{len(countries):,} countries together; most often, in {most:,} of these cases, "
        f"it {it_is}{inference}."
    )
