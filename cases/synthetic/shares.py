"""How often each value occurs in synthetic cases.

The weights are estimates: values are missing about as often as in newspaper reports.
"""

from __future__ import annotations

from cases.models.vocabulary import (
    ActorKind,
    AssessmentStatus,
    Basis,
    CaseKind,
    CaseStatus,
    Channel,
    Conduit,
    FollowUp,
    IncidentKind,
    Modality,
    NoteKind,
    Qualifier,
    Reception,
    RecordsStatus,
    Relation,
    Specificity,
)

from .draws import Weighted, weighted

SHARE_ASSESSED = 0.03

KINDS = weighted(
    {
        CaseKind.WARNING_GIVEN: 70,
        CaseKind.ALLEGED_FAILURE_TO_WARN: 14,
        CaseKind.STRATEGIC_DISCLOSURE: 11,
        CaseKind.POLICY_ORIGIN: 5,
    }
)
WARNINGS = {
    CaseKind.WARNING_GIVEN: weighted({1: 68, 2: 18, 3: 8, 4: 3, 5: 2, 6: 1}),
    CaseKind.STRATEGIC_DISCLOSURE: weighted({0: 10, 1: 75, 2: 15}),
    CaseKind.ALLEGED_FAILURE_TO_WARN: weighted({0: 1}),
    CaseKind.POLICY_ORIGIN: weighted({0: 1}),
}
INCIDENTS = {
    CaseKind.WARNING_GIVEN: weighted({0: 25, 1: 60, 2: 11, 3: 4}),
    CaseKind.STRATEGIC_DISCLOSURE: weighted({0: 35, 1: 60, 2: 5}),
    CaseKind.ALLEGED_FAILURE_TO_WARN: weighted({1: 85, 2: 10, 3: 5}),
    CaseKind.POLICY_ORIGIN: weighted({0: 10, 1: 90}),
}
RECORDS = weighted(
    {
        RecordsStatus.NONE_REPORTED: 78,
        RecordsStatus.REQUESTED_NO_RESPONSE: 9,
        RecordsStatus.NEITHER_CONFIRMED_NOR_DENIED: 6,
        RecordsStatus.PARTLY_RELEASED: 4,
        RecordsStatus.RELEASED: 3,
    }
)
STATUSES = weighted(
    {
        CaseStatus.PUBLISHED: 97,
        CaseStatus.DRAFT: 1.2,
        CaseStatus.IN_REVIEW: 0.8,
        CaseStatus.WITHDRAWN: 1,
    }
)
# The weights of the values of each coded column of a warning.
CHOICES: dict[str, Weighted[str]] = {
    "channel": weighted({Channel.PRIVATE: 45, Channel.NOT_STATED: 37, Channel.PUBLIC: 18}),
    "conduit": weighted(
        {
            Conduit.NOT_STATED: 52,
            Conduit.INTELLIGENCE_LIAISON: 20,
            Conduit.DIPLOMATIC: 12,
            Conduit.EMBASSY_ALERT: 8,
            Conduit.POLICE_VISIT: 5,
            Conduit.DECLASSIFICATION: 3,
        }
    ),
    "basis": weighted(
        {
            Basis.NOT_STATED: 60,
            Basis.DUTY_TO_WARN: 18,
            Basis.FOREIGN_PRACTICE: 12,
            Basis.CONSULAR_ALERT: 6,
            Basis.STRATEGIC_DISCLOSURE: 4,
        }
    ),
    "relation": weighted(
        {
            Relation.ALLY: 34,
            Relation.NOT_STATED: 30,
            Relation.IN_BETWEEN: 14,
            Relation.ADVERSARY: 10,
            Relation.OWN_NATIONALS: 8,
            Relation.MIXED: 4,
        }
    ),
    "reception": weighted(
        {
            Reception.NOT_STATED: 60,
            Reception.ACCEPTED: 16,
            Reception.DISBELIEVED: 12,
            Reception.DISMISSED: 12,
        }
    ),
    "follow_up": weighted(
        {
            FollowUp.NOT_STATED: 52,
            FollowUp.ACTED: 17,
            FollowUp.INADEQUATE: 13,
            FollowUp.NONE_VISIBLE: 11,
            FollowUp.UNCLEAR: 7,
        }
    ),
}

# Weights of the specificity of a warning, by whether a source gives its content.
SPECIFICITIES = {
    True: weighted(
        {
            Specificity.NOT_STATED: 32,
            Specificity.CATEGORY: 30,
            Specificity.NAMED: 28,
            Specificity.ABSENT: 10,
        }
    ),
    False: weighted({Specificity.NOT_STATED: 85, Specificity.CATEGORY: 10, Specificity.ABSENT: 5}),
}

INCIDENT_KINDS = weighted(
    {
        IncidentKind.ATTACK: 56,
        IncidentKind.TARGETED_KILLING: 14,
        IncidentKind.AVERTED: 12,
        IncidentKind.NONE_REPORTED: 9,
        IncidentKind.NOT_STATED: 5,
        IncidentKind.INVASION: 4,
    }
)
CARRIED_OUT = weighted(
    {IncidentKind.ATTACK: 75, IncidentKind.TARGETED_KILLING: 20, IncidentKind.INVASION: 5}
)
QUALIFIERS = weighted(
    {
        Qualifier.NOT_STATED: 36,
        Qualifier.EXACT: 34,
        Qualifier.AT_LEAST: 12,
        Qualifier.ABOUT: 10,
        Qualifier.MORE_THAN: 8,
    }
)
ISSUERS = weighted(
    {
        ActorKind.INTELLIGENCE_SERVICE: 40,
        ActorKind.GOVERNMENT_BODY: 22,
        ActorKind.STATE: 20,
        ActorKind.DIPLOMATIC_MISSION: 10,
        ActorKind.OFFICIAL: 8,
    }
)
RECIPIENTS = weighted(
    {
        ActorKind.STATE: 30,
        ActorKind.GOVERNMENT_BODY: 20,
        ActorKind.INTELLIGENCE_SERVICE: 18,
        ActorKind.COLLECTIVE: 14,
        ActorKind.INDIVIDUAL: 14,
        ActorKind.ARMED_GROUP: 4,
    }
)
INTERMEDIARIES = weighted(
    {
        ActorKind.INTELLIGENCE_SERVICE: 50,
        ActorKind.GOVERNMENT_BODY: 25,
        ActorKind.DIPLOMATIC_MISSION: 15,
        ActorKind.INDIVIDUAL: 10,
    }
)
INTERMEDIARY_COUNTS = weighted({0: 92, 1: 6, 2: 2})
VICTIMS = weighted({ActorKind.COLLECTIVE: 45, ActorKind.INDIVIDUAL: 35, ActorKind.STATE: 20})
CLAIMANTS = weighted({ActorKind.ARMED_GROUP: 90, ActorKind.STATE: 10})
BODIES = weighted(
    {ActorKind.INTELLIGENCE_SERVICE: 45, ActorKind.GOVERNMENT_BODY: 30, ActorKind.STATE: 25}
)
STATES = weighted({ActorKind.STATE: 1})
SPEAKERS = weighted(
    {
        ActorKind.OFFICIAL: 42,
        ActorKind.GOVERNMENT_BODY: 20,
        ActorKind.INDIVIDUAL: 12,
        ActorKind.STATE: 10,
        ActorKind.MEDIA: 10,
        ActorKind.INTELLIGENCE_SERVICE: 6,
    }
)
ASSESSMENTS = weighted(
    # “Officially invoked” requires an official source, and synthetic sources are not official.
    {
        AssessmentStatus.ARGUED: 40,
        AssessmentStatus.NOT_REPORTED: 30,
        AssessmentStatus.WITHHELD: 18,
        AssessmentStatus.RULED_OUT: 12,
    }
)
RECIPIENT_COUNTS = weighted({1: 72, 2: 20, 3: 8})

# The kinds of case whose incidents were certainly carried out.
CERTAIN_TO_HAPPEN = (CaseKind.ALLEGED_FAILURE_TO_WARN, CaseKind.POLICY_ORIGIN)

SHARE_CONTESTED = 0.04
SHARE_DECLINED = 0.02
SHARE_NOTED = 0.04

CLAIM_COUNTS = weighted({3: 8, 4: 13, 5: 17, 6: 17, 7: 14, 8: 10, 9: 7, 10: 5, 11: 4, 12: 3, 13: 2})
MODALITIES = weighted(
    {
        Modality.STATED: 36,
        Modality.ATTRIBUTED: 27,
        Modality.REPORTED: 14,
        Modality.QUOTED: 13,
        Modality.ALLEGED: 5,
        Modality.INFERRED: 3,
        Modality.UNCLEAR: 2,
    }
)
NOTE_KINDS = weighted(
    {
        NoteKind.COMPLETION: 34,
        NoteKind.CORRECTION: 22,
        NoteKind.CONTEXT: 18,
        NoteKind.CONTRADICTION: 14,
        NoteKind.LATER_VALUE: 12,
    }
)
