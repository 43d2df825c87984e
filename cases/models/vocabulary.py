"""The controlled vocabularies: every coded value, its label and its definition, in one place.

Forms, filters, the codebook, tooltips and exports all read these classes, so a value is worded the
same wherever it is met. The values are a contract: they are stored, filtered and exported as
written here.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from . import fields

NOT_STATED = "not_stated"
NOT_APPLICABLE = "not_applicable"
NONE_REPORTED = "none_reported"

ABSENT_VALUES = frozenset({NOT_STATED, NOT_APPLICABLE, NONE_REPORTED, "not_reported"})
"""Values that record an absence; they alone need no claim."""


def term(value: str, label: str, definition: str) -> tuple[str, str, str]:
    """Spell one vocabulary member in reading order (Django wants the label last)."""
    return value, definition, label


class Vocabulary(models.TextChoices):
    """Text choices whose members also carry a `definition`, one sentence for a scholar."""

    definition: str

    def __new__(cls, value: str, definition: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.definition = definition
        return member

    @classmethod
    def constraint(cls, field: str, model: str) -> fields.CheckConstraint:
        """Return the database constraint that keeps `field` of `model` within the vocabulary."""
        return fields.CheckConstraint(
            condition=Q(**{f"{field}__in": cls.values}),
            name=f"{model}_{field}_in_vocabulary",
            violation_error_message=f"“{field}” must be one of: {', '.join(cls.values)}.",
        )

    @classmethod
    def help_text(cls) -> str:
        """Return every label with its definition, for help beside a form field."""
        return " · ".join(f"{member.label}: {member.definition}" for member in cls)


def label_in(vocabulary: type[Vocabulary], value: str) -> str:
    """Return the label of a value; the value itself if the vocabulary has lost it since."""
    return str(vocabulary(value).label) if value in vocabulary.values else value


class SourceKind(Vocabulary):
    PRESS = term("press", "Press", "A newspaper, news agency or news site.")
    OFFICIAL = term("official", "Official statement", "A publication of a government or its body.")
    DIRECTIVE = term("directive", "Directive", "A text that lays down a rule for agencies.")
    COURT = term("court", "Court", "A judgment, order or filing of a court.")
    SCHOLARSHIP = term("scholarship", "Scholarship", "A scholarly or expert publication.")
    OTHER = term("other", "Other", "A source of another kind.")
    SYNTHETIC = term("synthetic", "Synthetic", "Made up to test the casebook; evidence of nothing.")


class Archiving(Vocabulary):
    """Why a source has no archived address; it is asked once, and reviewers are not asked again."""

    NOT_ANSWERED = term("not_answered", "Not answered", "Nobody has said yet.")
    ARCHIVED_ELSEWHERE = term(
        "archived_elsewhere",
        "Archived elsewhere",
        "A lasting copy is kept outside web archives, for example in a library.",
    )
    CANNOT_BE_ARCHIVED = term(
        "cannot_be_archived", "Cannot be archived", "Web archives cannot copy it, or may not."
    )


class ActorKind(Vocabulary):
    STATE = term("state", "State", "A state as such.")
    GOVERNMENT_BODY = term(
        "government_body", "Government body", "A government, an administration or a public body."
    )
    INTELLIGENCE_SERVICE = term(
        "intelligence_service",
        "Intelligence service",
        "A service or community of services that collects intelligence.",
    )
    POLICE = term("police", "Police", "A police force or another body of law enforcement.")
    DIPLOMATIC_MISSION = term(
        "diplomatic_mission", "Diplomatic mission", "An embassy, consulate or delegation."
    )
    OFFICIAL = term("official", "Official", "A named person who holds or held public office.")
    INDIVIDUAL = term("individual", "Individual", "A named private person.")
    ARMED_GROUP = term("armed_group", "Armed group", "A non-state organisation that uses violence.")
    MEDIA = term("media", "Media", "A publisher or news organisation.")
    COLLECTIVE = term(
        "collective", "Collective", "Unnamed people taken together: officials, citizens, allies."
    )


class CaseKind(Vocabulary):
    WARNING_GIVEN = term(
        "warning_given",
        "Warning given",
        "A party is reported to have told another of a threat.",
    )
    ALLEGED_FAILURE_TO_WARN = term(
        "alleged_failure_to_warn",
        "Alleged failure to warn",
        "A party is accused of having known of a threat and not warned the intended victim.",
    )
    STRATEGIC_DISCLOSURE = term(
        "strategic_disclosure",
        "Strategic disclosure",
        "Intelligence was released to deter or to rally, with no single intended victim.",
    )
    POLICY_ORIGIN = term(
        "policy_origin", "Policy origin", "An event that is cited as an origin of the policy."
    )


class RecordsStatus(Vocabulary):
    REQUESTED_NO_RESPONSE = term(
        "requested_no_response",
        "Requested, no response",
        "Records were requested and the agencies are reported not to have answered.",
    )
    NEITHER_CONFIRMED_NOR_DENIED = term(
        "neither_confirmed_nor_denied",
        "Neither confirmed nor denied",
        "The agencies refused to say whether such records exist.",
    )
    PARTLY_RELEASED = term(
        "partly_released", "Partly released", "Some of the records requested were released."
    )
    RELEASED = term("released", "Released", "The records requested were released.")
    NONE_REPORTED = term(
        NONE_REPORTED, "No request reported", "No source reports a request for records."
    )


class CaseStatus(Vocabulary):
    DRAFT = term("draft", "Draft", "Being coded; seen by staff only.")
    IN_REVIEW = term("in_review", "In review", "Submitted to a reviewer; seen by staff only.")
    PUBLISHED = term("published", "Published", "Public.")
    WITHDRAWN = term(
        "withdrawn", "Withdrawn", "No longer part of the collection; its number stays reserved."
    )


class Role(Vocabulary):
    INTENDED_VICTIM = term(
        "intended_victim", "Intended victim", "The person or people the threat was aimed at."
    )
    SUBJECT = term("subject", "Subject of the warning", "The person the warning was about.")
    THREAT_SOURCE = term(
        "threat_source",
        "Source of the threat",
        "The party that threatened; nothing happened, or others did it.",
    )
    CLAIMANT = term(
        "claimant",
        "Claimed responsibility",
        "The group or state that said it was behind the incident.",
    )
    ALLEGED_PERPETRATOR = term(
        "alleged_perpetrator",
        "Held responsible",
        "The party that a source or a speaker holds responsible for the incident.",
    )
    ACCUSED = term(
        "accused",
        "Accused of not warning",
        "The party said to have known of the threat and not warned.",
    )
    SPEAKER = term("speaker", "Speaker", "Somebody whose statement the case rests on.")
    POLICYMAKER = term("policymaker", "Policymaker", "Somebody who made the rule in question.")
    AUDIENCE = term("audience", "Audience", "Those a public statement was addressed to.")
    CONTEXT = term("context", "Context", "Part of the background of the case.")


class Channel(Vocabulary):
    PUBLIC = term("public", "Public", "Published for anybody to read.")
    PRIVATE = term("private", "Private", "Conveyed to the recipient alone.")
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources do not say.")


class Conduit(Vocabulary):
    EMBASSY_ALERT = term(
        "embassy_alert", "Embassy alert", "A notice of an embassy to its nationals."
    )
    INTELLIGENCE_LIAISON = term(
        "intelligence_liaison", "Intelligence liaison", "From one intelligence service to another."
    )
    DIPLOMATIC = term("diplomatic", "Diplomatic", "Through an embassy or a foreign ministry.")
    POLICE_VISIT = term("police_visit", "Police visit", "Police told the person directly.")
    WRITTEN_NOTICE = term(
        "written_notice", "Written notice", "A letter or another document was handed over or sent."
    )
    PHONE = term("phone", "Phone", "By telephone, spoken or as a text message.")
    DECLASSIFICATION = term(
        "declassification", "Declassification", "Secret intelligence was released to be used."
    )
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources do not say.")


class Basis(Vocabulary):
    DUTY_TO_WARN = term(
        "duty_to_warn", "Duty to warn", "A speaker or the source invokes the duty to warn."
    )
    LEGAL_DUTY = term(
        "legal_duty", "Legal duty", "Another law or policy that obliges the issuer to warn."
    )
    CONSULAR_ALERT = term(
        "consular_alert", "Consular alert", "The practice of alerting one’s own nationals abroad."
    )
    STRATEGIC_DISCLOSURE = term(
        "strategic_disclosure", "Strategic disclosure", "A decision to deter or to rally."
    )
    FOREIGN_PRACTICE = term(
        "foreign_practice",
        "Foreign practice",
        "The practice of a state that the US directive does not bind.",
    )
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources do not say.")


class Relation(Vocabulary):
    ALLY = term("ally", "Ally", "Issuer and recipient were allies at the time.")
    ADVERSARY = term("adversary", "Adversary", "They were adversaries at the time.")
    IN_BETWEEN = term(
        "in_between", "Neither ally nor adversary", "They were neither allies nor adversaries."
    )
    OWN_NATIONALS = term("own_nationals", "Own nationals", "The issuer told its own citizens.")
    PROTECTED_PERSON = term(
        "protected_person",
        "Protected person",
        "The issuer told somebody who lives under its protection, such as a resident or a refugee.",
    )
    MIXED = term("mixed", "Mixed", "Several recipients stood in different relations to the issuer.")
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources do not say.")


class Specificity(Vocabulary):
    NAMED = term("named", "Named", "The warning named it.")
    CATEGORY = term("category", "Kind only", "The warning gave the kind only, as in “concerts”.")
    ABSENT = term("absent", "Absent", "The warning is known to have left it out.")
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources do not say what the warning said.")


class Repeated(Vocabulary):
    YES = term("yes", "Repeated", "The same warning was given more than once.")
    NO = term("no", "Once", "A source says that it was given once.")
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources do not say.")


class BeforeIncident(Vocabulary):
    """Which came first; dates that are not exact often leave that open."""

    YES = term("yes", "Yes", "A source says that the warning came before the incident.")
    NO = term("no", "No", "A source says that it came with the incident, or after it.")
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources do not say which came first.")


class IssuerAction(Vocabulary):
    """What the issuer did for the recipient, as the follow-up is what the recipient did."""

    PROTECTION_GIVEN = term(
        "protection_given",
        "Protection given",
        "It guarded or moved the recipient.",
    )
    PROTECTION_OFFERED = term(
        "protection_offered",
        "Protection offered",
        "The issuer offered protection; whether it was taken up is not said, or it was refused.",
    )
    ADVICE_ONLY = term(
        "advice_only", "Advice only", "The issuer advised how to keep safe and did nothing else."
    )
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources do not say.")


class Reception(Vocabulary):
    ACCEPTED = term("accepted", "Accepted", "The recipient is said to have believed the warning.")
    DISBELIEVED = term("disbelieved", "Disbelieved", "It is said to have doubted the warning.")
    DISMISSED = term("dismissed", "Dismissed", "It rejected the warning in words.")
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources do not say.")
    NOT_APPLICABLE = term(
        NOT_APPLICABLE, "Does not apply", "No single recipient could respond (a public notice)."
    )


class FollowUp(Vocabulary):
    ACTED = term("acted", "Acted", "The recipient took measures.")
    INADEQUATE = term("inadequate", "Inadequate", "It acted, and is said to have done too little.")
    NONE_VISIBLE = term(
        "none_visible", "Little or none visible", "The sources saw little or no sign of measures."
    )
    UNCLEAR = term("unclear", "Unclear", "A source says that it is unclear whether it acted.")
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources do not say.")
    NOT_APPLICABLE = term(
        NOT_APPLICABLE, "Does not apply", "No single recipient could act (a public notice)."
    )


class IncidentKind(Vocabulary):
    ATTACK = term(
        "attack",
        "Attack",
        "Violence against people or places that is neither a targeted killing nor an invasion.",
    )
    TARGETED_KILLING = term("targeted_killing", "Targeted killing", "A chosen person was killed.")
    INVASION = term("invasion", "Invasion", "A state’s armed forces entered another’s territory.")
    AVERTED = term("averted", "Averted", "The threat is reported to have been stopped.")
    NONE_REPORTED = term(
        NONE_REPORTED, "None reported", "No source reports that the threat was carried out."
    )
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources do not say what happened.")


class Qualifier(Vocabulary):
    """How a figure is meant; whether a source gives it or the editors infer it, its claims say."""

    EXACT = term("exact", "Exactly", "Exactly this figure, without “over” or “about”.")
    MORE_THAN = term("more_than", "Over", "More than this figure.")
    AT_LEAST = term("at_least", "At least", "This figure or more.")
    ABOUT = term("about", "About", "Around this figure, somewhat more or fewer.")
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources give no figure.")
    NOT_APPLICABLE = term(NOT_APPLICABLE, "Does not apply", "There was nothing to count.")


class DateBasis(Vocabulary):
    STATED = term("stated", "Stated", "The source gives the date.")
    RESOLVED = term(
        "resolved", "Resolved", "Worked out from the source’s own wording, for example “Friday”."
    )
    COMPLETED = term(
        "completed",
        "Completed by editors",
        "The source gives part of the date; editors added the rest, such as the year. A note on "
        "the date or its source gives the evidence.",
    )
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources give no date.")


class DatePrecision(Vocabulary):
    """Derived, never entered: how exactly the date of a case is known."""

    DAY = term("day", "Day", "The date is known to the day.")
    MONTH = term("month", "Month", "The month is known, the day is not.")
    YEAR = term("year", "Year", "The year is known, the month is not.")
    SPAN = term(
        "span",
        "Span of time",
        "An interval, a decade or a century, or a date that is approximate, uncertain or open at "
        "one end: “about 2022”, “in or before February 2022”.",
    )
    NOT_STATED = term(NOT_STATED, "Not stated", "The sources give no date.")


class Stance(Vocabulary):
    ASSERTS = term("asserts", "Asserts", "The speaker says that it is so.")
    DISPUTES = term("disputes", "Disputes", "The speaker says that it is not so.")
    DECLINES = term("declines", "Declines to say", "The speaker refuses to say.")


class Modality(Vocabulary):
    """How certain it is that somebody says so; members run from the firmest to the weakest.

    None says that it is true: a quotation is certain about the words, not about the thing.
    """

    QUOTED = term(
        "quoted",
        "Quoted",
        "A speaker’s own words, which may be wrong.",
    )
    STATED = term("stated", "Stated", "Said in the source’s own voice, without reserve.")
    ATTRIBUTED = term(
        "attributed",
        "Attributed",
        "Paraphrased from a speaker who is named or described, not in the source’s own voice.",
    )
    REPORTED = term(
        "reported",
        "Reportedly",
        "Passed on as “reportedly” or “media reports”; the source does not vouch for it.",
    )
    ALLEGED = term("alleged", "Alleged", "Passed on as an allegation.")
    UNCLEAR = term("unclear", "Unclear", "The source says that it is unclear.")
    INFERRED = term(
        "inferred",
        "Inferred",
        "The editor’s inference; no source says so.",
    )


class Certainty(Vocabulary):
    """Derived, never entered: the modality of the most certain claim that asserts a value."""

    QUOTED = term("quoted", Modality.QUOTED.label, Modality.QUOTED.definition)
    STATED = term("stated", Modality.STATED.label, Modality.STATED.definition)
    ATTRIBUTED = term("attributed", Modality.ATTRIBUTED.label, Modality.ATTRIBUTED.definition)
    REPORTED = term("reported", Modality.REPORTED.label, Modality.REPORTED.definition)
    ALLEGED = term("alleged", Modality.ALLEGED.label, Modality.ALLEGED.definition)
    UNCLEAR = term("unclear", Modality.UNCLEAR.label, Modality.UNCLEAR.definition)
    INFERRED = term("inferred", Modality.INFERRED.label, Modality.INFERRED.definition)
    NOT_STATED = term(NOT_STATED, "Not stated", "There is no value, or no claim asserts the value.")


class AssessmentStatus(Vocabulary):
    OFFICIALLY_INVOKED = term(
        "officially_invoked", "Officially invoked", "An official source says that it was invoked."
    )
    ARGUED = term("argued", "Argued", "A named commentator argues that it applied.")
    WITHHELD = term("withheld", "Withheld", "The agency refuses to say.")
    RULED_OUT = term("ruled_out", "Ruled out", "A source says that it did not apply.")
    NOT_REPORTED = term("not_reported", "Not reported", "No source says anything about it.")


class TextStatus(Vocabulary):
    VERIFIED = term("verified", "Verified", "The ground was read in a retrieved text.")
    PARTLY_VERIFIED = term(
        "partly_verified", "Partly verified", "Part of the ground was read in a retrieved text."
    )
    UNVERIFIED = term(
        "unverified", "Unverified", "Not yet checked against the text of the directive."
    )


class RuleStatus(Vocabulary):
    """Whether the public sees a directive or an exception."""

    DRAFT = term("draft", "Draft", "It is being entered; the public does not see it.")
    PUBLISHED = term("published", "Published", "Public; an exception only if its directive is too.")


class NoteKind(Vocabulary):
    """What a note does; members run from what a reader must not miss to the background."""

    CORRECTION = term("correction", "Correction", "Other evidence shows that the source errs.")
    CONTRADICTION = term(
        "contradiction",
        "Contradiction",
        "Other evidence contradicts the source; the value stays as coded.",
    )
    LATER_VALUE = term(
        "later_value",
        "Later value",
        "A later figure than the source’s; the value stays as coded.",
    )
    COMPLETION = term("completion", "Completion", "Other evidence supplies what the source omits.")
    CONTEXT = term("context", "Context", "Background that the source does not give.")


class WindowCovered(Vocabulary):
    """Derived, never entered: whether the warned window contained the incident."""

    YES = term("yes", "Yes", "The incident fell within the warned window.")
    NO = term("no", "No", "The incident fell outside the warned window.")
    NOT_STATED = term(
        NOT_STATED, "Not stated", "The sources give no window, or dates too vague to tell."
    )
    NOT_APPLICABLE = term(
        NOT_APPLICABLE, "Does not apply", "No incident followed, or no warning was given."
    )


class DirectiveEra(Vocabulary):
    """Derived, never entered: the case's date against the date of a directive."""

    BEFORE = term("before", "Before", "The case ended before the directive was issued.")
    AFTER = term("after", "After", "The case began on or after the day of issue.")
    NOT_STATED = term(NOT_STATED, "Not stated", "The two dates do not tell.")


class Era(Vocabulary):
    """Derived, never entered: the case's date against the date of ICD 191."""

    BEFORE_ICD191 = term("before_icd191", "Before ICD 191", "The case ended before 21 July 2015.")
    AFTER_ICD191 = term("after_icd191", "After ICD 191", "The case began on or after 21 July 2015.")
    NOT_STATED = term(NOT_STATED, "Not stated", "The case’s date does not tell.")
