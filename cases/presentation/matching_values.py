"""The values of listed cases that match a filter by modality or by contested values.

Without them, a reader of a list of cases with an “alleged” claim would have to look for that claim
in every case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set

from django.db.models import Exists, Q, QuerySet
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.evidence.badges import UNBADGED_MODALITIES
from cases.evidence.values import label_of_path
from cases.finding.query_string import ALL, ANY, NOT
from cases.models import Case, Claim
from cases.models.claim import asserting_same_value
from cases.models.vocabulary import Modality, Stance

from .cards import Line, address_of

# Values of a case that are named for each modality; the others are counted.
MAX_NAMED = 8

# The relations that the path of a claim's value needs.
PART_LOOKUPS = ("warning", "incident", "involvement__actor", "assessment__exception")

CONTESTED = "contested"

# The headings of the matching values, in their order on screen.
MODALITY_LABELS = {str(modality.value): str(modality.label) for modality in Modality} | {
    CONTESTED: "Contested"
}


def matching_values(
    cases: Sequence[Case], query: QueryDict, within: str
) -> dict[int, tuple[Line, ...]]:
    """Return, by the key of a case, the values that match the filters, one line for each heading.

    `within` is the query string of the list. One query, or none without such a filter.
    """
    wanted = {value for form in (ANY, ALL) for value in query.getlist(f"modality{form}")}
    contested = {value for form in (ANY, ALL) for value in query.getlist(f"contested{form}")}
    if "yes" in contested or "no" in query.getlist(f"contested{NOT}"):
        wanted.add(CONTESTED)
    # Most values of a case are stated or quoted, so listing those would not help.
    if not (wanted := wanted - set(UNBADGED_MODALITIES)):
        return {}
    addresses = {case.pk: address_of(case, within) for case in cases}
    labels: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    for claim in _claims(addresses, wanted):
        for heading in _headings(claim) & wanted:
            label = label_of_path(claim.path_of_value) or "The case as a whole"
            labels[claim.case_id, heading][claim.anchor] = label
    lines: dict[int, tuple[Line, ...]] = {}
    for heading, text in MODALITY_LABELS.items():
        for key, address in addresses.items():
            if values := labels.get((key, heading), {}):
                lines[key] = (*lines.get(key, ()), (text, _links(values, address)))
    return lines


def _claims(keys: Iterable[int], wanted: Set[str]) -> QuerySet[Claim]:
    """Return the claims of the cases with a wanted modality or, if wanted, that dispute a value."""
    matches = Q(modality__in=wanted)
    if CONTESTED in wanted:
        matches |= Q(stance=Stance.DISPUTES)
    claims: QuerySet[Claim] = Claim.objects.filter(matches, case__in=keys).order_by("sequence")
    asserted = Exists(asserting_same_value())
    return claims.select_related("case", *PART_LOOKUPS).annotate(is_asserted_too=asserted)


def _headings(claim: Claim) -> set[str]:
    """Return the headings under which the value of a claim is listed."""
    is_contested = claim.stance == Stance.DISPUTES and getattr(claim, "is_asserted_too", False)
    return {claim.modality, CONTESTED} if is_contested else {claim.modality}


def _links(values: dict[str, str], address: str) -> SafeString:
    named = [(address, anchor, label) for anchor, label in list(values.items())[:MAX_NAMED]]
    links = format_html_join(" · ", '<a href="{}#{}">{}</a>', named)
    more = len(values) - len(named)
    return format_html("{} and {} more", links, more) if more else links
