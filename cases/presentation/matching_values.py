"""The values of listed cases that match a filter by modality or by contested values.

Without them, a reader of a list of cases with an “alleged” claim would have to look for that claim
in every case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.evidence.badges import UNBADGED_MODALITIES
from cases.evidence.case_evidence import CaseEvidence
from cases.evidence.values import label_of_path
from cases.finding.case_filter import asks_for_contested
from cases.finding.query_string import ALL, ANY
from cases.models.vocabulary import Modality, Stance
from cases.record.classes import CaseRecord, ClaimRecord

from .cards import Line, address_of

# Values of a case that are named for each modality; the others are counted.
MAX_NAMED = 8

CONTESTED = "contested"

# The headings of the matching values, in their order on screen.
MODALITY_LABELS = {str(modality.value): str(modality.label) for modality in Modality} | {
    CONTESTED: "Contested"
}


def matching_values(
    records: Mapping[int, CaseRecord], query: QueryDict, within: str
) -> dict[int, tuple[Line, ...]]:
    """Return, by the key of a case, the values that match the filters, one line for each heading.

    `within` is the query string of the list.
    """
    wanted = {value for form in (ANY, ALL) for value in query.getlist(f"modality{form}")}
    if asks_for_contested(query):
        wanted.add(CONTESTED)
    # Most values of a case are stated or quoted, so listing those would not help.
    if not (wanted := wanted - set(UNBADGED_MODALITIES)):
        return {}
    return {
        key: lines
        for key, record in records.items()
        if (lines := tuple(_lines(record, wanted, address_of(record, within))))
    }


def _lines(record: CaseRecord, wanted: Set[str], address: str) -> Iterator[Line]:
    evidence = CaseEvidence(record)
    for heading, text in MODALITY_LABELS.items():
        values = {
            claim.anchor: label_of_path(claim.value_path) or "The case as a whole"
            for claim in record.claims
            if heading in _headings(claim, evidence) & wanted
        }
        if values:
            yield text, _links(values, address)


def _headings(claim: ClaimRecord, evidence: CaseEvidence) -> set[str]:
    """Return the headings under which the value of a claim is listed."""
    if claim.stance == Stance.DISPUTES and claim.value_path in evidence.contested:
        return {claim.modality, CONTESTED}
    return {claim.modality}


def _links(values: dict[str, str], address: str) -> SafeString:
    named = [(address, anchor, label) for anchor, label in list(values.items())[:MAX_NAMED]]
    links = format_html_join(" · ", '<a href="{}#{}">{}</a>', named)
    more = len(values) - len(named)
    return format_html("{} and {} more", links, more) if more else links
