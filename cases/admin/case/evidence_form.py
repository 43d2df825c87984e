"""Evidence on the form of a case, entered next to each value and saved with the case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from cases.admin.change_form_state import ChangeFormState
from cases.evidence.values import label_of
from cases.models import Case, Claim, Source
from cases.models.vocabulary import ABSENT_VALUES

from .coded_values import NAMES_BY_PREFIX, PARTS_BY_PREFIX, CodedValues
from .new_like import OF_PARTS
from .places import rows_in

# The session key for the source, locator and certainty of the last claim: `[3, "¶18", "stated"]`.
LAST_EVIDENCE = "last_evidence"

Labels = list[tuple[str, str]]


def coded_values_on(request: HttpRequest, case: Case) -> CodedValues:
    """Return the values of the case on a form, which are read once for all its formsets."""
    state = ChangeFormState.of(request)
    if state.coded_values is None:
        state.coded_values = CodedValues(case)
    return state.coded_values


def remember_citation(request: HttpRequest, formset: Any) -> None:
    """Keep how the last claim that was saved is supported, as a default for the next one."""
    # New claims come last, so the last of these is the one that was probably typed last.
    changed = [claim for claim, __ in formset.changed_objects] + formset.new_objects
    for claim in changed[-1:]:
        request.session[LAST_EVIDENCE] = [claim.source_id, claim.locator, claim.modality]


def evidence_data(request: HttpRequest, formsets: Iterable[Any]) -> dict[str, Any]:
    """Return what the scripts of the form have to know to offer evidence beside each value."""
    return {
        "rows": {prefix: path for path, prefix in rows_in(formsets).items()},
        "parts": {
            prefix: {"name": NAMES_BY_PREFIX[prefix], "fields": labels_of(_model_of(part)())}
            for prefix, part in PARTS_BY_PREFIX.items()
        },
        "case": labels_of(Case()),
        "absent": sorted(ABSENT_VALUES),
        "warning_like": OF_PARTS["warnings"],
        "last": last_cited(request),
    }


def _model_of(part: str) -> Any:
    return Claim._meta.get_field(part).related_model


def labels_of(record: Any) -> Labels:
    """Return the names and labels of the coded fields of a record."""
    return [(name, label_of(record, name)) for name in record.CODED_FIELDS]


def last_cited(request: HttpRequest) -> dict[str, str] | None:
    """Return source, locator and certainty of the last claim in this session, or None."""
    kept = request.session.get(LAST_EVIDENCE, ())
    if len(kept) != 3:  # no claim yet, or a session from before the certainty was kept
        return None
    key, locator, modality = kept
    source = Source.objects.filter(pk=key).first()
    if source is None:
        return None
    return {
        "source": str(source.pk),
        "title": str(source),
        "locator": locator,
        "modality": modality,
    }
