"""Releases: named states of the dataset, and how each differs from the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from cases.changelog.locks import acquire_write_lock
from cases.exchange.tables.table import Value
from cases.models import Case, Release, Version
from cases.models.case import IN_PUBLISHED_CASE
from cases.models.synthetic_label import synthetic_records
from cases.text.batches import in_batches
from cases.versions.announcements import ADDED, CHANGED, WITHDRAWN
from cases.versions.current import public_names

from .editions import Edition


@dataclass(frozen=True)
class ChangedCase:
    """A case that two releases have in different versions, or that only one of them has.

    `title` and `slug` are those of today; "" if the case is not public any more.
    """

    number: str
    title: str
    slug: str
    before: int | None
    now: int | None

    @property
    def change(self) -> str:
        """ADDED, CHANGED or WITHDRAWN."""
        if self.before is None:
            return ADDED
        return WITHDRAWN if self.now is None else CHANGED


@dataclass(frozen=True)
class Delta:
    """What is in a release and was not in the one before, and the other way round."""

    cases: list[ChangedCase]

    @property
    def added(self) -> list[ChangedCase]:
        return [case for case in self.cases if case.change == ADDED]

    @property
    def changed(self) -> list[ChangedCase]:
        return [case for case in self.cases if case.change == CHANGED]

    @property
    def withdrawn(self) -> list[ChangedCase]:
        return [case for case in self.cases if case.change == WITHDRAWN]

    def rows(self) -> Iterator[Sequence[Value]]:
        """Yield the rows of `delta.csv`, its header first."""
        yield ("change", "number", "version_before", "version", "case", "title")
        for one in self.cases:
            yield (one.change, one.number, one.before, one.now, one.slug, one.title)


@dataclass(frozen=True)
class SinceThen:
    """What became of the versions of a release: how many were redacted, and what is withdrawn."""

    redacted: int
    withdrawn: list[str]


@transaction.atomic
def make_release(name: str, note: str) -> Release:
    """Pin each public case to its version under a name; synthetic cases stay out.

    Raises ValidationError, with sentences, for a wrong or a known name, without a note, and without
    a public case.
    """
    acquire_write_lock()
    release = Release(name=name, note=note, site=settings.SITE_URL)
    release.full_clean()
    versions = Version.objects.current().exclude(case__in=synthetic_records(Case))
    keys = list(versions.order_by("pk").values_list("pk", flat=True))
    if not keys:
        raise ValidationError("There is no public case that a release could hold.")
    release.save()
    pin = Release.versions.through
    for batch in in_batches(keys):
        pin._default_manager.bulk_create(
            pin(release_id=release.pk, version_id=key) for key in batch
        )
    return release


@transaction.atomic
def keep_checksums(release: Release, edition: Edition) -> None:
    """Keep the checksums of the first files of a release, and the site that they name."""
    if release.checksums:
        return
    acquire_write_lock()
    release.checksums = edition.checksums
    release.site = release.site or settings.SITE_URL
    release.save(update_fields=["checksums", "site"])


def first_checksums(release: Release, edition: Edition | None) -> dict[str, str]:
    """Return the first checksums of the files of a release that are not the same any more."""
    now = edition.checksums if edition else {}
    first: dict[str, str] = release.checksums
    return {name: one for name, one in first.items() if now.get(name, one) != one}


def delta(release: Release) -> Delta | None:
    """Return how a release differs from the one before; None for the first."""
    if release.before is None:
        return None
    before, now = _pins(release.before), _pins(release)
    differing = [key for key in before.keys() | now.keys() if before.get(key) != now.get(key)]
    numbers = {key: number for key, (number, _) in (before | now).items()}
    names = public_names(differing)
    cases = [
        ChangedCase(
            numbers[key],
            names[key].title if key in names else "",
            names[key].slug if key in names else "",
            before[key][1] if key in before else None,
            now[key][1] if key in now else None,
        )
        for key in differing
    ]
    cases.sort(key=lambda case: (len(case.number), case.number))
    return Delta(cases)


def since_then(release: Release) -> SinceThen:
    """Return what was struck from the versions of a release, or withdrawn, since it was made."""
    withdrawn = release.versions.exclude(IN_PUBLISHED_CASE)
    return SinceThen(
        redacted=release.versions.filter(redacted_at__gt=release.made_at).count(),
        withdrawn=sorted(withdrawn.values_list("case__number", flat=True)),
    )


def _pins(release: Release) -> dict[int, tuple[str, int]]:
    pinned: Iterable[tuple[int, str, int]] = release.versions.order_by().values_list(
        "case_id", "case__number", "number"
    )
    return {key: (number, version) for key, number, version in pinned}
