"""Which values of listed cases have what a reader asked for: claims so firm, or a dispute.

A list of cases with an “alleged” claim would else leave the reader to look for it in each of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence, Set

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cases.evidence.badges import UNBADGED_MODALITIES
from cases.evidence.values import label_of_path
from cases.finding.query_string import ALL, ANY, NOT
from cases.models import Case, Claim
from cases.models.claim import CLAIM_PARTS
from cases.models.vocabulary import Modality, Stance

from .cards import Line, address_of

MAX_NAMED = 8
"""How many values of a case are named for each firmness; the others are counted."""

PART_LOOKUPS = ("warning", "incident", "involvement__actor", "assessment__exception")


CONTESTED = "contested"

MODALITY_LABELS = {str(modality.value): str(modality.label) for modality in Modality} | {
    CONTESTED: "Contested"
}
"""What the values are named for, in order."""


def resting_on(cases: Sequence[Case], query: QueryDict, within: str) -> dict[int, tuple[Line, ...]]:
    """Return by the key of a case each weak firmness asked for, with the values that have it.

    Where contested cases are asked for, the values that are contested follow. `within` is the query
    string of the list that the cases are of. One query, or none: what is stated or quoted is most
    of a case, and is not listed.
    """
    wanted = {value for form in (ANY, ALL) for value in query.getlist(f"modality{form}")}
    if _asks_for_contested(query):
        wanted.add(CONTESTED)
    if not (wanted := wanted - set(UNBADGED_MODALITIES)):
        return {}
    addresses = {case.pk: address_of(case, within) for case in cases}
    found: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    for claim in _claims(addresses, wanted):
        for what in _named_for(claim) & wanted:
            words = label_of_path(claim.path_of_value) or "The case as a whole"
            found[claim.case_id, what][claim.anchor] = words
    lines: dict[int, tuple[Line, ...]] = {}
    for what, label in MODALITY_LABELS.items():
        for key, address in addresses.items():
            if values := found.get((key, what), {}):
                lines[key] = (*lines.get(key, ()), (label, _links(values, address)))
    return lines


def _asks_for_contested(query: QueryDict) -> bool:
    wanted = [value for form in (ANY, ALL) for value in query.getlist(f"contested{form}")]
    return "yes" in wanted or "no" in query.getlist(f"contested{NOT}")


def _claims(keys: Iterable[int], wanted: Set[str]) -> QuerySet[Claim]:
    """Return the claims of some cases that are as firm as wanted, or dispute a value."""
    sought = Q(modality__in=wanted)
    if CONTESTED in wanted:
        sought |= Q(stance=Stance.DISPUTES)
    claims: QuerySet[Claim] = Claim.objects.filter(sought, case__in=keys).order_by("sequence")
    asserted = Exists(_asserting_the_same())
    return claims.select_related("case", *PART_LOOKUPS).annotate(is_asserted_too=asserted)


def _asserting_the_same() -> QuerySet[Claim]:
    """Return the claims that assert the value of an outer one; of an assessment all say its own."""
    asserting: QuerySet[Claim] = Claim.objects.filter(case=OuterRef("case"), stance=Stance.ASSERTS)
    for part in CLAIM_PARTS:
        none_or_same = Coalesce(OuterRef(f"{part}_id"), 0)
        asserting = asserting.alias(**{f"of_{part}": Coalesce(f"{part}_id", 0)}).filter(
            **{f"of_{part}": none_or_same}
        )
    return asserting.filter(Q(field=OuterRef("field")) | Q(assessment__isnull=False))


def _named_for(claim: Claim) -> set[str]:
    """Return what a claim has its value named for: how firm it is, and that others assert it."""
    is_contested = claim.stance == Stance.DISPUTES and getattr(claim, "is_asserted_too", False)
    return {claim.modality, CONTESTED} if is_contested else {claim.modality}


def _links(values: dict[str, str], address: str) -> SafeString:
    named = [(address, anchor, words) for anchor, words in list(values.items())[:MAX_NAMED]]
    links = format_html_join(" · ", '<a href="{}#{}">{}</a>', named)
    more = len(values) - len(named)
    return format_html("{} and {} more", links, more) if more else links
