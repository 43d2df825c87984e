"""Words and marks that pages share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.template.defaultfilters import pluralize
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cases.evidence import wording
from cases.evidence.badges import badges_of, basis_badge, modality_badge
from cases.evidence.evidence_status import BY_EDITORS, DONE, EvidenceStatus, basis_of
from cases.evidence.sheet import CodedValue, CodingSheet, Derived
from cases.evidence.values import ABSENT_TEXT, Reading, label_of, read, sentence, words_of_path
from cases.evidence.wording import NO_INCIDENT, deaths_together, incident_in_short
from cases.models import Claim, Incident, Note, Warning
from cases.models.claim import anchor_of
from cases.models.vocabulary import NOT_STATED, DateBasis, Modality

register = template.Library()


@register.simple_block_tag
def keep(content: SafeString) -> SafeString:
    """Return what stands inside, on one line, so that a block can be shown more than once."""
    words = " ".join(content.split())
    return SafeString(words.replace('"', "&quot;"))


@register.simple_tag
def modality(modality: str) -> SafeString:
    """Mark how firmly something is said; told apart by word and shape, not by colour alone."""
    return modality_badge(modality) if modality else SafeString("")


@register.simple_tag
def voice(claim: Claim) -> SafeString:
    """Name who says what a claim says: its speaker, the editors if they inferred it, the source."""
    if claim.speaker:
        return linked(claim.speaker)
    by_editors = claim.modality == Modality.INFERRED
    return SafeString("The editors" if by_editors else "The source itself")


@register.filter
def evidence_count(value: CodedValue) -> str:
    """Count the evidence of a value: "2 claims, 1 note"; empty without any."""
    counts = {"claim": len(value.claims), "note": len(value.notes)}
    return ", ".join(f"{count} {name}{pluralize(count)}" for name, count in counts.items() if count)


@register.simple_tag
def marks(value: CodedValue | Derived) -> SafeString:
    """Say in full how a value stands: a source that states or quotes it is told as well."""
    return badges_of(value.evidence_status, value.text, is_absent=value.is_absent, in_full=True)


@register.simple_tag
def marks_on(sheet: CodingSheet, record: Any, name: str = "") -> SafeString:
    """Mark a value of a record, or the record itself, whose words stand before it."""
    evidence_status = sheet.evidence_status_of(record, name)
    if name == "date":
        return badges_of(evidence_status, is_absent=not record.date.is_stated)
    if not name:
        return badges_of(evidence_status)
    reading = read(record, name)
    return badges_of(evidence_status, reading.text, is_absent=reading.is_absent)


@register.simple_tag
def date_basis(claim: Claim) -> SafeString:
    """Mark the date of a statement, if it is not the source's own; how firm, its claims say."""
    mark = basis_badge(EvidenceStatus(basis=basis_of(claim, "date")))
    return SafeString(" ") + mark if mark else mark


@register.simple_tag
def coded(sheet: CodingSheet, record: Any, name: str) -> SafeString:
    """Word one coded value of a record, missing ones included, with marks if it needs any."""
    return _told(read(record, name), sheet.evidence_status_of(record, name))


@register.simple_tag
def derived(value: Derived) -> SafeString:
    """Word a value that was worked out, with marks if it needs any."""
    return _told(value.reading, value.evidence_status)


def _told(reading: Reading, evidence_status: EvidenceStatus) -> SafeString:
    words = format_html('<span class="{}">{}</span>', reading.form, reading.text)
    return words + badges_of(evidence_status, reading.text, is_absent=reading.is_absent)


@register.simple_tag
def dated(sheet: CodingSheet) -> SafeString:
    """Say when a case was and on which side of ICD 191, with the marks of both."""
    return wording.dated(sheet.case, sheet.evidence_status_of)


@register.simple_tag
def parties(sheet: CodingSheet, warning: Warning) -> SafeString:
    """Say who warned whom, with marks if that is not plainly stated."""
    names = [actor.name for actor in warning.recipients.all()]
    return wording.parties(warning, names, sheet.evidence_status_of)


@register.simple_tag
def outcome(sheet: CodingSheet) -> SafeString:
    """Say in a few words what followed: "Attack, over 130 deaths"; of several, how many died."""
    incidents = list(sheet.case.incidents.all())
    if not incidents:
        return NO_INCIDENT
    if len(incidents) == 1:
        return incident_in_short(incidents[0], sheet.evidence_status_of)
    said = filter(None, (f"{len(incidents)} incidents", deaths_together(incidents)))
    return format_html("{}", ", ".join(said))


@register.simple_tag
def one_incident(sheet: CodingSheet, incident: Incident) -> SafeString:
    """Say of one of several incidents what it was, where and when, with marks if it needs any."""
    return wording.one_incident(incident, sheet.evidence_status_of)


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


@register.inclusion_tag("shared/_evidence_key.html")
def evidence_key() -> dict[str, Any]:
    """Explain every mark that a value can have beside its firmness and its kinds of absence."""
    return {
        "notes": [(f"{done} by a note", kind.definition) for kind, done in DONE.items()],
        "bases": [DateBasis(basis) for basis in BY_EDITORS],
    }


@register.inclusion_tag("case_list/_sortable.html", takes_context=True)
def sortable(context: Any, title: str, first: str = "", second: str = "") -> dict[str, Any]:
    """Head a column: with a link that sorts by it, the other way if it is sorted by it already."""
    sort = context["sort"]
    backwards = sort.startswith("-")
    order = ("descending" if backwards else "ascending") if sort in (first, second) else ""
    return {
        "heading": format_html("{} {}", title, ARROWS[order]) if order else title,
        "data": context["query"].data,
        "sort": second if second and sort == first else first,
        "order": order,
    }


ARROWS = {
    "ascending": SafeString('<span aria-hidden="true">▲</span>'),
    "descending": SafeString('<span aria-hidden="true">▼</span>'),
}
