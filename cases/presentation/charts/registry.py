"""All pictures, in the order in which a page shows them."""

from __future__ import annotations

from typing import Protocol

from .case_set import CaseSet
from .chains.chart import CHAINS
from .cross_tables import INCIDENT_BY_CHANNEL, RECEPTION_BY_FOLLOW_UP
from .picture import Picture


class Chart(Protocol):
    """What makes a picture of some cases; `name` stands in its addresses."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...

    def __call__(self, cases: CaseSet) -> Picture: ...


CHARTS: dict[str, Chart] = {
    chart.name: chart for chart in (CHAINS, RECEPTION_BY_FOLLOW_UP, INCIDENT_BY_CHANNEL)
}
