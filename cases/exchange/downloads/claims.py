"""Claims as CSV, one row a claim, with the columns of the data bundle and an address to cite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cases.exchange.bundle.layout.tables import CLAIMS
from cases.models.vocabulary import CaseStatus

from .columns import as_cell
from .errors import absolute
from .files import lines
from .portions import portions

# The column that the bundle does not have; it comes last.
ADDRESS = "permanent_address"


def claims_csv(keys: Sequence[int]) -> Iterator[str]:
    """Yield the public claims among `keys` as a CSV file (RFC 4180), one batch at a time."""
    yield lines([[column.name for column in CLAIMS.columns] + [ADDRESS]])
    for portion in portions(keys, _rows):
        yield lines(portion)


def _rows(keys: Sequence[int]) -> list[list[str]]:
    published = CLAIMS.rows().filter(case__status=CaseStatus.PUBLISHED)
    claims = published.in_bulk(keys)
    return [_row(claims[key]) for key in keys if key in claims]


def _row(claim: Any) -> list[str]:
    cells = [as_cell(column.write(claim)) for column in CLAIMS.columns]
    address = f"{absolute(claim.case.get_permanent_url())}#claim-{claim.sequence}"
    return [*cells, address]
