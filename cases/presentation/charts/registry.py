"""All pictures, in the order in which a page shows them."""

from __future__ import annotations

from typing import Protocol

from .by_year import BY_YEAR
from .case_set import CaseSet
from .certainty import CERTAINTY
from .cross_tables import INCIDENT_BY_CHANNEL, RECEPTION_BY_FOLLOW_UP
from .lead_time import LEAD_TIME
from .picture import Picture
from .specificity import SPECIFICITY


class Chart(Protocol):
    """What makes a picture of some cases; `name` stands in its addresses."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...

    def __call__(self, cases: CaseSet) -> Picture: ...


CHARTS: dict[str, Chart] = {
    chart.name: chart
    for chart in (
        LEAD_TIME,
        RECEPTION_BY_FOLLOW_UP,
        INCIDENT_BY_CHANNEL,
        BY_YEAR,
        CERTAINTY,
        SPECIFICITY,
    )
}
