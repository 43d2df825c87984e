"""All pictures, in the order in which a page shows them."""

from __future__ import annotations

from typing import Protocol

from .by_year.chart import BY_YEAR
from .case_set import CaseSet
from .certainty.chart import CERTAINTY
from .chains.chart import CHAINS
from .cross_tables import INCIDENT_BY_CHANNEL, RECEPTION_BY_FOLLOW_UP
from .exceptions import EXCEPTIONS
from .lead_time.chart import LEAD_TIME
from .picture import Picture
from .specificity import SPECIFICITY
from .where.chart import WHERE
from .who_warned_whom import WHO_WARNED_WHOM


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
        CHAINS,
        LEAD_TIME,
        WHO_WARNED_WHOM,
        RECEPTION_BY_FOLLOW_UP,
        INCIDENT_BY_CHANNEL,
        BY_YEAR,
        WHERE,
        CERTAINTY,
        EXCEPTIONS,
        SPECIFICITY,
    )
}
