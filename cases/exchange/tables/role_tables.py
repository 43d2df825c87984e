"""The tables of what a case connects: actors in their roles, directives, exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cases.models import ExceptionAssessment, Involvement
from cases.models.claim import anchor_of
from cases.models.vocabulary import ActorKind, Role
from cases.record.classes import ActorRef, AssessmentRecord, CasePart

from .case_row import CaseRow
from .coded import CERTAINTY, MODALITIES, actor, coded, dates
from .head import address, table
from .table import INTEGER, Column, meanings_of, words_of

# The parties of warnings, which are no roles in the case itself.
PARTIES = (
    ("issuer", "Issuer of a warning"),
    ("intermediary", "Intermediary of a warning"),
    ("recipient", "Recipient of a warning"),
)
MEANING_OF_PARTIES = {
    "issuer": "The actor that gave the warning; “warning” has its number.",
    "intermediary": "An actor that passed the warning on; “position” says in which place.",
    "recipient": "An actor that the warning was given to.",
}


@dataclass(frozen=True)
class RoleOfActor:
    """An actor in one role, in the case or in one of its warnings."""

    actor: ActorRef
    role: str
    part: CasePart
    # The coded field that names the actor; "" for a role in the case, which is a part itself.
    field: str = ""
    note: str = ""
    warning: int | None = None
    position: int | None = None


def _roles(case: CaseRow) -> Iterator[RoleOfActor]:
    record = case.record
    for one in record.involvements:
        yield RoleOfActor(one.actor, one.role, one, note=one.note)
    for warning in record.warnings:
        number = warning.sequence
        if warning.issuer.actor:
            yield RoleOfActor(warning.issuer.actor, "issuer", warning, "issuer", warning=number)
        for place, passed_on_by in enumerate(warning.intermediaries, 1):
            yield RoleOfActor(
                passed_on_by, "intermediary", warning, "intermediaries", "", number, place
            )
        for recipient in warning.recipients:
            yield RoleOfActor(recipient, "recipient", warning, "recipients", warning=number)


_WARNING = Column(
    "warning",
    "Warning",
    "The number of the warning within the case, if the role is one in a warning; else empty.",
    lambda case, role: role.warning,
    INTEGER,
)


def _certainty(case: CaseRow, role: RoleOfActor) -> str:
    """Return how certain the role is; claims are about all recipients of a warning together."""
    return case.modality(role.part, role.field)


INVOLVEMENT_TABLE = table(
    "involvements",
    "role of an actor",
    "A row for each role of each actor: in the case, and as issuer, intermediary or recipient of a "
    "warning.",
    ("actor", "role", "warning"),
    (
        *actor("actor", "Actor", "Who has the role.", lambda role: role.actor, absences=()),
        Column(
            "actor_kind",
            "Actor, kind",
            "What kind of actor it is.",
            lambda case, role: role.actor.kind,
            words=words_of(ActorKind),
            defined_at="actor.kind",
            is_required=True,
        ),
        Column(
            "role",
            "Role",
            "What part the actor has.",
            lambda case, role: role.role,
            words=(*words_of(Role), *PARTIES),
            meanings=meanings_of(Role) | MEANING_OF_PARTIES,
            is_required=True,
        ),
        _WARNING,
        Column(
            "position",
            "Position",
            "The place of an intermediary in the order in which the warning was passed on, from 1; "
            "empty for other roles.",
            lambda case, role: role.position,
            INTEGER,
        ),
        Column(
            "note",
            "Remark",
            Involvement._meta.get_field("note").definition,
            lambda case, role: role.note,
        ),
        Column(
            "role_modality",
            "Role, certainty",
            "How certain the most certain claim is that asserts the role; “not_stated” if none "
            "does. A claim about the recipients of a warning is about all of them.",
            _certainty,
            words=MODALITIES,
            defined_at=CERTAINTY,
            is_required=True,
        ),
        Column(
            "about",
            "About",
            "The path of the role within the case, which “about” in claims and notes has: "
            "“claimant-al-qaeda”, or “warning-1.recipients” for a party of a warning.",
            lambda case, role: f"{role.part.path}.{role.field}" if role.field else role.part.path,
            is_required=True,
        ),
        address(lambda role: f"#{role.part.path}"),
    ),
    _roles,
)

APPLIED_DIRECTIVE_TABLE = table(
    "applied_directives",
    "directive that applies to a case",
    "A row for each directive whose duty to warn applies to a case, whether or not it was met.",
    ("directive",),
    (
        Column(
            "directive",
            "Directive",
            "The directive, by its slug.",
            lambda case, directive: directive.slug,
            refers_to="directives",
            is_required=True,
        ),
        Column(
            "directive_code",
            "Directive, code",
            "Its short name.",
            lambda case, directive: directive.code,
            is_required=True,
        ),
        Column(
            "directive_title",
            "Directive, title",
            "Its title.",
            lambda case, directive: directive.title,
            is_required=True,
        ),
        *dates("issued", "Date of issue"),
        Column(
            "directive_modality",
            "Directive, certainty",
            "How certain the most certain claim is that the directives of the case apply to it.",
            lambda case, directive: case.modality(case.record, "directives"),
            words=MODALITIES,
            defined_at=CERTAINTY,
            is_required=True,
        ),
        address(lambda directive: "#directives"),
    ),
    lambda case: case.record.directives,
)

ASSESSMENT_TABLE = table(
    "assessments",
    "exception in a case",
    "A row for each exception of a directive that a source says something about in a case.",
    ("exception",),
    (
        Column(
            "exception",
            "Exception",
            "The exception, by its slug.",
            lambda case, assessment: assessment.exception.slug,
            refers_to="exceptions",
            is_required=True,
        ),
        Column(
            "exception_code",
            "Exception, code",
            "Its number in the directive.",
            lambda case, assessment: assessment.exception.code,
            is_required=True,
        ),
        Column(
            "exception_title",
            "Exception, title",
            "What it is called.",
            lambda case, assessment: assessment.exception.title,
            is_required=True,
        ),
        *coded(AssessmentRecord),
        Column(
            "note",
            "Remark",
            ExceptionAssessment._meta.get_field("note").definition,
            lambda case, assessment: assessment.note,
        ),
        address(lambda assessment: f"#{anchor_of(f'{assessment.path}.status')}"),
    ),
    lambda case: case.record.assessments,
)
