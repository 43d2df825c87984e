"""The files of the dataset as it is, and of its releases: which are there, and making them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, QuerySet, Sum

from cases import changelog
from cases.exchange.downloads.errors import at_site
from cases.models import Case, Redaction, Release, Version
from cases.models.case import IN_PUBLISHED_CASE
from cases.models.vocabulary import CaseStatus

from .editions import BusyError, Edition, Made, make_edition, newest, root
from .making import FileFacts, make_files

log = logging.getLogger(__name__)

# Up to so many public cases, a request that finds no files makes them; it takes some seconds.
# With more, `manage.py make_data_files` makes them.
MAX_CASES_IN_A_REQUEST = 300


class NotReadyError(Exception):
    """The files are not there yet, or hold what is no longer public: they have to be made."""


@dataclass(frozen=True)
class Files:
    """The files of the dataset as it is, or of a release."""

    release: Release | None = None

    def get(self) -> Edition:
        """Return the files: made now if that is cheap, or else the latest that were made.

        Raises NotReadyError if there are none that the public may have.
        """
        edition, state = newest(self.place), self.made_of()
        if edition is not None and edition.state == state.state:
            return edition
        if self.versions().count() <= MAX_CASES_IN_A_REQUEST:
            try:
                return self.make(wait=False)
            except BusyError:
                pass
            except OSError:
                log.exception("The files of /data/ cannot be written")
        # What was struck or withdrawn since is in them.
        if edition is None or edition.guard != state.guard:
            raise NotReadyError
        return edition

    def make(self, *, wait: bool = True) -> Edition:
        """Make the files, unless they are there; raises BusyError without `wait`."""
        return make_edition(self.place, self.made_of, self._write, wait=wait)

    def versions(self) -> QuerySet[Version]:
        """Return the versions that the files are made of, one a public case."""
        versions: QuerySet[Version] = Version.objects.filter(
            IN_PUBLISHED_CASE, releases=self.release
        )
        return Version.objects.current() if self.release is None else versions

    @property
    def place(self) -> Path:
        return root() / (f"release-{self.release.name}" if self.release else "dataset")

    def made_of(self) -> Made:
        """Return what files made now would be made of.

        An upgrade of the code or another address of the site makes those of the dataset again.
        Those of a release change only if a text is struck somewhere, or one of its cases is
        withdrawn or reinstated.
        """
        version = changelog.latest()
        struck = Redaction.objects.aggregate(last=Max("pk"))["last"] or 0
        if self.release is None:
            withdrawn = Case.objects.filter(status=CaseStatus.WITHDRAWN)
            guard = f"{struck}-{_fingerprint(withdrawn)}"
            state = f"{version}-{guard}-{_code()}-{settings.SITE_URL}"
            return Made(state, guard, version)
        guard = f"{struck}-{_fingerprint(self.versions())}"
        return Made(guard, guard, version)

    def _write(self, folder: Path, made: Made) -> list[FileFacts]:
        if self.release is None:
            facts = {"version": f"dataset version {made.version}"}
            return make_files(self.versions(), folder, facts)
        facts = {
            "version": f"release {self.release.name}",
            "released_on": self.release.day.isoformat(),
        }
        with at_site(self.release.site):
            return make_files(self.versions(), folder, facts, self.release.name)


@cache
def _code() -> str:
    """Return the digest of the code that says what is in the files."""
    cases, digest = Path(__file__).parents[2], sha256()
    for package in ("evidence", "exchange", "models", "record"):
        for path in sorted((cases / package).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _fingerprint(rows: QuerySet[Case] | QuerySet[Version]) -> str:
    found = rows.order_by().aggregate(count=Count("pk"), total=Sum("pk"))
    return f"{found['count']}-{found['total'] or 0}"
