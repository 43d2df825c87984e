"""Whatever editors do one after the other: public cases keep the rules, and versions stay true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from cases.merging import MergeRefusedError, merge, undo
from cases.models import Actor, Case, Merge, Version
from cases.models.vocabulary import CaseStatus
from cases.record.building import record_of
from cases.record.stored import digest, read_record
from cases.review.checks import NotPublishableError, problems_of, require_publishable
from cases.review.restoring import CASE_FIELDS, restore
from cases.review.steps import withdraw
from cases.versions.differences import Entries, entries
from cases.versions.making import cases_mentioning, make_version, make_versions
from tests.support.factories import (
    detail,
    make_actor,
    make_assessment,
    make_case,
    make_claim,
    make_incident,
    make_involvement,
    make_note,
    make_source,
    make_warning,
    support,
)
from tests.support.properties import tried
from tests.support.records import Json, case_record

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.usefixtures("versions_made_by_hand"),
]

REFUSED = (ValidationError, NotPublishableError, MergeRefusedError)


def lengthen(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(title=f"{case.title} again"[-200:], summary="Other.")


def redate(case: Case) -> None:
    for warning in case.warnings.all()[:1]:
        warning.date_edtf = f"2024-03-0{case.versions.count() % 9 + 1}"
        warning.date_basis = "stated"
        warning.save()


def answer(case: Case) -> None:
    case.warnings.filter(reception="dismissed").update(reception="accepted")


def forget_a_claim(case: Case) -> None:
    for claim in case.claims.order_by("-sequence")[:1]:
        claim.delete()


def forget_an_incident(case: Case) -> None:
    for incident in case.incidents.order_by("-sequence")[:1]:
        case.claims.filter(incident=incident).delete()
        incident.delete()


EDITS: list[Callable[[Case], object]] = [
    lengthen,
    redate,
    answer,
    forget_a_claim,
    forget_an_incident,
    lambda case: case.incidents.update(deaths=150, deaths_qualifier="at_least"),
    lambda case: make_claim(case, "kind", speaker=make_actor()),
    lambda case: make_claim(case, "kind", stance="disputes"),
    lambda case: make_incident(case, date="2024-04", deaths=1, qualifier="exact"),
    lambda case: make_warning(case, date="2024"),
    lambda case: make_involvement(case),
    lambda case: make_assessment(case),
    lambda case: make_note(case, field="warning-1.date"),
    lambda case: case.notes.all().delete(),
    lambda case: Case.objects.filter(pk=case.pk).update(kind="policy_origin"),  # never may
]


def own(record: Json) -> Json:
    """Return what a record tells of its case alone: actors, sources and exceptions are today's."""
    claims = [{name: claim[name] for name in CLAIMED} for claim in record["claims"]]
    notes = [{name: note[name] for name in NOTED} for note in record["notes"]]
    roles = sorted((part["role"], part["note"]) for part in record["involvements"])
    statuses = sorted((part["status"], part["note"]) for part in record["assessments"])
    parts = [
        {name: value for name, value in part.items() if name not in SHARED}
        for part in (*record["warnings"], *record["incidents"])
    ]
    case = {name: record[name] for name in CASE_FIELDS}
    return case | {"all": [claims, notes, roles, statuses, parts]}


CLAIMED = ("sequence", "date", "stance", "modality", "locator", "quote", "gist")
NOTED = ("slug", "about", "kind", "locator", "source_says", "evidence_says", "evidence_locator")
SHARED = ("issuer", "recipients", "country")


NOTE = 12
"""The edit that adds a note."""


@dataclass
class World:
    """Two public cases that share an actor and a source, and the words that they had."""

    cases: list[Case] = field(default_factory=list)
    words: dict[tuple[int, int], tuple[str, Entries]] = field(default_factory=dict)
    """By the key of a case and the number of a version: its digest, and what the public read."""

    def __post_init__(self) -> None:
        actor, source = make_actor(kind="armed_group"), make_source()
        for _ in range(2):
            case = make_case(complete=True)
            make_warning(case, issuer=actor)
            make_claim(case, "kind", source=source, speaker=actor)
            support(case, source=source)
            Case.objects.filter(pk=case.pk).update(status="published", published_at=case.created_at)
            make_version(case, None, "Made.")
            self.cases.append(case)
        self.look()

    def edit(self, which: int, how: int) -> None:
        """Change a case as its form does: checked as a whole, or not at all."""
        case = self._case(which)
        for edit in (how, how // len(EDITS)):
            EDITS[edit % len(EDITS)](case)
        support(case)
        if case.is_public:
            require_publishable(case)
            make_version(case, None, "Edited.")

    def careless_edit(self, which: int, how: int) -> None:
        """Change a case without giving evidence, which is mostly refused."""
        case = self._case(which)
        EDITS[how % len(EDITS)](case)
        if case.is_public:
            require_publishable(case)
            make_version(case, None, "Edited.")

    def rename(self, which: int, how: int) -> None:
        """Change an actor, and each case that shows it."""
        actors = list(Actor.objects.order_by("pk"))
        actor = actors[which % len(actors)]
        if how % 2:
            actor.slug = f"{actor.slug}-{how}"[:100]
        actor.name = f"Name {how}"
        actor.save()
        make_versions(cases_mentioning(actor), None, "Renamed.")

    def restore(self, which: int, how: int) -> None:
        case = self._case(which)
        versions = list(case.versions.order_by("number"))
        version = versions[how % len(versions)]
        restore(case, version, None, "Back.")
        assert own(case_record(detail(case))) == own(version.record)

    def withdraw(self, which: int, how: int) -> None:
        withdraw(self._case(which), None, "Wrong.")

    def merge_cases(self, which: int, how: int) -> None:
        merge(self._case(which), self._case(how), None, "The same.")

    def merge_actors(self, which: int, how: int) -> None:
        actors = list(Actor.objects.order_by("pk"))
        merge(actors[which % len(actors)], actors[how % len(actors)], None, "The same.")

    def undo(self, which: int, how: int) -> None:
        for made in Merge.objects.filter(undone_at=None).order_by("-pk")[:1]:
            undo(made, None, "Not the same.")

    def _case(self, which: int) -> Case:
        case: Case = Case.objects.get(pk=self.cases[which % len(self.cases)].pk)
        return case

    def look(self) -> None:
        """Read what the public reads now, and hold it against the rules and the versions."""
        for key in [case.pk for case in self.cases]:
            case = Case.objects.for_detail().get(pk=key)
            numbers = list(case.versions.order_by("number").values_list("number", flat=True))
            assert numbers == list(range(1, len(numbers) + 1))
            if case.is_public:
                newest = Version.objects.get(case=case, number=numbers[-1])
                assert problems_of(case) == []
                assert newest.record == case_record(case)
                self.words.setdefault((key, numbers[-1]), (newest.digest, entries(record_of(case))))
            else:
                assert case.status == CaseStatus.WITHDRAWN
                assert case.withdrawn_reason

    def look_back(self, client: Client) -> None:
        """Hold each version there was against the words that the public read then."""
        for (key, number), (was, words) in self.words.items():
            version = Version.objects.select_related("case").get(case=key, number=number)
            assert version.digest == was == digest(version.record)
            assert entries(read_record(version.record)) == words
        for case in self.cases:
            self._ask(client, detail(case))

    def _ask(self, client: Client, case: Case) -> None:
        """Ask for the pages of a case as a reader does."""
        numbered = client.get(f"/id/{case.number}/", follow=True)
        first = client.get(f"/cases/{case.slug}/v/1/", follow=True)
        history = client.get(f"/cases/{case.slug}/history/", follow=True)
        if case.is_public:
            title = Version.objects.get(case=case, number=1).record["title"]
            assert case.title in numbered.text
            assert title in first.text
            assert history.status_code == 200
        elif case.merged_into is None:
            assert {numbered.status_code, first.status_code, history.status_code} == {410}
            assert case.withdrawn_reason in first.text
        else:
            assert first.redirect_chain
            assert numbered.status_code in (200, 410)


OPERATIONS = [
    *[World.edit] * 4,
    World.careless_edit,
    World.rename,
    *[World.restore] * 4,
    World.withdraw,
    World.merge_cases,
    World.merge_actors,
    World.undo,
]


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@tried(6)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 40), st.integers(0, 224)),
        min_size=3,
        max_size=10,
    )
)
@example(steps=[(World.edit, 0, number) for number in range(4)])
@example(steps=[(World.edit, 0, NOTE), (World.restore, 0, 0), (World.restore, 0, 1)])
@example(
    steps=[
        (World.edit, 1, NOTE),
        (World.merge_cases, 0, 1),
        (World.rename, 0, 1),
        (World.restore, 0, 0),
        (World.undo, 0, 0),
        (World.restore, 1, 0),
        (World.withdraw, 1, 0),
    ]
)
def test_any_sequence_of_changes_keeps_the_rules_and_every_version(
    client: Client, steps: list[tuple[Callable[[World, int, int], None], int, int]]
) -> None:
    with taken_back():
        world = World()
        for operation, which, how in steps:
            try:
                with transaction.atomic():
                    operation(world, which, how)
            except REFUSED:
                pass  # with a sentence, and nothing changed: what follows says so
            world.look()
        world.look_back(client)
