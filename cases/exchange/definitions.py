"""What each field means, for readers of the codebook; help texts tell editors how to fill it in.

A help text that a reader understands as well defines its field, and is not repeated here.
"""

from __future__ import annotations

from typing import Any

from cases.models.uncertain_date import FORMS
from cases.models.vocabulary import Vocabulary

SHARED = {
    "slug": "The name of the record in its address. A former one still leads there.",
    "sequence": "Its number within the case, from 1.",
    "case": "The case it belongs to.",
    "date_edtf": "The date in the Extended Date/Time Format, no more exact than the sources make "
    f"it: {FORMS}",
    "date_basis": "How the date is known.",
    "date_earliest": "The first day that the date allows; empty if it has no beginning, as “in or "
    "before February 2022”, or is not stated.",
    "date_latest": "The last day that the date allows; empty if it has no end, or is not stated.",
}
"""Fields that several entities have; those of a date of publication mean the same."""

SPECIFICITY = "How exactly the warning told {}: by name, by kind or not at all."

DEFINITIONS = {
    "case.date_words": "The words for the date of its earliest incident; without an incident, of "
    "its earliest warning.",
    "case.title": "What the case is called here.",
    "case.kind": "What makes the occasion a case.",
    "case.records_status": "Whether anybody asked agencies for their records of the case, as laws "
    "on freedom of information allow, and what the agencies answered.",
    "case.status": "Where the case stands between coding and publication. Readers see published "
    "cases, and of a withdrawn one the reason.",
    "case.merged_into": "The case that a withdrawn one went into, where the two were the same.",
    "case.created_at": "When it was added to the casebook, in UTC.",
    "case.updated_at": "When it was last changed, in UTC.",
    "case.published_at": "When it first became public, in UTC; empty if it never was.",
    "involvement.actor": "The actor that has the role.",
    "involvement.role": "The part that the actor has in the case.",
    "involvement.note": "What the editors remark on the role; never evidence for it.",
    "warning.date_words": "When it was given, in the source's own words: “Friday”.",
    "warning.issuer": "The actor that gave the warning: a state, a body or officials, as the "
    "sources name it.",
    "warning.recipients": "The actors that were given the warning. Those it should protect but did "
    "not reach are not among them: they have the role of intended victim.",
    "warning.channel": "Whether the warning was given in public or to the recipients alone.",
    "warning.conduit": "The way by which it reached the recipients.",
    "warning.basis": "The rule or practice on which the issuer gave it, as far as sources say.",
    "warning.relation": "How issuer and recipients stood to each other when it was given.",
    "warning.who_specificity": SPECIFICITY.format("who was to attack"),
    "warning.target_specificity": SPECIFICITY.format("who or what was to be attacked"),
    "warning.place_specificity": SPECIFICITY.format("where"),
    "warning.time_specificity": SPECIFICITY.format("when"),
    "warning.window_start": "The first day for which the warning expected the attack; empty if it "
    "named none, or no source says.",
    "warning.window_end": "The last day for which the warning expected the attack; empty if it "
    "named none, or no source says.",
    "warning.reception": "What the recipients said of the warning, or are said to have believed; "
    "what they did is the follow-up.",
    "warning.follow_up": "What the recipients did after the warning, whatever they said of it.",
    "incident.date_words": "When it happened, in the source's own words: “Friday”.",
    "incident.kind": "What kind of event it was, or that none is reported.",
    "incident.place": "Where it happened, as exactly as sources say; “not_stated” if none does.",
    "incident.country": "The state where it happened; empty if no source says.",
    "incident.target": "Who or what was attacked; “not_stated” if no source says.",
    "incident.deaths": "How many people died: a whole number, which means what its qualifier says, "
    "so that “over 130” is 130 with “Over”. Empty without a figure.",
    "incident.deaths_qualifier": "How the number of deaths is meant, or why there is none.",
    "incident.injured": "How many people were injured, with its qualifier like the deaths. Empty "
    "without a figure.",
    "incident.injured_qualifier": "How the number of injured is meant, or why there is none.",
    "incident.description": "What happened, in the editors' own words.",
    "claim.date_words": "When the speaker said it, in the source's own words: “Friday”.",
    "claim.warning": "The warning it is about, if it is about one.",
    "claim.incident": "The incident it is about, if it is about one.",
    "claim.involvement": "The role of an actor that it is about, if it is about one.",
    "claim.assessment": "The exception in the case that it is about, if it is about one. Without "
    "any of these four it is about the case itself.",
    "claim.stance": "Whether the speaker asserts the value. One that is disputed is contested.",
    "claim.modality": "How firmly the source puts it, from the firmest to the weakest.",
    "claim.source": "The publication it was read in.",
    "note.case": "The case whose value it is about, if it is about one.",
    "note.directive": "The directive it is about, if it is about one.",
    "note.exception": "The exception it is about, if it is about one. Without any of these three "
    "it is about the source itself.",
    "note.kind": "What the other evidence does to the words of the source.",
    "note.evidence_locator": "Where the other evidence stands in its source; p. 12.",
    "note.noted_on": "The day on which the editors wrote it.",
    "actor.name": "The name under which it stands here.",
    "actor.kind": "What it is: a state, a body, a group, a person.",
    "actor.aliases": "Other names, by which a search finds it too.",
    "actor.description": "Who or what it is, in the editors' own words.",
    "actor.wikidata_id": "Its item in Wikidata, which tells it from others of the name: Q7747.",
    "source.title": "Its title as printed.",
    "source.kind": "What sort of publication it is.",
    "source.publisher": "Who published it: a newspaper, an agency, a court.",
    "source.author": "Its author as printed; empty if it is unsigned.",
    "source.url": "Where it was read.",
    "source.accessed_on": "The day on which the editors read it.",
    "source.description": "What it is and how it was used, in the editors' own words.",
    "directive.title": "Its full title.",
    "directive.issued_on": "The day on which it was issued.",
    "directive.issued_by": "Who issued it.",
    "directiveexception.directive": "The directive that allows it.",
    "directiveexception.title": "What the ground is called here.",
    "directiveexception.text_status": "Whether the editors read its words in the directive.",
    "directiveexception.article_locator": "The paragraph of the seed article that names it; ¶13.",
    "exceptionassessment.exception": "The exception that is assessed.",
    "exceptionassessment.status": "What is known about it in the case.",
    "exceptionassessment.note": "What the editors remark on it; never evidence for it.",
}
"""Fields of one entity, by its name and theirs."""


def definition(model: type[Any], column: Any, vocabulary: type[Vocabulary] | None) -> str:
    """Return what a field means; the help text of a coded field is its terms, and no definition."""
    return (
        DEFINITIONS.get(f"{model._meta.model_name}.{column.name}")
        or SHARED.get(column.name.replace("published_", "date_"))
        or ("" if vocabulary else str(column.help_text))
    )
