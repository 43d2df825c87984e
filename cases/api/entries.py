"""What the API says of an actor, a source, a directive, an exception, and a version of a case.

Each begins with the object by which records of cases mention it, and goes on with what its page
shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from django.urls import reverse
from msgspec import Meta
from msgspec.structs import asdict

from cases.exchange.downloads.errors import absolute
from cases.models import Actor, Directive, DirectiveException, Source, Version
from cases.record.building import ref_of
from cases.record.classes import (
    ActorRef,
    DirectiveRef,
    ExceptionRef,
    RecordPart,
    SourceRef,
)
from cases.versions.current import CaseName

Cases = Annotated[int, Meta(description="In how many published cases it is found.")]
PageAddress = Annotated[str, Meta(description="The address of its page.")]


class ActorEntry(ActorRef, frozen=True, kw_only=True):
    """An actor, as its page shows it. Its cases include those of actors that belong to it."""

    aliases: tuple[str, ...]
    description: str
    parent: ActorRef | None
    country: ActorRef | None
    cases: Cases
    page: PageAddress


class SourceEntry(SourceRef, frozen=True, kw_only=True):
    """A source, as its page shows it. Its cases are those with a claim that is drawn from it."""

    author: str
    archiving: str
    accessed_on: dt.date | None
    derived_from: SourceRef | None
    description: str
    paragraphs: int | None
    cases: Cases
    page: PageAddress


class DirectiveEntry(DirectiveRef, frozen=True, kw_only=True):
    """A directive. Its cases are those to which its duty to warn applies."""

    jurisdiction: ActorRef | None
    authority: str
    statement: str
    limits: str
    source: SourceRef | None
    cases: Cases
    page: PageAddress


class ExceptionEntry(ExceptionRef, frozen=True, kw_only=True):
    """An exception of a directive. Its cases are those in which a source says something of it."""

    directive: DirectiveRef
    order: int
    statement: str
    text_status: str
    article_wording: str
    article_locator: str
    cases: Cases
    page: PageAddress


class VersionEntry(RecordPart, frozen=True, kw_only=True):
    """A version of a case: when it was published, and why."""

    number: Annotated[int, Meta(description="Its number within the case, from 1.")]
    made_at: Annotated[dt.datetime, Meta(description="When it was published.")]
    change_note: Annotated[str, Meta(description="What changed and why.")]
    withdrawn_at: Annotated[
        dt.datetime | None,
        Meta(description="When the case was withdrawn, if this version reinstated it."),
    ]
    withdrawn_reason: Annotated[str, Meta(description="Why it was withdrawn; else empty.")]
    redacted_at: Annotated[
        dt.datetime | None, Meta(description="When a text was last struck from it.")
    ]
    redaction_reason: Annotated[str, Meta(description="Why it was struck; else empty.")]
    address: Annotated[str, Meta(description="Where the API has the case as of this version.")]
    page: PageAddress


def actor_entry(actor: Actor, cases: Mapping[str, int]) -> ActorEntry:
    return ActorEntry(
        **asdict(ref_of(actor)),
        aliases=tuple(actor.aliases),
        description=actor.description,
        parent=_ref(actor.parent),
        country=_ref(actor.country),
        **_found(actor, cases),
    )


def source_entry(source: Source, cases: Mapping[str, int]) -> SourceEntry:
    return SourceEntry(
        **asdict(ref_of(source)),
        author=source.author,
        archiving=str(source.archiving),
        accessed_on=source.accessed_on,
        derived_from=_ref(source.derived_from),
        description=source.description,
        paragraphs=source.paragraphs,
        **_found(source, cases),
    )


def directive_entry(directive: Directive, cases: Mapping[str, int]) -> DirectiveEntry:
    return DirectiveEntry(
        **asdict(ref_of(directive)),
        jurisdiction=_ref(directive.jurisdiction),
        authority=directive.authority,
        statement=directive.statement,
        limits=directive.limits,
        source=_ref(directive.source),
        **_found(directive, cases),
    )


def exception_entry(exception: DirectiveException, cases: Mapping[str, int]) -> ExceptionEntry:
    return ExceptionEntry(
        **asdict(ref_of(exception)),
        directive=_ref(exception.directive),
        order=exception.order,
        statement=exception.statement,
        text_status=str(exception.text_status),
        article_wording=exception.article_wording,
        article_locator=exception.article_locator,
        **_found(exception, cases),
    )


def version_entry(version: Version, case: CaseName) -> VersionEntry:
    names = [case.slug, version.number]
    return VersionEntry(
        number=version.number,
        made_at=version.made_at,
        change_note=version.change_note,
        withdrawn_at=version.withdrawn_at,
        withdrawn_reason=version.withdrawn_reason,
        redacted_at=version.redacted_at,
        redaction_reason=version.redaction_reason,
        address=absolute(reverse("api:version", args=names)),
        page=absolute(reverse("case_version", args=names)),
    )


def _ref(row: Any) -> Any:
    return ref_of(row) if row else None


def _found(row: Any, cases: Mapping[str, int]) -> dict[str, Any]:
    page = absolute(row.get_absolute_url())
    return {"cases": cases.get(row.slug, 0), "page": page}
