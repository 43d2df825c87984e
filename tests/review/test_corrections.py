"""Corrections of public cases: what waits, what the public reads meanwhile, and how they end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from cases.exchange.bundle.importing.plan import refusals_in
from cases.merging import MergeRefusedError, merge, undo
from cases.models import Actor, Case, Version
from cases.review.checks import NotPublishableError, problems_among
from cases.review.corrections import joined, settle
from cases.review.redacting import redact
from cases.review.redaction_finder import preview
from cases.review.redaction_plan import RedactionOrder
from cases.review.restoring import restore
from cases.review.second_person import record_edit
from cases.review.steps import discard, publish, reinstate, send_back, submit, withdraw
from cases.review.stored_records import findings_in_cases
from cases.versions.current import current_records
from cases.versions.making import cases_ahead, cases_mentioning, make_versions
from tests.exchange.test_bundle import bring_in as bring_in_bundle
from tests.support.bundles import bundle_of, export
from tests.support.factories import (
    detail,
    make_actor,
    make_case,
    make_claim,
    make_involvement,
    make_source,
    support,
)
from tests.support.reading import words
from tests.support.records import case_record
from tests.support.undone_imports import bring_in, take_back

from .test_restoring import CHANGES, make_rich_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("versions_made_by_hand")]

NOTE = "The title named the wrong town."


@pytest.fixture
def case() -> Case:
    return make_case(published=True, title="Warning of an attack in Kerman")


@pytest.fixture
def editor(db: None) -> User:
    return User.objects.create_user("editor")


@pytest.fixture
def reviewer(db: None) -> User:
    return User.objects.create_user("reviewer")


def retitle(case: Case, editor: User | None, title: str, note: str = NOTE) -> Case:
    """Let an editor change the title of a case, as a form or an import does."""
    Case.objects.filter(pk=case.pk).update(title=title)
    record_edit(case, editor)
    settle([case.pk], editor, note)
    case.refresh_from_db()
    return case


def public_title(case: Case) -> str:
    return current_records([case.pk])[case.pk].title


def numbers(case: Case) -> list[int]:
    return [version.number for version in case.versions.order_by("number")]


def test_change_of_a_public_case_waits_for_a_second_person(
    case: Case, editor: User, reviewer: User, client: Client
) -> None:
    retitle(case, editor, "Warning of an attack in Moscow")
    assert (case.status, case.correction, case.stage) == ("published", "draft", "draft")
    assert case.stage_words == "Published, correction in draft"
    page = client.get(case.get_absolute_url())
    assert "in Kerman" in words(page)
    assert "in Moscow" not in words(page)

    submit(case, editor)
    assert case.stage_words == "Published, correction in review"
    with pytest.raises(ValidationError, match="You made the last change"):
        publish(case, editor)
    publish(case, reviewer)
    case.refresh_from_db()
    assert (case.status, case.correction, case.correction_note) == ("published", "", "")
    version = case.versions.get(number=2)
    assert (version.change_note, version.editor) == (NOTE, reviewer)
    assert "in Moscow" in words(client.get(case.get_absolute_url()))
    assert NOTE in words(client.get(f"{case.get_absolute_url()}history/"))
    assert case.published_by is None, "who published it first stays"
    assert [step.words for step in case.review_steps.all()][:2] == [
        "published",
        "submitted for review",
    ]


def test_correction_that_is_taken_back_by_hand_ends(case: Case, editor: User) -> None:
    before = case.title
    retitle(case, editor, "Another")
    retitle(case, editor, before)
    assert (case.correction, case.correction_note) == ("", "")
    assert numbers(case) == [1]


def test_correction_changed_further_keeps_all_notes_and_its_place_in_review(
    case: Case, editor: User
) -> None:
    retitle(case, editor, "Another")
    submit(case, editor)
    retitle(case, editor, "A third", "The day was wrong, too.")
    assert case.correction == "in_review"
    assert case.correction_note == f"{NOTE} The day was wrong, too."


def test_correction_without_a_note_is_not_submitted_nor_published(
    case: Case, editor: User, reviewer: User
) -> None:
    retitle(case, editor, "Another", "")
    with pytest.raises(ValidationError, match="has no reason yet"):
        submit(case, editor)
    with pytest.raises(ValidationError, match="has no reason yet"):
        publish(case, reviewer)
    assert numbers(case) == [1]


def test_half_finished_correction_is_kept_and_not_published(
    case: Case, editor: User, reviewer: User
) -> None:
    case.claims.filter(field="kind").delete()
    record_edit(case, editor)
    settle([case.pk], editor, NOTE)
    case.refresh_from_db()
    assert case.correction == "draft"
    with pytest.raises(NotPublishableError):
        publish(case, reviewer)
    case.refresh_from_db()
    assert case.correction == "draft"
    assert list(problems_among(Case.objects.published())) == [], "checked when it is published"
    found = [finding for finding in findings_in_cases(Case.objects.all()) if not finding.is_weak]
    assert found
    assert not any(finding.is_public for finding in found)


def test_correction_is_sent_back_with_a_reason(case: Case, editor: User, reviewer: User) -> None:
    retitle(case, editor, "Another")
    submit(case, editor)
    send_back(case, reviewer, "Which town?")
    case.refresh_from_db()
    assert (case.status, case.correction) == ("published", "draft")
    assert case.review_steps.all()[0].sent_back


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_discarding_takes_back_any_correction(
    change: Callable[[Case], object], editor: User
) -> None:
    case = make_rich_case()
    change(case)
    Case.objects.filter(pk=case.pk).update(slug="another-address")
    settle([case.pk], editor, NOTE)
    case.refresh_from_db()
    assert case.correction == "draft"
    discard(case, editor, "It was right.")
    case.refresh_from_db()
    latest = case.versions.latest("number")
    assert latest.number == 2
    assert case_record(detail(case)) == latest.record
    assert (case.correction, case.correction_note) == ("", "")
    assert case.review_steps.all()[0].words == "discarded"


def test_discarding_asks_for_a_reason_and_for_a_correction(case: Case, editor: User) -> None:
    with pytest.raises(ValidationError, match="has no correction"):
        discard(case, editor, "For nothing.")
    retitle(case, editor, "Another")
    with pytest.raises(ValidationError, match="Say why"):
        discard(case, editor, "  ")
    assert Case.objects.get(pk=case.pk).title == "Another"


@pytest.mark.usefixtures("team_of_one")
def test_team_of_one_publishes_at_once_with_what_waited(
    case: Case, editor: User, settings: Any
) -> None:
    settings.REVIEW_BY_SECOND_PERSON = True
    retitle(case, editor, "Another")
    settings.REVIEW_BY_SECOND_PERSON = False
    retitle(case, editor, "A third", "Clearer.")
    assert (case.correction, numbers(case)) == ("", [1, 2])
    assert case.versions.get(number=2).change_note == f"{NOTE} Clearer."
    assert public_title(case) == "A third"


def test_command_publishes_at_once_but_not_what_waits(case: Case, editor: User) -> None:
    retitle(case, None, "By a command")
    assert (case.correction, numbers(case)) == ("", [1, 2])
    retitle(case, editor, "By an editor")
    retitle(case, None, "By a command again")
    assert (case.correction, numbers(case)) == ("draft", [1, 2])


def test_only_a_case_that_was_published_can_have_a_correction(case: Case) -> None:
    draft = make_case()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=draft.pk).update(correction="draft")
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(correction="published")


# What cases share


def test_renamed_actor_is_public_at_once_and_the_correction_waits(
    case: Case, editor: User, reviewer: User
) -> None:
    role = case.involvements.get()
    make_claim(case, role.path, gist="That it had this role.")
    case.warnings.get().recipients.add(make_actor(slug="aa", name="First"))
    settle([case.pk], None, "Completed.")
    retitle(case, editor, "Another")
    actor, path = role.actor, role.path
    actor.name, actor.slug = "Renamed", "renamed"
    actor.save()
    make_versions(cases_mentioning(actor), editor, "Its name changed.")
    record = current_records([case.pk])[case.pk]
    assert record.title != "Another"
    (public,) = record.involvements
    assert (public.actor.name, public.actor.slug) == ("Renamed", "renamed")
    about = {claim.about for claim in record.claims}
    assert public.path in about
    assert path not in about
    case.refresh_from_db()
    assert case.correction == "draft"
    publish(case, reviewer)
    assert case.versions.latest("number").record == case_record(detail(case))
    assert numbers(case) == [1, 2, 3, 4]


def test_renaming_leaves_no_difference_but_the_name(case: Case, editor: User) -> None:
    for slug in ("zz", "mm"):
        case.warnings.get().recipients.add(make_actor(slug=slug))
        make_involvement(case, actor=make_actor(slug=f"{slug}-role", kind="armed_group"))
    support(case)
    settle([case.pk], None, "Completed.")
    title = case.title
    retitle(case, editor, "Another")
    for slug in ("zz", "zz-role"):
        actor = Actor.objects.get(slug=slug)
        actor.slug = f"aa-{slug}"
        actor.save()
        make_versions(cases_mentioning(actor), editor, "Renamed.")
    retitle(case, editor, title)
    assert (case.correction, cases_ahead([case.pk])) == ("", set())


def test_actor_that_a_correction_removed_is_renamed_in_what_the_public_reads(
    case: Case, editor: User
) -> None:
    role = case.involvements.get()
    actor = role.actor
    case.claims.filter(involvement=role).delete()
    role.delete()
    settle([case.pk], editor, NOTE)
    actor.name = "Renamed"
    actor.save()
    assert list(cases_mentioning(actor)) == [case]
    make_versions(cases_mentioning(actor), editor, "Its name changed.")
    assert current_records([case.pk])[case.pk].involvements[0].actor.name == "Renamed"


def test_actors_and_sources_of_a_correction_are_not_merged(case: Case, editor: User) -> None:
    merged, kept = case.involvements.get().actor, make_actor(kind="armed_group")
    made = merge(kept, merged, editor, "One group.")
    case.refresh_from_db()
    assert (case.correction, numbers(case)) == ("", [1, 2]), "what cases share is public at once"
    retitle(case, editor, "Another")
    with pytest.raises(MergeRefusedError, match="has a correction that is not published"):
        undo(made, editor, "Two groups.")
    with pytest.raises(MergeRefusedError, match="has a correction that is not published"):
        merge(make_source(), case.claims.all()[0].source, editor, "One source.")


# Everything else that changes public cases


def test_restored_version_waits(case: Case, editor: User, reviewer: User) -> None:
    first = case.title
    retitle(case, None, "Another")
    settled = restore(case, case.versions.get(number=1), editor, "It was right.")
    assert settled.version is None
    case.refresh_from_db()
    assert (case.title, case.correction) == (first, "draft")
    assert case.correction_note == "Version 1 restored: It was right."
    publish(case, reviewer)
    assert case.versions.get(number=3).record == case.versions.get(number=1).record


def test_merged_case_waits_and_is_not_discarded_but_undone(editor: User, reviewer: User) -> None:
    kept, merged = make_case(published=True), make_case(published=True)
    claims = kept.claims.count()
    made = merge(kept, merged, editor, "One occasion.")
    kept.refresh_from_db()
    assert kept.correction == "draft"
    assert "One occasion." in kept.correction_note
    assert len(current_records([kept.pk])[kept.pk].claims) == claims
    with pytest.raises(ValidationError, match="Undo the merge"):
        discard(kept, editor, "No.")
    undo(made, editor, "Two occasions.")
    for one, made_now in ((kept, [1]), (merged, [1, 2])):
        one.refresh_from_db()
        assert (one.status, one.correction, numbers(one)) == ("published", "", made_now)

    merge(kept, merged, editor, "One occasion after all.")
    publish(kept, reviewer)
    assert len(current_records([kept.pk])[kept.pk].claims) == kept.claims.count() > claims


def test_undone_merge_leaves_the_sentence_of_a_correction_as_it_was(editor: User) -> None:
    kept, merged = make_case(published=True), make_case(published=True)
    old = public_title(kept), public_title(merged)
    retitle(kept, editor, "Never public", "The first sentence.")
    retitle(merged, editor, "Nor was this")
    kept.refresh_from_db()
    made = merge(kept, merged, editor, "One occasion.")
    kept.refresh_from_db()
    assert kept.correction_note == (
        f"The first sentence. {merged.number} {old[1]} was merged into {kept.number} {old[0]}: "
        "One occasion."
    )
    undo(made, editor, "Two occasions.")
    kept.refresh_from_db()
    assert (kept.correction, kept.correction_note) == ("draft", "The first sentence.")
    note = merged.versions.latest("number").change_note
    assert note == (
        f"Reinstated: The merge of {merged.number} {old[1]} into {kept.number} {old[0]} was "
        "undone: Two occasions."
    )


def test_merge_of_a_draft_tells_the_public_nothing_that_names_it(editor: User) -> None:
    kept, draft = make_case(published=True), make_case(complete=True, title="A draft")
    merge(kept, draft, editor, "One occasion.")
    kept.refresh_from_db()
    assert kept.correction_note == f"A draft was merged into {kept}: One occasion."


def test_correction_of_a_merged_case_goes_with_it_and_comes_back(editor: User) -> None:
    kept, merged = make_case(published=True), make_case(published=True)
    retitle(merged, editor, "Another")
    made = merge(kept, merged, editor, "One occasion.")
    merged.refresh_from_db()
    assert (merged.status, merged.correction) == ("withdrawn", "")
    undo(made, editor, "Two occasions.")
    merged.refresh_from_db()
    assert (merged.status, merged.correction, merged.title) == ("published", "draft", "Another")
    assert NOTE in merged.correction_note


def test_correction_outlives_a_withdrawal_and_is_not_published_by_its_end(
    case: Case, editor: User, reviewer: User
) -> None:
    title = case.title
    retitle(case, editor, "Another")
    withdraw(case, reviewer, "Under enquiry.")
    assert (case.stage, case.correction) == ("withdrawn", "draft")
    with pytest.raises(ValidationError, match="cannot be published"):
        publish(case, reviewer)
    reinstate(case, reviewer, "The enquiry is over.")
    assert public_title(case) == title
    case.refresh_from_db()
    assert case.stage_words == "Published, correction in draft"
    publish(case, reviewer)
    assert public_title(case) == "Another"


def test_edits_of_a_withdrawn_case_are_a_correction_that_its_reinstatement_does_not_publish(
    case: Case, editor: User, reviewer: User
) -> None:
    title = case.title
    withdraw(case, reviewer, "Under enquiry.")
    retitle(case, editor, "Another")
    case.refresh_from_db()
    assert (case.correction, case.correction_note) == ("draft", NOTE)
    assert case.stage_words == "Withdrawn, correction in draft"
    for step in (submit, publish):
        with pytest.raises(ValidationError):
            step(case, reviewer)
    reinstate(case, reviewer, "The enquiry is over.")
    assert public_title(case) == title
    case.refresh_from_db()
    assert (case.stage_words, case.title) == ("Published, correction in draft", "Another")
    publish(case, reviewer)
    assert public_title(case) == "Another"


def test_case_that_was_not_edited_is_reinstated_without_a_correction(
    case: Case, reviewer: User
) -> None:
    make_claim(case, case.involvements.get().path, gist="That it had this role.")
    settle([case.pk], None, "Completed.")
    withdraw(case, reviewer, "Under enquiry.")
    actor = case.involvements.get().actor
    actor.name, actor.slug = "Renamed", "renamed"
    actor.save()
    assert cases_ahead([case.pk]) == set()
    reinstate(case, reviewer, "The enquiry is over.")
    case.refresh_from_db()
    assert case.correction == ""
    assert current_records([case.pk])[case.pk].involvements[0].actor.name == "Renamed"


def test_what_a_command_changed_in_a_withdrawn_case_is_a_correction_too(
    case: Case, reviewer: User
) -> None:
    title = case.title
    withdraw(case, reviewer, "Under enquiry.")
    Case.objects.filter(pk=case.pk).update(title="By hand in the database")
    reinstate(case, reviewer, "The enquiry is over.")
    assert public_title(case) == title
    case.refresh_from_db()
    assert case.correction == "draft"


def test_correction_of_a_withdrawn_case_is_discarded(
    case: Case, editor: User, reviewer: User
) -> None:
    title = case.title
    retitle(case, editor, "Another")
    withdraw(case, reviewer, "Under enquiry.")
    discard(case, editor, "It was right.")
    case.refresh_from_db()
    assert (case.status, case.correction, case.title) == ("withdrawn", "", title)
    assert cases_ahead([case.pk]) == set()


def test_half_finished_correction_does_not_keep_a_case_from_being_reinstated(
    case: Case, editor: User, reviewer: User
) -> None:
    withdraw(case, reviewer, "Under enquiry.")
    case.claims.all().delete()
    settle([case.pk], editor, NOTE)
    reinstate(case, reviewer, "The enquiry is over.")
    assert current_records([case.pk])[case.pk].claims


@pytest.mark.usefixtures("team_of_one")
def test_team_of_one_publishes_what_it_edited_while_a_case_was_withdrawn(
    case: Case, editor: User
) -> None:
    withdraw(case, editor, "Under enquiry.")
    retitle(case, editor, "Another")
    assert case.correction == ""
    reinstate(case, editor, "The enquiry is over.")
    assert public_title(case) == "Another"


def test_import_into_a_withdrawn_case_is_a_correction(
    case: Case, editor: User, reviewer: User
) -> None:
    withdraw(case, reviewer, "Under enquiry.")
    made = bring_in(editor, cases=[{"slug": case.slug, "title": "By import"}])
    case.refresh_from_db()
    assert (case.status, case.correction) == ("withdrawn", "draft")
    plan = take_back(made, editor)
    assert not plan.is_refused, refusals_in(plan.rows)
    case.refresh_from_db()
    assert (case.status, case.correction) == ("withdrawn", "")


def test_redaction_strikes_what_waits_and_what_is_public_and_publishes_no_correction(
    editor: User, reviewer: User
) -> None:
    case = make_case(published=True, title="The tip of Ada Quill")
    retitle(case, editor, "The second tip of Ada Quill", "Ada Quill tipped twice.")
    order = RedactionOrder(("Ada Quill",), "[redacted]", "She is threatened.")
    redact(case, reviewer, order, preview(case, order).digest())
    case.refresh_from_db()
    assert case.title == "The second tip of [redacted]"
    assert case.correction_note == "[redacted] tipped twice."
    assert case.correction == "draft"
    assert [version.record["title"] for version in case.versions.order_by("number")] == [
        "The tip of [redacted]",
        "The tip of [redacted]",
    ]


# Imports and bundles


def test_correction_by_import_waits_as_one_on_the_form(case: Case, editor: User) -> None:
    made = bring_in(editor, cases=[{"slug": case.slug, "title": "By import"}])
    assert made.versions == [f"{case.number} correction"]
    case.refresh_from_db()
    assert (case.title, case.correction, case.updated_by) == ("By import", "draft", editor)
    assert case.correction_note
    assert numbers(case) == [1]


def test_import_of_a_half_finished_correction_is_kept(case: Case, editor: User) -> None:
    bring_in(
        editor, warnings=[{"case": case.slug, "sequence": "1", "issuer_action": "advice_only"}]
    )
    case.refresh_from_db()
    assert case.correction == "draft"


def test_undone_import_leaves_the_sentence_of_a_correction_as_it_was(
    case: Case, editor: User
) -> None:
    retitle(case, editor, "By hand", "The first sentence.")
    made = bring_in(editor, cases=[{"slug": case.slug, "title": "By import"}])
    case.refresh_from_db()
    assert case.correction_note == f"The first sentence. {made.note}"
    take_back(made, editor)
    case.refresh_from_db()
    assert (case.title, case.correction_note) == ("By hand", "The first sentence.")


def test_undone_import_that_was_published_says_so(case: Case, editor: User, reviewer: User) -> None:
    made = bring_in(editor, cases=[{"slug": case.slug, "title": "By import"}])
    case.refresh_from_db()
    publish(case, reviewer)
    made.applied_at = timezone.now()  # or the publication stands in the way
    made.save()
    take_back(made, editor)
    case.refresh_from_db()
    assert (case.correction, case.correction_note) == ("draft", "All wrong")


def test_note_of_an_undone_step_is_removed_as_a_whole_sentence() -> None:
    assert joined("A. B. C.", "Undone.", undone="B.") == "A. C."
    assert joined("A. B. C.", "Undone.", undone="C.") == "A. B."
    assert joined("B.", "Undone.", undone="B.") == ""
    assert joined("A. B.C.", "Undone.", undone="B.") == "A. B.C. Undone."


def test_import_of_what_cases_share_is_public_at_once_and_the_correction_waits(
    case: Case, editor: User
) -> None:
    retitle(case, editor, "Another")
    actor = case.involvements.get().actor
    bring_in(editor, actors=[{"slug": actor.slug, "name": "By import"}])
    record = current_records([case.pk])[case.pk]
    assert record.involvements[0].actor.name == "By import"
    assert record.title != "Another"
    case.refresh_from_db()
    assert case.correction == "draft"


def make_corrected() -> None:
    case = make_case(published=True, title="What the public reads", slug="corrected")
    Case.objects.filter(pk=case.pk).update(title="What waits")
    settle([case.pk], User.objects.create_user("elsewhere"), NOTE)


@pytest.mark.parametrize("by_superuser", [False, True])
def test_bundle_brings_a_correction_back_as_a_correction(by_superuser: bool) -> None:
    data = bundle_of(make_corrected)
    user = User.objects.create_superuser("root") if by_superuser else None
    plan = bring_in_bundle(data, user=user)
    assert not plan.is_refused
    case = Case.objects.get(slug="corrected")
    assert (case.title, case.correction, numbers(case)) == ("What waits", "draft", [1])
    assert public_title(case) == "What the public reads"
    assert export() == data


def test_versions_stay_as_they_were(case: Case, editor: User, reviewer: User) -> None:
    first = Version.objects.get(case=case, number=1).digest
    retitle(case, editor, "Another")
    publish(case, reviewer)
    assert Version.objects.get(case=case, number=1).digest == first
