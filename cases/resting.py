"""Which values of listed cases rest on claims of the firmness that a reader asked for.

A list of cases with an “alleged” claim would else leave the reader to look for it in each of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .cards import Line, address_of
from .marks import FIRM
from .models import Case, Claim
from .models.vocabulary import Modality
from .query import ALL, ANY
from .readings import words_of_path

MOST_NAMED = 8
"""How many values of a case are named for each firmness; the others are counted."""

PARTS = ("warning", "incident", "involvement__actor", "assessment__exception")


def resting_on(cases: Sequence[Case], asked: QueryDict, within: str) -> dict[int, tuple[Line, ...]]:
    """Return by the key of a case each weak firmness asked for, with the values that have it.

    `within` is the query string of the list that the cases are of. One query, or none: what is
    stated or quoted is most of a case, and is not listed.
    """
    modalities = {value for form in (ANY, ALL) for value in asked.getlist(f"modality{form}")}
    if not (weak := modalities - set(FIRM)):
        return {}
    addresses = {case.pk: address_of(case, within) for case in cases}
    claims = Claim.objects.filter(case__in=addresses, modality__in=weak)
    found: dict[tuple[int, str], dict[str, str]] = defaultdict(dict)
    for claim in claims.select_related("case", *PARTS).order_by("sequence"):
        values = found[claim.case_id, claim.modality]
        values[claim.anchor] = words_of_path(claim.path_of_value) or "The case as a whole"
    lines: dict[int, tuple[Line, ...]] = {}
    for modality in Modality:  # in the order of their firmness
        for key, address in addresses.items():
            if values := found.get((key, modality.value), {}):
                line = (str(modality.label), _links(values, address))
                lines[key] = (*lines.get(key, ()), line)
    return lines


def _links(values: dict[str, str], address: str) -> SafeString:
    named = [(address, anchor, words) for anchor, words in list(values.items())[:MOST_NAMED]]
    links = format_html_join(" · ", '<a href="{}#{}">{}</a>', named)
    more = len(values) - len(named)
    return format_html("{} and {} more", links, more) if more else links
