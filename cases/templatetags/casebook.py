"""Template tags and filters for values, their badges, dates and links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from django import template
from django.template import Context
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst, slugify

from cases.evidence import badge_key, wording
from cases.evidence.badges import (
    badges_of,
    basis_badge,
    bdi,
    contested_badge,
    modality_badge,
    stance_badge,
)
from cases.evidence.coded_value import CodedValue
from cases.evidence.evidence_status import EvidenceStatus, basis_of
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
from cases.presentation.charts.case_set import Counted
from cases.presentation.keeping import kept
from cases.record.classes import (
    SOURCE,
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
def listed(cases: Counted, noun: str = "case") -> SafeString:
    """Return how many cases there are, “3 cases”, as a link to these; “none” leads nowhere.

    Without a `noun` it is the number alone.
    """
    if not cases.count:
        return SafeString(f"no {noun}" if noun else "none")
    text = counted(cases.count, noun) if noun else f"{cases.count:,}"
    return format_html('<a href="{}">{}</a>', cases.address, text)


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
    """Return the badges of a value."""
    return badges_of(value.evidence_status, value.text, is_absent=value.is_absent)


@register.simple_tag
def contested(address: str = "") -> SafeString:
    """Return the badge of a warning or incident that is contested as a whole.

    It leads to the `address` of the evidence, if there is one.
    """
    return contested_badge(address)


@register.simple_tag
def marks_on(sheet: CodingSheet, part: CasePart, name: str = "") -> SafeString:
    """Return the badges of a field, or of the part as a whole, without the text of the value."""
    evidence_status = sheet.status(part, name)
    if not name:
        return badges_of(evidence_status)
    reading = read(part, name)
    text = "" if name == "date" else reading.text
    return badges_of(evidence_status, text, is_absent=reading.is_absent)


@register.simple_tag
def date_basis(date: Any, *, of_claim: bool = False) -> SafeString:
    """Return the badge for the basis of a date, if the source does not state the date.

    Only `of_claim`, in opened evidence, a date has one that is worked out from the source's words.
    """
    basis = basis_of(date)
    if basis == DateBasis.RESOLVED and not of_claim:
        return SafeString("")
    mark = basis_badge(basis)
    return SafeString(" ") + mark if mark else mark


@register.simple_tag
def coded(sheet: CodingSheet, part: CasePart, name: str) -> SafeString:
    """Return the text of a coded value of a part, absent ones included, with its badges."""
    return _with_badges(read(part, name), sheet.status(part, name))


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
    return wording.parties(warning, sheet.status)


register.filter(by_name)


@register.simple_tag
def outcome(sheet: CodingSheet) -> SafeString:
    """Return a short text on the incidents, such as "Attack, over 130 deaths"."""
    incidents = sheet.record.incidents
    if not incidents:
        return NO_INCIDENT
    if len(incidents) == 1:
        noted = sheet.evidence.noted_kind(incidents[0])
        return incident_in_short(incidents[0], sheet.status, noted)
    parts = filter(None, (f"{len(incidents)} incidents", total_deaths(incidents)))
    return format_html("{}", ", ".join(parts))


@register.simple_tag
def one_incident(sheet: CodingSheet, incident: IncidentRecord) -> SafeString:
    """Return the kind, place and date of one of several incidents, with their badges."""
    noted = sheet.evidence.noted_kind(incident)
    return wording.incident_among_several(incident, sheet.status, noted)


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


@register.simple_tag(takes_context=True)
def cited(context: Context, claim: ClaimRecord) -> SafeString:
    """Return the publisher or the title of the source of a claim, linked to the passage."""
    source = claim.source
    name = source.publisher or source.title
    return linked(context, source, name, slugify(claim.locator) or "h")


@register.filter
def stated_date(date: Any) -> str:
    """Return an uncertain date in words, as precise as it is, or “Not stated”."""
    return capfirst(str(date)) if date.is_stated else ABSENT_TEXT[NOT_STATED]


@register.filter
def basis_words(date: Any) -> str:
    """Return how a date is known: "worked out from the source’s own wording"."""
    if date.basis == DateBasis.RESOLVED:
        return "worked out from the source’s own wording"
    return label_in(DateBasis, date.basis).lower()


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


@register.simple_tag(takes_context=True)
def drawn(context: Context, claims: Sequence[PublicClaim], address: str) -> SafeString:
    """Return the claims of one case, whose address is given, as items of a list: one a sentence."""
    # In one call for speed: the page of a source has hundreds.
    return format_html_join(
        "",
        '<li><div>{}</div><div>{} {} <span class="meta">{} {} {}</span></div></li>',
        (
            (
                format_html_join(
                    "",
                    '<div><a href="{}#{}">{}</a></div>',
                    ((address, one.claim.anchor, about(one)) for one in said),
                ),
                words(claim),
                linebreaksbr(claim.gist),
                _voice_and_date(context, claim),
                modality(claim.modality),
                stance(claim.stance),
            )
            for said in _by_sentence(claims)
            for claim in [said[0].claim]
        ),
    )


def _voice_and_date(context: Context, claim: ClaimRecord) -> SafeString | str:
    """Return who says it, unless it is the source, and when, if that is stated."""
    if claim.speaker.kind == SOURCE:
        return stated_date(claim.date) if claim.date.is_stated else ""
    said = voice(context, claim)
    return format_html("{}, {}", said, claim.date) if claim.date.is_stated else said


@register.simple_tag
def words(claim: ClaimRecord) -> SafeString:
    """Return the quote of a claim; "" without one.

    The words of the source are not taken for words of the speaker that the claim names.
    """
    if not claim.quote:
        return SafeString("")
    whose = WORDS_OF_SOURCE if claim.is_in_words_of_source else ""
    return format_html("{}<q>{}</q>", whose, bdi(claim.quote))


WORDS_OF_SOURCE = SafeString('<span class="meta">In the words of the source:</span> ')


def _by_sentence(claims: Sequence[PublicClaim]) -> Iterable[list[PublicClaim]]:
    """Group claims of one case that rest on the same sentence: equal in all but their value."""
    if len(claims) == 1:
        return [[*claims]]
    sentences: dict[ClaimRecord, list[PublicClaim]] = {}
    for said in claims:
        sentence = msgspec.structs.replace(said.claim, about="", sequence=0)
        sentences.setdefault(sentence, []).append(said)
    return sentences.values()


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


@register.simple_tag
def key(*, first_open: bool = False) -> SafeString:
    """Return the key of all marks, folded; with `first_open` its first rows are not."""
    return _key(first_open=first_open)


@kept(at_most=2)
def _key(*, first_open: bool) -> SafeString:
    return render_to_string("shared/_key.html", {"first_open": first_open})


@register.inclusion_tag("shared/_key_rows.html")
def key_of_marks(group: str) -> dict[str, Any]:
    """Render a group of the key: "first", "others", "absences" or "claims"."""
    return {"rows": badge_key.GROUPS[group]}


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
