"""Words and marks that pages share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..coding import DONE, first_occurrence
from ..models import Case, Claim, Incident, Note
from ..models.claim import anchor_of
from ..models.vocabulary import NOT_STATED, Modality
from ..readings import ABSENT_TEXT, figure_text, label_of, read, sentence, words_of_path

register = template.Library()


@register.simple_block_tag
def keep(content: SafeString) -> SafeString:
    """Return what stands inside, on one line, so that a block can be shown more than once."""
    words = " ".join(content.split())
    return SafeString(words.replace('"', "&quot;"))


@register.simple_tag
def firmness(modality: str) -> SafeString:
    """Mark how firmly something is said; told apart by word and shape, not by colour alone."""
    if not modality:
        return SafeString("")
    if modality not in Modality.values:  # no longer: only a version still has it
        return format_html('<span class="firmness">{}</span>', sentence(modality.replace("_", " ")))
    member = Modality(modality)
    return format_html(
        '<span class="firmness firmness-{}" title="{}">{}</span>',
        member.value,
        member.definition,
        member.label,
    )


@register.simple_tag
def coded(record: Any, name: str) -> SafeString:
    """Word one coded value of a record, typed missing values included."""
    reading = read(record, name)
    return format_html('<span class="{}">{}</span>', reading.form, reading.text)


@register.simple_tag
def linked(record: Any, words: str = "", place: str = "") -> SafeString:
    """Name an actor or source, as a link (to `place` in its page) where it has a page today.

    In a version it may have none any more; see `cases/pages_today.py`.
    """
    text = words or str(record)
    if not getattr(record, "has_page", True):
        return format_html("{}", text)
    fragment = f"#{place}" if place else ""
    return format_html('<a href="{}{}">{}</a>', record.get_absolute_url(), fragment, text)


@register.filter
def stated_date(date: Any) -> str:
    """Word an uncertain date at its own precision, or say that it is not stated."""
    return sentence(str(date)) if date.is_stated else ABSENT_TEXT[NOT_STATED]


@register.filter
def outcome(case: Case) -> str:
    """Say in a few words what followed: "Attack, over 130 deaths"."""
    incident = first_occurrence(case)
    if incident is None:
        reported = [record.get_kind_display() for record in case.incidents.all()]
        return f"Incident: {reported[0].lower()}" if reported else "No incident coded"
    return _incident_words(incident)


def _incident_words(incident: Incident) -> str:
    kind = (
        "What happened is not stated"
        if incident.kind == NOT_STATED
        else (incident.get_kind_display())
    )
    if incident.deaths is None:
        return kind
    unit = "death" if incident.deaths == 1 and incident.deaths_qualifier == "exact" else "deaths"
    return f"{kind}, {figure_text(incident.deaths, incident.deaths_qualifier)} {unit}"


@register.filter
def about(claim: Claim) -> str:
    """Say in words what a claim is about: "Warning 2, basis"; a role is always meant as a whole."""
    if claim.involvement_id and not claim.field:
        return str(claim.part)
    part = "" if claim.part is claim.case else str(claim.part)
    value = label_of(claim.part, claim.field).lower() if claim.field else "as a whole"
    return f"{part}, {value}" if part else sentence(value)


@register.filter
def noted_value(note: Note) -> SafeString:
    """Name the value of a case that a note is about, as a link to its evidence."""
    address = f"{note.subject.get_absolute_url()}#{anchor_of(note.field)}"
    return format_html('<a href="{}">{}</a>', address, words_of_path(note.field))


@register.filter
def thousands(count: int) -> str:
    """Write a count as the rest of the casebook does: 2,033."""
    return f"{count:,}"


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Look up a key that is a variable; None if it is not there."""
    return mapping.get(key)


@register.inclusion_tag("_evidence_key.html")
def evidence_key() -> dict[str, Any]:
    """Explain every mark that a value can have beside its firmness and its kinds of absence."""
    return {"notes": [(f"{done} by a note", kind.definition) for kind, done in DONE.items()]}


@register.inclusion_tag("cases/_sortable.html", takes_context=True)
def sortable(context: Any, title: str, first: str = "", second: str = "") -> dict[str, Any]:
    """Head a column: with a link that sorts by it, the other way if it is sorted by it already."""
    sort = context["sort"]
    backwards = sort.startswith("-")
    return {
        "title": title,
        "data": context["query"].data,
        "sort": second if second and sort == first else first,
        "order": ("descending" if backwards else "ascending") if sort in (first, second) else "",
    }
