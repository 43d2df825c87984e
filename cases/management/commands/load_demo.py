"""Load the cases of one news article into an empty casebook, each with its first version."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from cases import search
from cases.models import Actor, Case, Directive, Source
from cases.review.checks import problems_of
from cases.text.plurals import counted
from cases.versions.making import make_version

FIXTURES = ("directive", "article", "notes")
FIRST_VERSION = "First version, coded from one news article."


class Command(BaseCommand):
    help = (
        "Load the cases of one news article into an empty casebook, and make the first version "
        "of each. A casebook that already holds records is left as it is."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if any(model.objects.exists() for model in (Case, Actor, Source, Directive)):
            held = counted(Case.objects.count(), "case")
            outcome = (
                f"Nothing changed: the casebook already holds {held} or what belongs to cases. "
                "The demo is loaded into an empty one."
            )
        else:
            outcome = f"Loaded {counted(_load(), 'case')} of the demo, each as version 1."
        if options.get("verbosity", 1):
            self.stdout.write(outcome)


@transaction.atomic
def _load() -> int:
    """Load all fixtures or none, and return the number of published cases; raises CommandError."""
    try:
        call_command("loaddata", *FIXTURES, verbosity=0)
    except (CommandError, DeserializationError, IntegrityError) as error:
        raise CommandError(f"The fixtures cannot be loaded, so nothing was: {error}") from error
    published = list(Case.objects.published().for_detail().order_by("number"))
    problems = [f"{case.slug}: {problem}" for case in published for problem in problems_of(case)]
    if problems:
        raise CommandError("\n".join(["Published cases of the demo have problems:", *problems]))
    for case in published:
        make_version(case, None, FIRST_VERSION)
    # The fixture has its own day of publication, but the case is public only from now on.
    now = timezone.now()
    Case.objects.published().update(published_at=now, updated_at=now)
    search.catch_up(limit=None)
    return len(published)
