"""Named reads. No public page, feed, export or count starts anywhere but at `published()`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Case as Choose
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Prefetch, Q, Subquery, When
from django.db.models.functions import Coalesce, Length
from django.utils import timezone

from .vocabulary import CaseStatus, NoteKind

if TYPE_CHECKING:
    from . import (
        Actor,
        Case,
        Claim,
        Directive,
        DirectiveException,
        ExceptionAssessment,
        Incident,
        Involvement,
        Note,
        Source,
        Version,
        Warning,
    )


def _related(name: str) -> Any:
    """Return the model `name`; imported late because models import their querysets."""
    from cases import models as casebook

    return getattr(casebook, name)


class CaseQuerySet(models.QuerySet["Case"]):
    def published(self) -> Self:
        """Keep what the public may see."""
        return self.filter(status=CaseStatus.PUBLISHED)

    def for_list(self) -> Self:
        """Fetch with each case what its card shows: warnings with parties, incidents, notes."""
        return self.prefetch_related(
            Prefetch(
                "warnings",
                _related("Warning").objects.select_related("issuer").prefetch_related("recipients"),
            ),
            Prefetch("incidents", _related("Incident").objects.select_related("country")),
            Prefetch("notes", _related("Note").objects.order_by().only("case", "kind")),
        )

    def for_row(self) -> Self:
        """Fetch with each case what its row in a file tells: all but what claims say."""
        return self.for_list().prefetch_related(
            Prefetch("involvements", _related("Involvement").objects.select_related("actor")),
            Prefetch(
                "assessments", _related("ExceptionAssessment").objects.select_related("exception")
            ),
        )

    def for_detail(self) -> Self:
        """Fetch with each case everything that its page, its record and its checks read."""
        objects = {name: _related(name).objects for name in _PARTS_OF_DETAIL}
        return self.select_related("merged_into").prefetch_related(
            Prefetch(
                "warnings",
                objects["Warning"].select_related("issuer").prefetch_related("recipients"),
            ),
            Prefetch("incidents", objects["Incident"].select_related("country")),
            Prefetch("involvements", objects["Involvement"].select_related("actor")),
            Prefetch("assessments", objects["ExceptionAssessment"].select_related("exception")),
            Prefetch("claims", objects["Claim"].select_related("source", "speaker")),
            Prefetch("notes", objects["Note"].select_related("source", "evidence")),
        )


_PARTS_OF_DETAIL = (
    "Warning",
    "Incident",
    "Involvement",
    "ExceptionAssessment",
    "Claim",
    "Note",
)


class CaseManager(models.Manager.from_queryset(CaseQuerySet)):  # type: ignore[misc]  # built by Django
    def get_by_natural_key(self, slug: str) -> Case:
        return self.get(slug=slug)  # type: ignore[no-any-return]


class SourceQuerySet(models.QuerySet["Source"]):
    def public(self) -> Self:
        """Keep the sources that something public rests on; others would give drafts away."""
        claims = _related("Claim").objects.filter(case__status=CaseStatus.PUBLISHED)
        notes = _related("Note").objects.public()
        return self.filter(
            Exists(claims.filter(source=OuterRef("pk")))
            | Exists(notes.filter(source=OuterRef("pk")))
            | Exists(notes.filter(evidence=OuterRef("pk")))
            | Q(directives__isnull=False)
        ).distinct()

    def with_counts(self) -> Self:
        """Annotate `claim_count`, `case_count` and `note_count`, of what is public only."""
        claims = _related("Claim").objects.filter(case__status=CaseStatus.PUBLISHED)
        notes = _related("Note").objects.public()
        return self.annotate(
            claim_count=_count(claims, "source", Count("pk")),
            case_count=_count(claims, "source", Count("case", distinct=True)),
            note_count=_count(notes, "evidence", Count("pk")),
        )


def _count(rows: models.QuerySet[Any], source: str, counting: Count) -> Coalesce:
    """Count the rows of a source by themselves: joined, each would be counted with each other."""
    own = rows.filter(**{source: OuterRef("pk")}).order_by().values(source)
    return Coalesce(Subquery(own.annotate(counted=counting).values("counted")), 0)


class SourceManager(models.Manager.from_queryset(SourceQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, slug: str) -> Source:
        return self.get(slug=slug)  # type: ignore[no-any-return]


class ActorQuerySet(models.QuerySet["Actor"]):
    def public(self) -> Self:
        """Keep the actors that a published case names, with all that they belong to.

        An actor that only drafts use would give them away. Two queries.
        """
        named = _named_actors()
        above = {
            key: {parent, country}
            for key, parent, country in self.model._default_manager.values_list(
                "pk", "parent_id", "country_id"
            )
        }
        public: set[int] = set()
        while named:
            key = named.pop()
            if key in above and key not in public:
                public.add(key)
                named |= above[key] - {None}
        return self.filter(pk__in=public)

    def with_descendants(self, slugs: Iterable[str]) -> set[int]:
        """Return the keys of the actors named by `slugs` and of all their descendants.

        One query, whatever the depth; the tree of actors is small beside the cases.
        """
        wanted = set(slugs)
        children: dict[int | None, list[int]] = {}
        found: list[int] = []
        for key, parent, slug in self.model._default_manager.values_list("pk", "parent_id", "slug"):
            children.setdefault(parent, []).append(key)
            if slug in wanted:
                found.append(key)
        reached: set[int] = set()
        while found:
            key = found.pop()
            if key not in reached:
                reached.add(key)
                found.extend(children.get(key, ()))
        return reached


def _named_actors() -> set[int]:
    """Return the keys of the actors that a published case names, in any way; one query."""
    ways = {
        "Warning": ("issuer", "recipients"),
        "Involvement": ("actor",),
        "Incident": ("country",),
        "Claim": ("speaker",),
    }
    keys = [
        _related(model)
        .objects.filter(case__status=CaseStatus.PUBLISHED, **{f"{way}__isnull": False})
        .order_by()
        .values_list(way)
        for model, names in ways.items()
        for way in names
    ]
    return {key for (key,) in keys[0].union(*keys[1:])}


class ActorManager(models.Manager.from_queryset(ActorQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, slug: str) -> Actor:
        return self.get(slug=slug)  # type: ignore[no-any-return]


class DirectiveManager(models.Manager["Directive"]):
    def get_by_natural_key(self, slug: str) -> Directive:
        return self.get(slug=slug)


class ExceptionManager(models.Manager["DirectiveException"]):
    def get_by_natural_key(self, slug: str) -> DirectiveException:
        return self.get(slug=slug)


class AssessmentManager(models.Manager["ExceptionAssessment"]):
    def get_by_natural_key(self, case: str, exception: str) -> ExceptionAssessment:
        return self.get(case__slug=case, exception__slug=exception)


class InvolvementManager(models.Manager["Involvement"]):
    def get_by_natural_key(self, case: str, actor: str, role: str) -> Involvement:
        return self.get(case__slug=case, actor__slug=actor, role=role)


class WarningManager(models.Manager["Warning"]):
    def get_by_natural_key(self, case: str, sequence: int) -> Warning:
        return self.get(case__slug=case, sequence=sequence)


class IncidentManager(models.Manager["Incident"]):
    def get_by_natural_key(self, case: str, sequence: int) -> Incident:
        return self.get(case__slug=case, sequence=sequence)


class ClaimQuerySet(models.QuerySet["Claim"]):
    def for_evidence(self) -> Self:
        """Fetch with each claim its case, its speaker, and the part of the case it is about."""
        return self.select_related(
            "case",
            "speaker",
            "source",
            "warning",
            "incident",
            "involvement__actor",
            "assessment__exception",
        )


class ClaimManager(models.Manager.from_queryset(ClaimQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, case: str, sequence: int) -> Claim:
        return self.get(case__slug=case, sequence=sequence)  # type: ignore[no-any-return]


class NoteQuerySet(models.QuerySet["Note"]):
    def public(self) -> Self:
        """Keep notes about published cases, and those about no case at all."""
        return self.filter(Q(case=None) | Q(case__status=CaseStatus.PUBLISHED))

    def for_list(self) -> Self:
        """Fetch with each note what it is about, and put first what a reader must not miss."""
        weight = Choose(
            *(When(kind=kind, then=place) for place, kind in enumerate(NoteKind)),
            output_field=IntegerField(),
        )
        return self.select_related("case", "directive", "exception", "source", "evidence").order_by(
            weight,
            Length("case__number").asc(nulls_first=True),
            F("case__number").asc(nulls_first=True),
            "slug",
        )

    def on_passages_of(self, case: Case) -> Self:
        """Keep notes about no case whose passage is one that claims of `case` are drawn from.

        Such a note is about the directive, say, but a reader of the case meets the same words.
        """
        passages = Q(pk__in=())
        for source, locator in {(claim.source_id, claim.locator) for claim in case.claims.all()}:
            passages |= Q(source=source, locator=locator)
        return self.filter(passages, case=None)


class NoteManager(models.Manager.from_queryset(NoteQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, slug: str) -> Note:
        return self.get(slug=slug)  # type: ignore[no-any-return]


class ImportQuerySet(models.QuerySet[Any]):
    def applied(self) -> Self:
        """Keep the imports that were done; the others are uploads that wait, or were given up."""
        return self.filter(applied_at__isnull=False)

    def given_up(self) -> Self:
        """Keep uploads that nobody confirmed for a day."""
        return self.filter(applied_at=None, uploaded_at__lt=timezone.now() - dt.timedelta(days=1))


class ImportManager(models.Manager.from_queryset(ImportQuerySet)):  # type: ignore[misc]
    pass


class ImmutableError(Exception):
    """A published version was about to be changed or deleted."""


class VersionQuerySet(models.QuerySet["Version"]):
    def update(self, **kwargs: Any) -> int:
        """Refuse: a published version stays as it is."""
        raise ImmutableError("Published versions cannot be changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        """Refuse: a published version stays."""
        raise ImmutableError("Published versions cannot be deleted.")


class VersionManager(models.Manager.from_queryset(VersionQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, case: str, number: int) -> Version:
        return self.get(case__slug=case, number=number)  # type: ignore[no-any-return]
