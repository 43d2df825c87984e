"""Corrections: changes of public cases that a second person publishes.

While a case has a correction, its rows are ahead of its latest version, and the public goes on
reading the version. The correction is a draft or in review, like a case before it is published; see
`transitions.py` for its steps. It ends when it is published or discarded, and when its rows come to
say the same as the version again. That of a withdrawn case waits until the case is reinstated,
which makes the version public again and not the correction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from cases.changelog.locks import acquire_write_lock
from cases.models import Case, Version
from cases.models.vocabulary import CaseStatus
from cases.versions.making import cases_ahead, make_versions

# The columns of a case without a correction.
NO_CORRECTION = {"correction": "", "correction_note": ""}


@dataclass(frozen=True)
class Settled:
    """What became of changes of public cases: versions, or corrections that wait."""

    versions: list[Version]
    waiting: list[Case]

    @property
    def version(self) -> Version | None:
        """The version, of a change of one case."""
        return next(iter(self.versions), None)


def waits(case: Case, editor: User | None) -> bool:
    """Whether a change that `editor` makes of a case waits as a correction.

    The case is public, or withdrawn and can be reinstated.
    """
    # Commands have no editor. What they change beside a correction waits with it.
    is_by_command = editor is None and case.is_public and not case.is_corrected
    return settings.REVIEW_BY_SECOND_PERSON and not is_by_command


def is_correctable(case: Case) -> bool:
    """Whether a change of a case makes a version or a correction.

    In a team of one, what was edited while a case was withdrawn is public when it is reinstated.
    """
    if case.is_public:
        return True
    withdrawn = settings.REVIEW_BY_SECOND_PERSON and case.can_be_reinstated
    return withdrawn and case.versions.exists()


@transaction.atomic
def settle(keys: Iterable[int], editor: User | None, note: str, undone: str = "") -> Settled:
    """Make versions of public cases whose rows were changed, or keep the changes as corrections.

    `note` says what changed and why. Of an undone step, `undone` is the note with which it was
    made; see `joined()`. Changes of a withdrawn case are kept, or public once it is reinstated.
    Drafts are left alone.
    """
    acquire_write_lock()
    cases = list(Case.objects.correctable().filter(pk__in=set(keys)).order_by("pk"))
    waiting = [case for case in cases if waits(case, editor)]
    at_once: dict[str, list[int]] = defaultdict(list)
    for case in cases:
        if (
            case.is_public and case not in waiting
        ):  # a team of one publishes what waited before, too
            at_once[joined(case.correction_note, note, undone) or note].append(case.pk)
    versions: list[Version] = []
    for each, same in at_once.items():
        public = Case.objects.filter(pk__in=same)
        public.exclude(**NO_CORRECTION).update(**NO_CORRECTION)
        versions += make_versions(public, editor, each)
    return Settled(versions, keep(waiting, note, undone))


def keep(cases: Sequence[Case], note: str, undone: str = "") -> list[Case]:
    """Keep the changes of cases as corrections; return the cases that have one now."""
    ahead = cases_ahead([case.pk for case in cases])
    for case in cases:
        before = case.correction, case.correction_note
        if case.pk in ahead:
            case.correction = case.correction or CaseStatus.DRAFT
            case.correction_note = joined(case.correction_note, note, undone)
        else:
            case.correction, case.correction_note = "", ""
        if (case.correction, case.correction_note) != before:
            case.save(update_fields=["correction", "correction_note"])
    return [case for case in cases if case.correction]


def joined(before: str, note: str, undone: str = "") -> str:
    """Return the note of a correction that is changed further.

    If a step is undone that readers never saw, its note `undone` is removed, and none is added.
    """
    without = f" {before} ".replace(f" {undone.strip()} ", " ", 1).strip() if undone else before
    if without != before:
        return without
    note = note.strip()
    if note in before or before in note:
        return max(before, note, key=len)
    return f"{before} {note}"
