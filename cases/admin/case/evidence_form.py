"""Evidence on the form of a case, entered next to each value and saved with the case."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from cases.admin.base import CasebookAdmin
from cases.evidence.values import label_of
from cases.models import Case, Claim, Source
from cases.models.vocabulary import ABSENT_VALUES

from .coded_values import PARTS_BY_PREFIX, CodedValues
from .evidence import EvidenceInline
from .new_like import OF_PARTS
from .places import rows_in

# The session key for the source and locator cited last: `[3, "¶18"]`.
LAST_EVIDENCE = "last_evidence"

Labels = list[tuple[str, str]]


class CaseEvidence(CasebookAdmin[Case]):
    """The part of the case admin that connects claims and notes to the values on the form."""

    class Media:
        css = {"all": ["admin_casebook/evidence.css"]}
        js = [
            "admin_casebook/claims.js",
            "admin_casebook/evidence.js",
            "admin_casebook/sentences.js",
            "admin_casebook/another.js",
        ]

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Case, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Pass the values of the case to the formsets that offer them as choices."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, EvidenceInline):
            kwargs["form_kwargs"] = {"options": values_on(request, obj)}
        return kwargs

    def _create_formsets(self, request: HttpRequest, obj: Case, change: bool) -> Any:
        """Let claims and notes be about unsaved rows of the same form."""
        request.coded_values = CodedValues(obj)  # type: ignore[attr-defined]  # see values_on()
        formsets, inlines = super()._create_formsets(request, obj, change)  # type: ignore[misc]
        values_on(request, obj).attach(formsets)
        return formsets, inlines

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Remember the last claim's source and locator, as a default for the next claim."""
        super().save_formset(request, form, formset, change)
        if formset.model is Claim:
            # New claims come last, so the last of these is the one that was probably typed last.
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
                for prefix, part in PARTS_BY_PREFIX.items()
            },
            "case": labels_of(Case()),
            "absent": sorted(ABSENT_VALUES),
            "warning_like": OF_PARTS["warnings"],
            "last": last_cited(request),
        }
        return super().render_change_form(request, context, *args, **kwargs)


def values_on(request: HttpRequest, case: Case) -> CodedValues:
    """Return the values of the case, which are read once for all formsets of a request."""
    values: CodedValues | None = getattr(request, "coded_values", None)
    return CodedValues(case) if values is None else values


def _saved_rows(context: dict[str, Any]) -> dict[str, str]:
    return rows_in(group.formset for group in context["inline_admin_formsets"])


def _model_of(part: str) -> Any:
    return Claim._meta.get_field(part).related_model


def labels_of(record: Any) -> Labels:
    """Return the names and labels of the coded fields of a record."""
    return [(name, label_of(record, name)) for name in record.CODED_FIELDS]


def last_cited(request: HttpRequest) -> dict[str, str] | None:
    """Return source and locator of the last claim in this session, or None."""
    key, locator = request.session.get(LAST_EVIDENCE, (None, ""))
    source = Source.objects.filter(pk=key).first() if key is not None else None
    if source is None:
        return None
    return {"source": str(source.pk), "title": str(source), "locator": locator}
