"""The filters of cases, which all pages with cases share.

A repeated parameter means any of its values; `__all` means all of them, `__not` none of them.
`query_string.py` parses query strings first, so these filters only receive valid values.
"""

from __future__ import annotations

from collections.abc import Sequence

import django_filters
from django.http import QueryDict
from pyroaring import BitMap

from cases.index.case_index import ACTORS, SOURCE, CaseIndex
from cases.models import (
    Case,
    Claim,
    Directive,
    DirectiveException,
    Incident,
    Involvement,
    Warning,
)
from cases.models.vocabulary import (
    NOT_APPLICABLE,
    NOT_STATED,
    ActorKind,
    Basis,
    BeforeIncident,
    CaseKind,
    Channel,
    Conduit,
    DatePrecision,
    Era,
    FollowUp,
    IncidentKind,
    IssuerAction,
    Modality,
    Reception,
    RecordsStatus,
    Relation,
    Repeated,
    Role,
    Specificity,
)

from .choice import Choice
from .date_parameters import CERTAIN, bound
from .query_string import ALL, NOT, Choices, Query
from .selection import CaseCriteria

YES_NO = (("yes", "Yes"), ("no", "No"))


def _specificity(subject: str) -> Choice:
    """Return the filter by how specific a warning was about one subject."""
    label = "who attacks" if subject == "who" else f"the {subject}"
    return Choice(
        choices=Specificity.choices,
        label=f"How specific: {subject}",
        noun=f"specificity about {label}",
        plural=f"specificities about {label}",
        coded=(Warning, f"{subject}_specificity"),
    )


def _directives() -> list[tuple[str, str]]:
    directives = [(one.slug, str(one)) for one in Directive.objects.published()]
    return [*directives, (NOT_STATED, "None named")]


def _exceptions() -> list[tuple[str, str]]:
    exceptions = [(one.slug, str(one)) for one in DirectiveException.objects.published()]
    return [*exceptions, (NOT_STATED, "None mentioned")]


class CaseFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped package
    """The filters of cases. `criteria()` turns a parsed query into criteria for the index.

    All warning filters must match the same warning: "private, to Russia" does not find a case
    whose private warning went to somebody else.
    """

    kind = Choice(choices=CaseKind.choices, label="Kind of case", noun="kind", coded=(Case, "kind"))
    actor = Choice(
        label="Actor",
        noun="actor",
        plural="actors",
        unnamed=("no actor is named", "an actor is named"),
        meaning="An actor that issued, passed on or received a warning or has a role in the case, "
        "or one that belongs to it. None named: the case names no actor.",
    )
    role = Choice(
        choices=Role.choices,
        label="Role in the case",
        noun="role",
        plural="roles",
        coded=(Involvement, "role"),
        meaning="With an actor chosen as well: that actor has this role.",
    )
    issuer = Choice(
        label="Issuer of a warning",
        noun="issuer",
        plural="issuers",
        unnamed=("a warning has no named issuer", "every warning has a named issuer"),
        meaning="The actor that gave a warning, or one that belongs to it. None named: there is a "
        "warning whose issuer no source names.",
    )
    intermediary = Choice(
        label="Intermediary of a warning",
        noun="intermediary",
        plural="intermediaries",
        unnamed=(
            "a warning has no reported intermediary",
            "every warning has a reported intermediary",
        ),
        absent={NOT_STATED: "None reported"},
        meaning="An actor that passed a warning on, between its issuer and its recipients, or one "
        "that belongs to it. None reported: for at least one warning, no source says that somebody "
        "passed it on.",
    )
    recipient = Choice(
        label="Recipient of a warning",
        noun="recipient",
        plural="recipients",
        unnamed=("a warning has no named recipient", "every warning has a named recipient"),
        meaning="An actor that received a warning, or one that belongs to it. None named: there "
        "is a warning whose recipient no source names.",
    )
    armed_group = Choice(
        kind=ActorKind.ARMED_GROUP,
        label="Armed group",
        noun="armed group",
        plural="armed groups",
        unnamed=("no armed group is named", "an armed group is named"),
        meaning="An armed group that has a role in the case, or to which somebody with a role "
        "belongs. None named: no armed group is, whether or not it is known who acted.",
    )
    before_incident = Choice(
        choices=BeforeIncident.choices,
        label="Warning before the incident",
        clauses={
            "yes": "a source says that the warning came before the incident",
            "no": "a source denies that the warning came before the incident",
            NOT_STATED: "no source says whether the warning came before the incident",
        },
        coded=(Warning, "before_incident"),
    )
    repeated = Choice(
        choices=Repeated.choices,
        label="Repeated warning",
        clauses={
            "yes": "the warning was repeated",
            "no": "the warning was given once",
            NOT_STATED: "no source says whether the warning was repeated",
        },
        coded=(Warning, "repeated"),
    )
    channel = Choice(
        choices=Channel.choices,
        label="Channel",
        noun="channel",
        plural="channels",
        coded=(Warning, "channel"),
    )
    conduit = Choice(
        choices=Conduit.choices,
        label="Conduit",
        noun="conduit",
        plural="conduits",
        coded=(Warning, "conduit"),
    )
    basis = Choice(
        choices=Basis.choices,
        label="Basis",
        noun="basis",
        plural="bases",
        coded=(Warning, "basis"),
    )
    relation = Choice(
        choices=Relation.choices,
        label="Relation to the issuer",
        noun="relation to the issuer",
        plural="relations to the issuer",
        coded=(Warning, "relation"),
    )
    issuer_action = Choice(
        choices=IssuerAction.choices,
        label="What the issuer did",
        noun="issuer’s action",
        plural="issuer’s actions",
        coded=(Warning, "issuer_action"),
    )
    specificity_who = _specificity("who")
    specificity_target = _specificity("target")
    specificity_place = _specificity("place")
    specificity_time = _specificity("time")
    reception = Choice(
        choices=Reception.choices,
        label="Reception",
        noun="reception",
        plural="receptions",
        coded=(Warning, "reception"),
    )
    follow_up = Choice(
        choices=FollowUp.choices,
        label="Follow-up",
        noun="follow-up",
        plural="follow-ups",
        coded=(Warning, "follow_up"),
    )
    incident = Choice(
        choices=IncidentKind.choices,
        label="Incident",
        noun="incident",
        plural="incidents",
        coded=(Incident, "kind"),
    )
    country = Choice(
        kind=ActorKind.STATE,
        label="Country of the incident",
        noun="country of an incident",
        plural="countries of incidents",
        unnamed=(
            "an incident has no stated country",
            "no incident lacks a stated country",
        ),
        absent={NOT_STATED: "Not stated", NOT_APPLICABLE: "Does not apply"},
        meaning="The state where an incident took place, or was to take place. Not stated: no "
        "source says where. Does not apply: no source reports an incident. A case without a coded "
        "incident has no value here.",
    )
    era = Choice(
        choices=Era.choices, label="Before or after ICD 191", noun="era", coded=(Case, "era")
    )
    precision = Choice(
        choices=DatePrecision.choices,
        label="Precision of the date",
        noun="precision of the date",
        coded=(Case, "precision"),
    )
    directive = Choice(
        choices=_directives,
        label="Applicable directive",
        noun="applicable directive",
        plural="applicable directives",
        unnamed=("no directive is known to apply", "a directive applies"),
        meaning="The case says that this directive’s duty to warn applies to it, whether or not "
        "it was met. None named: the sources do not show that a directive applies.",
    )
    exception = Choice(
        choices=_exceptions,
        label="Exception",
        noun="exception",
        plural="exceptions",
        unnamed=(
            "no source says anything of an exception",
            "a source says something of an exception",
        ),
        meaning="A source says something of this exception in the case: that it was invoked, "
        "argued, withheld or ruled out. None mentioned: no source says anything of any exception.",
    )
    speaker = Choice(
        label="Speaker of a claim",
        noun="speaker",
        plural="speakers",
        unnamed=("a claim has no named speaker", "every claim has a named speaker"),
        absent={NOT_STATED: "None named: the source’s own voice"},
        meaning="The actor that a claim is attributed to, or one that belongs to it. None named: "
        "a claim is made in the source’s own voice.",
    )
    source = Choice(
        label="Source of a claim",
        noun="source",
        plural="sources",
        meaning="A publication that a claim of the case is drawn from. Notes do not count.",
    )
    modality = Choice(
        choices=Modality.choices,
        label="Certainty of a claim",
        noun="certainty",
        plural="certainties",
        coded=(Claim, "modality"),
    )
    contested = Choice(
        choices=YES_NO,
        label="Contested in the sources",
        meaning="Yes: one source asserts a value of the case that another disputes.",
        clauses={"yes": "sources dispute a value", "no": "no source disputes a value"},
    )
    has_notes = Choice(
        choices=YES_NO,
        label="Editorial notes on the case",
        meaning="Yes: an editorial note is about the case itself, not only about a passage that "
        "it shares with others. A case warns of notes on such passages too; they are not counted "
        "here, as they are about the directive, an exception or a source.",
        clauses={
            "yes": "an editorial note is about the case itself",
            "no": "no editorial note is about the case itself",
        },
    )
    records_status = Choice(
        choices=RecordsStatus.choices,
        label="Requests for records",
        noun="state of requests for records",
        coded=(Case, "records_status"),
    )

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    @classmethod
    def drop_contradictions(cls, query: Query) -> None:
        """Remove parts of `query` that contradict each other, and add a notice for each."""
        start, end = bound(query.data, "date_from"), bound(query.data, "date_to")
        if start is not None and end is not None and start > end:
            query.notices.append(
                f"“date_from” ({query.data['date_from']}) is after “date_to” "
                f"({query.data['date_to']})."
            )
            del query.data["date_from"], query.data["date_to"]

    @classmethod
    def criteria(
        cls, data: QueryDict, found: Sequence[BitMap] | None, picked: BitMap | None
    ) -> CaseCriteria:
        """Return the criteria of a parsed query.

        `found` are the cases that its text search found, `picked` those that it picks by slug.
        """

        # A class method, because an instance copies every filter and a page needs several.
        def values(form: str) -> dict[str, list[str]]:
            given = {name: data.getlist(name + form) for name in cls.base_filters}
            return {name: chosen for name, chosen in given.items() if chosen}

        return CaseCriteria(
            any_of=values(""),
            all_of=values(ALL),
            none_of=values(NOT),
            start=bound(data, "date_from"),
            end=bound(data, "date_to"),
            certain=data.get("date_match") == CERTAIN,
            found=found,
            picked=picked,
        )


def case_choices(index: CaseIndex) -> Choices:
    """Return the values of each case filter with their labels."""
    choices = {name: filter_.labels() for name, filter_ in CaseFilter.base_filters.items()}
    for name in ACTORS:
        filter_ = CaseFilter.base_filters[name]
        choices[name] = index.actor_choices(filter_.kind) | filter_.absent
    return choices | {SOURCE: index.source_choices()}
