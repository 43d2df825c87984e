"""Template tags and filters for values, their badges, dates and links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from cases.evidence import wording
from cases.evidence.badges import (
    MEANING_OF_CONTESTED,
    MEANING_OF_NO_CLAIM,
    badges_of,
    basis_badge,
    bdi,
    modality_badge,
    stance_badge,
)
from cases.evidence.coded_value import CodedValue
from cases.evidence.evidence_status import EDITORIAL_BASES, NOTE_EFFECTS, EvidenceStatus, basis_of
from cases.evidence.sheet import CodingSheet, Derived
from cases.evidence.values import (
    ABSENT_TEXT,
    Reading,
    by_name,
    label_of,
    label_of_path,
    read,
)
from cases.evidence.wording import NO_INCIDENT, incident_in_short, total_deaths
from cases.finding.claim_filter import PublicClaim
from cases.finding.public_notes import PublicNote
from cases.models import Case
from cases.models.claim import anchor_of
from cases.models.vocabulary import (
    NOT_STATED,
    AssessmentStatus,
    DateBasis,
    Modality,
    NoteKind,
    Role,
    label_in,
)
from cases.record.classes import (
    AssessmentRecord,
    CasePart,
    ClaimRecord,
    IncidentRecord,
    InvolvementRecord,
    WarningRecord,
)
from cases.record.columns import MODELS
from cases.text.bidi import ISOLATED, isolated
from cases.text.plurals import counted

register = template.Library()


@register.filter
def names_marked_up(sentence: str) -> SafeString:
    """Return a plain sentence as HTML, each name from right to left in an element of its own."""
    return format_html_join("", "{}", ([bdi(part)] for part in ISOLATED.split(sentence)))


@register.simple_block_tag
def keep(content: SafeString) -> SafeString:
    """Return the content of the block on one line, to show it more than once or in an attribute."""
    # The content is marked as safe already; only its quotation marks could end an attribute.
    words = " ".join(content.split())
    return SafeString(words.replace('"', "&quot;"))


@register.simple_tag
def json_ld(data: Mapping[str, Any]) -> SafeString:
    """Return data for search engines as a `<script>`, which browsers do not run."""
    # In a script no entities are read, so what could end it is written as JSON escapes it.
    text = json.dumps(data, ensure_ascii=False).translate(_SCRIPT_ESCAPES)
    return SafeString(f'<script type="application/ld+json">{text}</script>')


_SCRIPT_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@register.simple_tag
def modality(modality: str) -> SafeString:
    """Return the badge of a modality; "" for none."""
    return modality_badge(modality) if modality else SafeString("")


@register.simple_tag
def stance(stance: str) -> SafeString:
    """Return the badge of a stance; "" for a claim that asserts its value."""
    return stance_badge(stance)


@register.simple_tag(takes_context=True)
def voice(context: Context, claim: ClaimRecord) -> SafeString:
    """Name who says what a claim says: its speaker, the editors if they inferred it, the source."""
    actor, by_editors = claim.speaker.actor, claim.modality == Modality.INFERRED
    if actor is None:
        return SafeString("The editors" if by_editors else "The source itself")
    name = linked(context, actor)
    return format_html("The editors, from what {} said", name) if by_editors else name


@register.filter
def evidence_count(value: CodedValue) -> str:
    """Count the evidence of a value: "2 claims, 1 note"; empty without any."""
    counts = {"claim": len(value.claims), "note": len(value.notes)}
    return ", ".join(counted(count, noun) for noun, count in counts.items() if count)


@register.simple_tag
def marks(value: CodedValue | Derived) -> SafeString:
    """Return all badges of a value, including those for values that a source states or quotes."""
    return badges_of(value.evidence_status, value.text, is_absent=value.is_absent, in_full=True)


@register.simple_tag
def marks_on(sheet: CodingSheet, part: CasePart, name: str = "") -> SafeString:
    """Return the badges of a field, or of the part as a whole, without the text of the value."""
    evidence_status = sheet.evidence.status(part, name)
    if not name:
        return badges_of(evidence_status)
    reading = read(part, name)
    text = "" if name == "date" else reading.text
    return badges_of(evidence_status, text, is_absent=reading.is_absent)


@register.simple_tag
def date_basis(date: Any, *, on_demand: bool = False) -> SafeString:
    """Return the badge for the basis of a date, if the source does not state the date."""
    mark = basis_badge(EvidenceStatus(basis=basis_of(date)), on_demand=on_demand)
    return SafeString(" ") + mark if mark else mark


@register.simple_tag
def coded(sheet: CodingSheet, part: CasePart, name: str) -> SafeString:
    """Return the text of a coded value of a part, absent ones included, with its badges."""
    return _with_badges(read(part, name), sheet.evidence.status(part, name))


@register.filter
def worded(part: CasePart, name: str) -> str:
    """Return the text of a coded value of a part."""
    return read(part, name).text


@register.simple_tag
def derived(value: Derived) -> SafeString:
    """Return the text of a derived value, with its badges."""
    return _with_badges(value.reading, value.evidence_status)


def _with_badges(reading: Reading, evidence_status: EvidenceStatus) -> SafeString:
    words = format_html('<span class="{}">{}</span>', reading.form, bdi(reading.text))
    return words + badges_of(evidence_status, reading.text, is_absent=reading.is_absent)


@register.simple_tag
def dated(sheet: CodingSheet) -> SafeString:
    """Return the date of a case, before or after ICD 191 if that applies, with its badges."""
    return wording.date_and_era(sheet.evidence)


@register.simple_tag
def parties(sheet: CodingSheet, warning: WarningRecord) -> SafeString:
    """Return who warned whom and through whom, with the badges of all parties."""
    return wording.parties(warning, sheet.evidence.status)


register.filter(by_name)


@register.simple_tag
def outcome(sheet: CodingSheet) -> SafeString:
    """Return a short text on the incidents, such as "Attack, over 130 deaths"."""
    incidents = sheet.record.incidents
    if not incidents:
        return NO_INCIDENT
    if len(incidents) == 1:
        noted = sheet.evidence.noted_kind(incidents[0])
        return incident_in_short(incidents[0], sheet.evidence.status, noted)
    parts = filter(None, (f"{len(incidents)} incidents", total_deaths(incidents)))
    return format_html("{}", ", ".join(parts))


@register.simple_tag
def one_incident(sheet: CodingSheet, incident: IncidentRecord) -> SafeString:
    """Return the kind, place and date of one of several incidents, with their badges."""
    noted = sheet.evidence.noted_kind(incident)
    return wording.incident_among_several(incident, sheet.evidence.status, noted)


@register.simple_tag(takes_context=True)
def linked(context: Context, named: Any, words: str = "", place: str = "") -> SafeString:
    """Return the name of an actor or source, linked to its page (at the fragment `place`).

    `words` replaces the name. What an old version names may be `without_page` today.
    """
    text = words or str(named)
    if named in (context.get("without_page") or ()):
        return bdi(text)
    fragment = f"#{place}" if place else ""
    return format_html('<a href="{}{}">{}</a>', named.get_absolute_url(), fragment, bdi(text))


@register.filter
def stated_date(date: Any) -> str:
    """Return an uncertain date in words, as precise as it is, or “Not stated”."""
    return capfirst(str(date)) if date.is_stated else ABSENT_TEXT[NOT_STATED]


@register.filter
def basis_label(date: Any) -> str:
    """Return the label of the basis of a date: "Resolved"."""
    return label_in(DateBasis, date.basis)


@register.filter
def about(said: PublicClaim) -> str:
    """Return what a claim is about, such as "Warning 2, basis"."""
    part, model = said.part, MODELS[type(said.part)]
    if isinstance(part, InvolvementRecord):
        return f"{isolated(part.actor.name)} ({label_in(Role, part.role)})"
    value = label_of(model, said.field).lower() if said.field else "as a whole"
    if isinstance(part, AssessmentRecord):
        named = f"{part.exception.code}: {label_in(AssessmentStatus, part.status)}"
    else:
        named = "" if part is said.case else str(part)
    return f"{named}, {value}" if named else capfirst(value)


@register.filter
def by_sentence(claims: Iterable[PublicClaim]) -> list[list[PublicClaim]]:
    """Group claims of one case that rest on the same sentence: equal in all but their value."""
    sentences: dict[ClaimRecord, list[PublicClaim]] = {}
    for said in claims:
        sentence = msgspec.structs.replace(said.claim, about="", sequence=0)
        sentences.setdefault(sentence, []).append(said)
    return list(sentences.values())


@register.filter
def role_label(role: str) -> str:
    """Return a role in words: "Intended victim"."""
    return label_in(Role, role)


@register.filter
def note_kind(note: Any) -> str:
    """Return what a note does, in a word: "Correction"."""
    return label_in(NoteKind, note.kind)


@register.filter
def noted_value(public: PublicNote) -> SafeString:
    """Return the name of the value that a note is about, as a link to the evidence for it."""
    path = public.note.about
    address = f"{public.subject.get_absolute_url()}#{anchor_of(path)}"
    return format_html('<a href="{}">{}</a>', address, label_of_path(path))


@register.filter
def link_cases(text: str) -> SafeString:
    """Return a text in which numbers of cases that are or were public lead there; one query."""
    pieces = re.split(r"\b(DTW-\d+)\b", text)
    numbers = set(pieces[1::2])
    public = Case.objects.filter(number__in=numbers, published_at__isnull=False)
    addresses = {case.number: case.get_permanent_url() for case in public} if numbers else {}
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<a href="{}">{}</a>', addresses[piece], piece),)
            if piece in addresses
            else (piece,)
            for piece in pieces
        ),
    )


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Return the value for a key that is a template variable, or None."""
    return mapping.get(key)


@register.inclusion_tag("shared/_evidence_key.html")
def evidence_key() -> dict[str, Any]:
    """Render the key to all badges other than those of modality and of absence."""
    return {
        "notes": [(done.format("a note"), kind.definition) for kind, done in NOTE_EFFECTS.items()],
        "bases": [DateBasis(basis) for basis in EDITORIAL_BASES],
        "contested": MEANING_OF_CONTESTED,
        "no_claim": MEANING_OF_NO_CLAIM,
    }


@register.inclusion_tag("case_list/_sortable.html", takes_context=True)
def sortable(context: Any, title: str, first: str = "", second: str = "") -> dict[str, Any]:
    """Render a column heading, as a link that sorts by it or reverses the present order."""
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
