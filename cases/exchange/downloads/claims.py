"""Claims as CSV, one row a claim, with the columns of the data bundle and an address to cite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cases.exchange.bundle.layout.tables import CLAIMS
from cases.finding.claim_filter import PublicClaim
from cases.models import Claim
from cases.record.columns import columns_of
from cases.text.batches import in_batches

from .columns import as_cell
from .errors import absolute
from .files import lines

# The column that the bundle does not have; it comes last.
ADDRESS = "permanent_address"


def claims_csv(claims: Sequence[PublicClaim]) -> Iterator[str]:
    """Yield public claims as a CSV file (RFC 4180), one batch at a time."""
    names = [*(column.name for column in CLAIMS.columns), ADDRESS]
    yield lines([names])
    for batch in in_batches(claims):
        yield lines([[as_cell(str(cells[name])) for name in names] for cells in map(_cells, batch)])


def _cells(said: PublicClaim) -> dict[str, Any]:
    claim, speaker = said.claim, said.claim.speaker.actor
    return columns_of(claim, Claim) | {
        "case": said.case.slug,
        "about": claim.about,
        "speaker": speaker.slug if speaker else "",
        "source": claim.source.slug,
        ADDRESS: f"{absolute(said.case.get_permanent_url())}#claim-{claim.sequence}",
    }
