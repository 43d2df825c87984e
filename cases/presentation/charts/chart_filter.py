"""What the address of a picture asks for: cases, as the comparison does, and how to draw them."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from cases.finding.address_form import Check
from cases.finding.case_filter import ComparisonFilter
from cases.finding.filters import Typed
from cases.text.excerpt import excerpt

# How actors are grouped, and by what cases are counted in time; the first counts by default.
ACTORS, STATES = "actor", "state"
YEARS, DECADES = "year", "decade"

# The parameters that change how a picture is drawn, with the labels of their values; the first one
# counts if nothing is given.
WAYS = {
    "group": {STATES: "States", ACTORS: "Actors as named"},
    "period": {YEARS: "Years", DECADES: "Decades"},
}


# The parameters that do not narrow, but change some pictures: those of the first cases of a list,
# and those that can be drawn in several ways.
_ONLY_IN = {
    "sort": ("chains", "certainty"),
    "group": ("who-warned-whom",),
    "period": ("by-year",),
}


def _one_of(name: str, *values: str) -> Check:
    def check(value: str) -> None:
        if value not in values:
            raise ValidationError(
                f"“{name}” is one of: {', '.join(values)}; “{excerpt(value)}” is none of these."
            )

    return check


class ChartFilter(ComparisonFilter):
    """The cases of a picture. They can be picked by slug, as those of a comparison."""

    group = Typed(
        _one_of("group", *WAYS["group"]),
        narrows=False,
        label="Actors",
        meaning="In the picture of who warned whom: state, which counts if nothing is given and "
        "adds up agencies and officials of a state, or actor, as warnings name them.",
    )
    period = Typed(
        _one_of("period", *WAYS["period"]),
        narrows=False,
        label="Period",
        meaning="In the picture of cases in time: year or decade.",
    )
    order = Typed(
        narrows=False,
        label="Order of the table",
        meaning="The column by which the table of a picture is sorted; with a minus from the last "
        "value to the first.",
    )

    def query_of(self, *names: str) -> str:
        """Return the query string without what changes nothing in the pictures of these names."""
        return self.query.without(
            *(
                parameter
                for parameter, one in self.base_filters.items()
                if not one.narrows and not {*names} & {*_ONLY_IN.get(parameter, ())}
            )
        )
