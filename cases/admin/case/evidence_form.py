"""Evidence on the form of a case: entered beside the value, together with the case itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from cases.admin.base import CasebookAdmin
from cases.evidence.values import label_of
from cases.models import Case, Claim, Source
from cases.models.vocabulary import ABSENT_VALUES

from .coded_values import ROWS, CodedValues
from .evidence import EvidenceInline
from .places import rows_in

LAST_EVIDENCE = "last_evidence"
"""The key in the session for the source and the place last cited: `[3, "¶18"]`."""

Labels = list[tuple[str, str]]


class CaseEvidence(CasebookAdmin[Case]):
    """The part of the admin of cases that ties claims and notes to the values on the form."""

    class Media:
        css = {"all": ["admin_casebook/evidence.css"]}
        js = ["admin_casebook/claims.js", "admin_casebook/evidence.js"]

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Case, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Hand the values of the case to the formsets that choose from them."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, EvidenceInline):
            kwargs["form_kwargs"] = {"options": _values_on(request, obj)}
        return kwargs

    def _create_formsets(self, request: HttpRequest, obj: Case, change: bool) -> Any:
        """Let claims and notes be about rows that are typed on the same form."""
        request.coded_values = CodedValues(obj)  # type: ignore[attr-defined]  # see _values_on()
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        _values_on(request, obj).attach(formsets)
        return formsets, inlines

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Remember the source last cited, to offer it for the next claim of the session."""
        super().save_formset(request, form, formset, change)
        if formset.model is Claim:
            changed = [claim for claim, __ in formset.changed_objects] + formset.new_objects
            for claim in changed[-1:]:
                request.session[LAST_EVIDENCE] = [claim.source_id, claim.locator]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["evidence"] = {
            "rows": {prefix: path for path, prefix in _saved_rows(context).items()},
            "parts": {
                prefix: {"name": part.capitalize(), "fields": labels_of(_model_of(part)())}
                for prefix, part in ROWS.items()
            },
            "case": labels_of(Case()),
            "absent": sorted(ABSENT_VALUES),
            "last": last_cited(request),
        }
        return super().render_change_form(request, context, *args, **kwargs)


def _values_on(request: HttpRequest, case: Case) -> CodedValues:
    """Return the values of the case, read once for all formsets of the page."""
    values: CodedValues | None = getattr(request, "coded_values", None)
    return CodedValues(case) if values is None else values


def _saved_rows(context: dict[str, Any]) -> dict[str, str]:
    return rows_in(group.formset for group in context["inline_admin_formsets"])


def _model_of(part: str) -> Any:
    return Claim._meta.get_field(part).related_model


def labels_of(record: Any) -> Labels:
    """Return the coded fields of a record with their labels."""
    return [(name, label_of(record, name)) for name in record.CODED_FIELDS]


def last_cited(request: HttpRequest) -> dict[str, str] | None:
    """Return the source and the place that the session's last claim cites; None before one does."""
    key, locator = request.session.get(LAST_EVIDENCE, (None, ""))
    source = Source.objects.filter(pk=key).first() if key is not None else None
    if source is None:
        return None
    return {"source": str(source.pk), "title": str(source), "locator": locator}
